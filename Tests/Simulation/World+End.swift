import Base
import CoreSupport
import Provisioning
import TeamViewerModel

/// What is to be found of somebody at TeamViewer.
struct Wanted {
  var alias: String
  var address: String
  var name: String
}

/// What must hold at the end of a life.
extension World {
  /// Who is to have an account by the world's own directory.
  func present() -> [Wanted] {
    directory?.people.filter(\.isActive).map { Wanted(alias: "p-\($0.id)", address: $0.address, name: $0.name) } ?? []
  }

  /// Checks that exactly these people have active accounts; those of `kept` are not looked at.
  func checkEnd(_ present: [Wanted], kept: Set<String> = []) throws {
    if let problem = target.model.check().first { throw Problem(.model, problem) }
    guard let machine, machine.isIdle || machine.onlyRetries else {
      throw Problem(.pending, "the worker is not idle at the end: \(machine?.occupation ?? "there is none")")
    }
    for person in people.values.sorted(by: { $0.alias < $1.alias }) {
      if person.account.unanswered != nil { throw Problem(.unknownOutcome, person.alias) }
      if person.isPending, person.account.parked?.reason != .entryConflict, !person.account.isAbandoned,
        !isOccupied(person.desired?.userName ?? "", for: person.account), !isHidden(person.desired?.userName ?? "")
      {
        throw Problem(.pending, "\(person.alias): \(person.account)")
      }
      if let desired = person.desired, !desired.active, !person.account.isVerified, person.account.believed != nil {
        throw Problem(.unverifiedLeaver, person.alias)
      }
    }
    try checkAccounts(present, kept)
    try checkLog()
  }

  /// Directory and TeamViewer agree, nobody has two accounts, and no account has two holders.
  private func checkAccounts(_ present: [Wanted], _ untouched: Set<String>) throws {
    var wanted: [String: Wanted] = [:]
    for person in present { wanted[Address.folded(person.address)] = person }
    for (address, person) in wanted {
      if let account = people[person.alias]?.account, isOccupied(address, for: account) { continue }
      if isHidden(address) || isRepairWithheld { continue }
      guard let user = target.model.user(email: address) else {
        throw Problem(.lostChange, "\(address) has no account; \(story(of: person))")
      }
      guard user.active, user.name == person.name else {
        throw Problem(.lostChange, "\(address) has active \(user.active), name \(user.name); \(story(of: person))")
      }
    }
    // Whoever waits for an occupied address keeps the old one.
    let waiting = people.values.filter { person in
      guard person.isActiveInSource, let desired = person.desired else { return false }
      return isOccupied(desired.userName, for: person.account)
    }
    let others = people.values.filter { untouched.contains($0.alias) }
    let kept = Set((waiting + others).compactMap { $0.account.believed?.id })
    for user in target.model.users
    where user.active && wanted[Address.folded(user.email)] == nil && !kept.contains(user.id) && !isStrangers(user)
      && !isRepairWithheld
    {
      throw Problem(.strayAccount, "\(user.email) (\(user.id)) is active, and nobody in the directory has that address")
    }
    var holders: [String: String] = [:]
    for person in people.values {
      guard let id = person.account.believed?.id else { continue }
      if let other = holders.updateValue(person.alias, forKey: id) {
        throw Problem(.accountTooMany, "\(id) belongs to \(other) and \(person.alias)")
      }
    }
    for user in target.model.users
    where user.id > lastPreloaded && holders[user.id] == nil && !remade.union(left).contains(user.id) {
      throw Problem(.accountTooMany, "\(user.email) (\(user.id)) was created, and belongs to nobody")
    }
  }

  /// True when so much differs that the newest comparison left all of it to an operator.
  private var isRepairWithheld: Bool {
    let newest = log.last { if case .reconcileFinished = $0.payload { true } else { false } }
    return if case .reconcileFinished(let finished)? = newest?.payload { finished.isWithheld } else { false }
  }

