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
      if let pause, pause.until > clock, !isResumed, !isEarlyProbe(call) {
        throw Problem(
          .duringPause,
          "TeamViewer asked for none until \(pause.until): \(call.operation), a \(call.purpose), at \(clock)")
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

  /// True for the question that is allowed once in a quarter of an hour of a longer pause, while somebody is to be made
  /// inactive.
  private func isEarlyProbe(_ call: Call) -> Bool {
    let asked = max(pausedAt, probedAt)
    return call.purpose == .probe && clock - asked >= settings.pauseCeiling - .seconds(1)
      && people.values.contains { $0.isPending && $0.desired?.active == false }
  }

  /// No write to an account that another person holds who is present.
  private func checkHolder(of call: Call, _ alias: String) throws {
    guard call.purpose == .change, let id = call.request.path.split(separator: "/").last else { return }
    let other = people.values.first { other in
      guard let believed = other.account.believed?.id, believed == id else { return false }
      return other.alias != alias && other.isActiveInSource
    }
    if let other {
      throw Problem(.othersAccount, "\(call.operation) for \(alias) changes the account of \(other.alias)")
    }
  }

  /// A leaver is recorded as verified only while no active account has the address, but one of somebody who is present or
  /// about to be.
  func checkLeaver(_ event: Event) throws {
    guard case .accountVerified = event.payload, let alias = event.subject, let desired = people[alias]?.desired,
      !desired.active, let user = target.model.user(email: desired.userName), user.active, !edited.contains(user.id)
    else { return }
    let isWanted = people.values.contains { other in
      guard other.alias != alias else { return false }
      // Its own holder's leaving is a delivery of its own.
      if other.account.believed?.id == user.id { return true }
      return other.isActiveInSource
        && other.desired.map { Address.folded($0.userName) } == Address.folded(user.email)
    }
    if !isWanted { throw Problem(.unverifiedLeaver, "\(alias) is verified, and \(user.id) is active") }
  }

  /// True for a call that waited for the log when the newest decision came: it leaves, and the next carries that one.
  private func isOvertaken(_ call: Call, _ alias: String) -> Bool {
    guard let told = toldOf[alias], let given = given[call.id] else { return false }
    return given <= told
  }

  private func isUnheard(stream: Stream) -> Bool { unheard.contains { $0.stream == stream } }
  private func isUnheard(subject: String) -> Bool { unheard.contains { $0.subject == subject } }

  /// No write for what TeamViewer has already, and none that carries an older decision than one before it.
  mutating func checkUse(of call: Call) throws {
    guard call.purpose.isWrite, let alias = call.person, let person = people[alias] else { return }
    guard let started = person.account.unanswered else {
      throw Problem(.unlogged, "\(call.operation) for \(alias)")
    }
    if started.decision != person.decisionPosition, !isUnheard(subject: alias), !isOvertaken(call, alias) {
      throw Problem(.olderDecision, "\(call.operation) for \(alias)")
    }
    try watch.carries(started.decision, for: alias)
    try checkHolder(of: call, alias)
    if call.purpose == .create {
      let address = call.request.body?["userName"]?.string ?? ""
      // What lists leave out, or show in no readable form, nobody can know before the create is refused.
      let hidesInactive = target.model.settings.hidesInactive
      let unreadable = machine.map { Set($0.passedOver.compactMap(\.id)) } ?? []
      if let user = target.model.user(email: address), !edited.contains(user.id), user.active || !hidesInactive,
        !unreadable.contains(user.id)
      {
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
