import Base
import DeliveryMachine
import JSON
import Provisioning
import SCIM
import TeamViewerModel

/// What must hold of each call at the moment when it leaves.
extension World {
  /// No call during a pause, a quarantine or planned maintenance, and none for somebody whom an operator holds back.
  func checkTime(of call: Call) throws {
    for pause in [condition.pause, machine?.condition.pause] {
      if let pause, pause.until > clock {
        throw Problem(.duringPause, "TeamViewer asked for none: \(call.operation)")
      }
    }
    // A probe that went well counts before the log has it.
    if machine?.condition.quarantine != nil, call.purpose != .probe {
      throw Problem(.duringPause, "credentials are refused: \(call.operation)")
    }
    if let pause = condition.operatorPause, pause.isInForce(at: clock), !isUnheard(stream: .target) {
      throw Problem(.duringPause, "an operator has paused: \(call.operation)")
    }
    if settings.maintenance.end(at: clock) != nil { throw Problem(.duringPause, "maintenance: \(call.operation)") }
    if let alias = call.person, people[alias]?.isSetAsideByOperator == true, !isUnheard(subject: alias) {
      throw Problem(.heldBack, "\(call.operation) for \(alias)")
    }
  }

  private func isUnheard(stream: Stream) -> Bool { unheard.contains { $0.stream == stream } }
  private func isUnheard(subject: String) -> Bool { unheard.contains { $0.subject == subject } }

  /// No write for what TeamViewer has already, and none that carries an older decision than one before it.
  mutating func checkUse(of call: Call) throws {
    guard call.purpose.isWrite, let alias = call.person, let person = people[alias] else { return }
    guard let started = person.account.unanswered else {
      throw Problem(.unlogged, "\(call.operation) for \(alias)")
    }
    if started.decision != person.decisionPosition, !isUnheard(subject: alias) {
      throw Problem(.olderDecision, "\(call.operation) for \(alias)")
    }
    try watch.carries(started.decision, for: alias)
    if call.purpose == .create {
      let address = call.request.body?["userName"]?.string ?? ""
      if let user = target.model.user(email: address), !edited.contains(user.id) {
        throw Problem(.idleWrite, "a create for \(alias), whose address \(user.id) shows")
      }
    }
    guard call.purpose == .change, let id = call.request.path.split(separator: "/").last.map(String.init),
      let user = target.model.user(id: id), !edited.contains(id), !lied.contains(id)
    else { return }
    let changes = call.changes
    let isIdle = changes.allSatisfy { name, value in
      switch name {
      case "active": value.bool == user.active
      case "displayName": value.string == user.name
      // Whether an address that was asked for before still waits is nothing that TeamViewer shows.
      case "userName":
        value.string == user.email && user.pendingEmail == nil && person.account.requestedUserName == nil
      default: false
      }
    }
    // Nobody tells the worker of a confirmation that came after its last look.
    if let moment = confirmed[id], heardOf[alias].map({ $0 <= moment }) ?? true { return }
    if isIdle { throw Problem(.idleWrite, "\(changes) for \(alias)") }
  }
}
