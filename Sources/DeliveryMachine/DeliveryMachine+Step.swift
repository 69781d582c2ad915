import Base
import HeapModule
import JSON
import Provisioning
import SCIM

/// The next thing to do for one person.
extension DeliveryMachine {
  mutating func step(_ person: PersonIndex) {
    let attempt = people[person].attempt
    guard !attempt.isCalling, !attempt.isWaiting, !people[person].isSetAside else { return }
    guard people[person].known.isPending else { return reread(person) }
    if let moment = attempt.notBefore, moment > now { return schedule(person) }
    if attempt.forbidden != nil { return probe(for: person) }
    if let unanswered = people[person].known.account.unanswered { return readBack(person, unanswered) }
    guard let desired = people[person].known.desired else { return }
    if attempt.list > listing.answered { return wantList(person) }
    if let believed = people[person].known.account.believed {
      bring(person, believed, to: desired)
    } else {
      match(person, desired)
    }
  }

  // MARK: Nobody knows what became of the last write

  private mutating func readBack(_ person: PersonIndex, _ unanswered: CallStarted) {
    if let believed = people[person].known.account.believed {
      send(.readBack, .getUser(believed.id), person: person)
    } else {
      let filter = Filter("userName", .eq, unanswered.userName ?? "")
      send(.readBack, .listUsers(filter: filter), person: person)
    }
  }

  // MARK: No account linked yet

  private mutating func match(_ person: PersonIndex, _ desired: DesiredAccount) {
    if listing.isStale { return wantFreshList(person) }
    guard let account = remote[address: desired.userName] else {
      if !desired.active { return complete(person, .noAccount) }
      if people[person].attempt.isContested { return park(person, .addressOutsideCompany) }
      return create(person, desired)
    }
    let holder = holders[account.id]
    if !desired.active, holder != nil { return complete(person, .noAccount) }
    switch standing(of: holder, person, holds: desired.userName) {
    case .free: link(person, .matched, account)
    case .hasLeft(let holder):
      // The name of the one who has left must not be sealed under this person's key; it is replaced in a moment anyway.
      var moved = account
      if !account.displayName.hasSameBytes(as: desired.displayName) { moved.displayName = "" }
      record(person, .linked(AccountLinked(.moved, moved, previous: people[holder].known.alias)))
      let gone = DeliveryCompleted(
        .moved, decision: people[holder].known.decisionPosition, successor: people[person].known.alias)
      record(holder, .deliveryCompleted(gone))
      settle(holder)
      holders[account.id] = person
      step(person)
    case .wait(let holder): wait(person, for: holder)
    case .blocked(let reason): park(person, reason)
    }
  }

  mutating func link(_ person: PersonIndex, _ how: AccountLinked.How, _ account: RemoteAccount) {
    record(person, .linked(AccountLinked(how, account)))
    holders[account.id] = person
    remote.show(account)
    if how == .matched { step(person) }
  }

  private mutating func create(_ person: PersonIndex, _ desired: DesiredAccount) {
    let user = SCIMUser(
      userName: desired.userName, displayName: desired.displayName,
      emails: [SCIMUser.Email(value: desired.userName, primary: true)], active: true,
      ssoCustomerId: desired.ssoCustomerId)
    write(person, .create, .createUser(user), address: desired.userName)
  }

  private mutating func write(
    _ person: PersonIndex, _ purpose: CallPurpose, _ request: SCIMRequest, address: String?
  ) {
    let started = CallStarted(
      call: people[person].known.account.calls + 1, purpose: purpose, decision: people[person].known.decisionPosition,
      userName: address, operation: request.operation, body: request.body)
    send(purpose, request, person: person, started: started)
  }

  // MARK: An account is linked

  private mutating func bring(
    _ person: PersonIndex, _ believed: RemoteAccount, to desired: DesiredAccount
  ) {
    let changes = changes(person, believed, desired)
    if desired.active, !believed.active, !changes.contains("active") { return park(person, .notApplied) }
    if changes.isEmpty {
      if desired.active || people[person].known.account.isVerified {
        return complete(person, people[person].attempt.how)
      }
      send(.verify, .getUser(believed.id), person: person)
      return
    }
    if !desired.active, settings.isProtected(believed) { return park(person, .protectedAccount) }
    let address = changes.contains("userName") ? desired.userName : nil
    if let address, let other = remote[address: address], other.id != believed.id {
      let standing = standing(of: holders[other.id], person, holds: address)
      if case .wait(let holder) = standing { return wait(person, for: holder) }
      // What we believe of the holder may be old: the address may have been confirmed or set free since.
      if listing.isStale { return wantFreshList(person) }
      if case .blocked(let reason) = standing { return park(person, reason) }
      return park(person, .entryConflict)
    }
    if address != nil, people[person].attempt.isContested { return park(person, .addressOutsideCompany) }
    change(person, believed, to: desired, changes, address)
  }

