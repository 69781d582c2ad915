import Base
import DeliveryMachine
import JSON
import Provisioning
import SCIM
import TeamViewerModel

/// TeamViewer's side: what it does besides the faults of its plan.
extension World {
  /// Carries a call out, and says what the worker sees of it after how many milliseconds.
  mutating func exchange(_ call: Call) -> (Exchange, Int64) {
    var (exchange, latency) = lies(to: call) ? lie(call) : target.exchange(call.request, token: "t", now: now)
    // An answer that is not out when the process dies never comes.
    for outage in target.plan.outages where outage.start > now && outage.start < now + .milliseconds(latency) {
      exchange = .failed(.reset)
      latency = (outage.start - now).milliseconds
    }
    return (exchange, latency)
  }

  /// True when TeamViewer will say that it has disabled an account, and will not have.
  private mutating func lies(to call: Call) -> Bool {
    guard !isCalm, call.purpose == .change, life.lies.contains(where: { $0.contains(now) }),
      call.changes["active"]?.bool == false
    else { return false }
    return random.chance(0.7)
  }

  private mutating func lie(_ call: Call) -> (Exchange, Int64) {
    let model = target.model
    defer { target.model = model }
    if let id = call.request.path.split(separator: "/").last { lied.insert(String(id)) }
    return target.exchange(call.request, token: "t", now: now)
  }

  /// A new process of TeamViewer's has what the old one had.
  mutating func restartTeamViewer() throws {
    let before = target.model
    guard target.model.load(before.state), target.model.users == before.users else {
      throw Problem(.model, "TeamViewer starts anew and has lost something")
    }
  }

  /// Owners of changed addresses click the link in the mail that they got.
  mutating func confirmAddresses(probability: Double) {
    for user in target.model.users where user.pendingEmail != nil && random.chance(probability) {
      target.model.confirmEmail(user.id, now: now)
      confirmed[user.id] = now
    }
  }
}

extension Call {
  /// The values that a change carries, by attribute: of a PATCH as of a PUT.
  var changes: [String: JSONValue] {
    guard purpose == .change, let body = request.body else { return [:] }
    var changes: [String: JSONValue] = [:]
    for operation in body["Operations"]?.array ?? [] {
      if let path = operation["path"]?.string { changes[path] = operation["value"] }
    }
    guard request.method == .put else { return changes }
    for name in ["userName", "displayName", "active"] { changes[name] = body[name] }
    return changes
  }
}