  /// True for an address whose account neither a list nor a query shows: once its id is forgotten nobody can find it, and
  /// whoever needs the address is parked as if it were another company's.
  private func isHidden(_ address: String) -> Bool {
    target.model.settings.hidesInactive && target.model.user(email: address)?.active == false
  }

  /// True for an account that was there before, or that an administrator made, with an address that is nobody's any more,
  /// and that was never anybody's: lists that are not whole may have hidden it until then.
  private func isStrangers(_ user: TeamViewerService.Account) -> Bool {
    guard remade.contains(user.id) || user.id <= lastPreloaded && !linkedEver.contains(user.id) else { return false }
    return !people.values.contains {
      $0.account.believed?.id == user.id
        || $0.desired.map { Address.folded($0.userName) } == Address.folded(user.email)
    }
  }

  /// An address that an account shows which is nobody's, or of somebody who is no longer active, is not taken from it:
  /// whoever has an account of their own and needs it is parked until somebody frees it (the article Deliveries), or
  /// waits for a confirmation that the other one's came before. Whoever needs the address of somebody who waits so waits
  /// with them; `depth` bounds how far that is followed.
  private func isOccupied(_ address: String, for account: Account, depth: Int = 8) -> Bool {
    let reasons: [ParkReason?] = [.entryConflict, .addressUnconfirmed]
    guard depth > 0, let user = target.model.user(email: address), user.id != account.believed?.id,
      reasons.contains(account.parked?.reason) || account.isAbandoned || account.requestedUserName != nil
    else { return false }
    let holder = people.values.first {
      $0.isActiveInSource && $0.desired?.active == true && $0.account.believed?.id == user.id
    }
    guard let holder else { return true }
    return isOccupied(holder.desired?.userName ?? "", for: holder.account, depth: depth - 1)
  }

  /// Every event is read back as it was written; all of them in order give the state that the machine has come to.
  private func checkLog() throws {
    var replayed: [String: Person] = [:]
    var target = TargetCondition()
    for (place, event) in log.enumerated() {
      guard let payload = try EventPayload(type: event.payload.type, fields: event.payload.value.fields),
        payload == event.payload
      else { throw Problem(.log, "\(event.payload) is not read as it was written") }
      if let alias = event.subject {
        replayed[alias, default: Person(alias: alias)].evolve(.told(event, at: Int64(place + 1)))
      } else if event.stream == .target {
        target.evolve(.told(event, at: Int64(place + 1)))
      }
    }
    guard let machine else { return }
    guard machine.condition == target else {
      throw Problem(.log, "the machine has \(machine.condition), the log \(target)")
    }
    for person in machine.people where replayed[person.alias] != person {
      throw Problem(.log, "the machine has \(person), the log \(replayed[person.alias].map { "\($0)" } ?? "nobody")")
    }
    if machine.people.count != replayed.count { throw Problem(.log, "the machine lacks somebody") }
  }

  private func story(of person: Wanted) -> String {
    let alias = person.alias
    let events = log.filter { $0.subject == alias }.map { "\($0.payload)" }
    let holders = people.values.filter {
      $0.alias != alias && $0.account.userName.map(Address.folded) == Address.folded(person.address)
    }
    var lines = Array(events.suffix(14))
    if let own = people[alias]?.account { lines.append("stands as \(own)") }
    lines += holders.map { "held by \($0)" }
    for id in ([people[alias]].compactMap(\.self) + holders).compactMap({ $0.account.believed?.id }) {
      lines.append("TeamViewer has " + (target.model.user(id: id).map { "\($0)" } ?? "no account \(id)"))
    }
    lines.append("under \(target.model.settings)")
    return lines.joined(separator: "\n    ")
  }

  /// The last events, for whoever looks into a seed that fails.
  var story: String {
    let first = max(0, log.count - 200)
    let lines = log[first...].enumerated().map { "\(first + $0.offset + 1) \($0.element.stream) \($0.element.payload)" }
    return "now \(now), worker's clock \(clock)\n" + lines.joined(separator: "\n")
  }
}