  /// Sends the changed attributes, or with PUT the whole account.
  private mutating func change(
    _ person: PersonIndex, _ believed: RemoteAccount, to desired: DesiredAccount, _ changes: [String],
    _ address: String?
  ) {
    if update == .patch {
      var operations = changes.map { PatchOperation.replace($0, desired[$0]) }
      if let address, settings.profile == .rfc7644 {
        operations.append(.replace("emails", [["value": .string(address), "primary": true]]))
      }
      let request = SCIMRequest.patchUser(believed.id, PatchRequest(operations: operations))
      return write(person, .change, request, address: address)
    }
    // Of a leaver nothing else is to change, so that no other value can stand in the way; that takes back an address
    // which still waits for its confirmation.
    let requested = people[person].known.account.requestedUserName
    let userName = desired.active ? address ?? requested ?? believed.userName : believed.userName
    let user = SCIMUser(
      id: believed.id, userName: userName, displayName: desired.active ? desired.displayName : believed.displayName,
      emails: [SCIMUser.Email(value: userName, primary: true)], active: desired.active)
    let carried = !desired.active && requested != nil ? userName : address
    write(person, .change, .replaceUser(believed.id, user), address: carried)
  }

  /// The attributes in which the account differs from what is wanted, in the order in which they are sent.
  ///
  /// Of a leaver only `active` counts, so that no other value can stand in the way. What TeamViewer has acknowledged is
  /// not sent again, however it shows it.
  private func changes(_ person: PersonIndex, _ believed: RemoteAccount, _ desired: DesiredAccount) -> [String] {
    var changes: [String] = []
    if !desired.active {
      if believed.active { changes.append("active") }
      return changes.filter { !people[person].attempt.acknowledged.contains($0) }
    }
    let address = people[person].known.account.userName ?? believed.userName
    if Address.folded(address) != Address.folded(desired.userName) { changes.append("userName") }
    if !believed.displayName.hasSameBytes(as: desired.displayName) { changes.append("displayName") }
    if !believed.active { changes.append("active") }
    return changes.filter { !people[person].attempt.acknowledged.contains($0) }
  }

  // MARK: Who has the address

  enum Standing: Equatable {
    case free
    case hasLeft(PersonIndex)
    case wait(PersonIndex)
    case blocked(ParkReason)
  }

  /// What the holder of an address means for a person who needs it (design: who owns an account).
  private func standing(of holder: PersonIndex?, _ person: PersonIndex, holds address: String) -> Standing {
    guard let holder else { return .free }
    let other = people[holder].known
    if other.state != .present {
      let isBusy = people[holder].attempt.isCalling || other.account.unanswered != nil
      return isBusy ? .wait(holder) : .hasLeft(holder)
    }
    if isRenameDue(holder, from: address) {
      return closesRing(holder, person) ? .blocked(.addressRing) : .wait(holder)
    }
    return .blocked(other.account.requestedUserName == nil ? .entryConflict : .addressUnconfirmed)
  }

  private func isRenameDue(_ holder: PersonIndex, from address: String) -> Bool {
    guard people[holder].known.isPending, !people[holder].isSetAside, let desired = people[holder].known.desired,
      desired.active,
      people[holder].known.account.requestedUserName.map(Address.folded) != Address.folded(desired.userName)
    else { return false }
    return Address.folded(desired.userName) != Address.folded(address)
  }

  /// Follows who waits for whom from a holder on; true when the way leads back to the person.
  private func closesRing(_ holder: PersonIndex, _ person: PersonIndex) -> Bool {
    var place = holder
    var steps = 0
    while steps <= people.count, let address = people[place].known.desired?.userName,
      let account = remote[address: address], let next = holders[account.id], next != place
    {
      if next == person { return true }
      place = next
      steps += 1
    }
    return steps > people.count
  }

  // MARK: Ends

  mutating func complete(_ person: PersonIndex, _ how: DeliveryCompleted.How) {
    record(person, .deliveryCompleted(DeliveryCompleted(how, decision: people[person].known.decisionPosition)))
    let waiters = people[person].attempt.waiters
    let isUnsettled = people[person].attempt.isUnsettled
    people[person].attempt = Attempt()
    people[person].attempt.waiters = waiters
    people[person].attempt.isUnsettled = isUnsettled
    settle(person)
    release(person)
    planReread(person)
  }

  mutating func park(
    _ person: PersonIndex, _ reason: ParkReason, status: Int? = nil, detail: String? = nil
  ) {
    let last = people[person].known.account.parked
    let since = last?.since ?? now
    let decision = people[person].known.decisionPosition
    if now - since >= settings.abandonAfter {
      record(person, .deliveryAbandoned(DeliveryAbandoned(reason, decision: decision)))
    } else {
      let attempt = (last?.attempt ?? 0) + 1
      let retry = settings.retry(since: since, attempt: attempt, now: now)
      let parked = DeliveryParked(
        reason, decision: decision, attempt: attempt, since: since, retry: retry, status: status, detail: detail)
      record(person, .deliveryParked(parked))
      timers.insert(Timer(due: retry, person: person))
    }
    people[person].attempt.isDue = false
    people[person].attempt.isContested = false
    people[person].attempt.acknowledged = []
    people[person].attempt.ineffective = 0
    settle(person)
    release(person)
  }
}

extension DesiredAccount {
  /// The value of an attribute that a PATCH carries.
  fileprivate subscript(attribute: String) -> JSONValue {
    switch attribute {
    case "userName": .string(userName)
    case "displayName": .string(displayName)
    default: .bool(active)
    }
  }
}
