import Base
import HeapModule
import JSON
import Provisioning
import SCIM

/// The next thing to do for one person.
extension DeliveryMachine {
  mutating func step(_ person: Int, _ now: Timestamp) {
    let errand = errands[person]
    guard !errand.isCalling, !errand.isWaiting, !isSetAside(person) else { return }
    guard people[person].isPending else { return reread(person, now) }
    if let moment = errand.notBefore, moment > now { return schedule(person, now) }
    if errand.forbidden != nil { return probe(for: person, now) }
    if let unanswered = people[person].account.unanswered { return readBack(person, unanswered, now) }
    guard let desired = people[person].desired else { return }
    if errand.list > listing.answered { return wantList(person) }
    if let believed = people[person].account.believed {
      bring(person, believed, to: desired, now)
    } else {
      match(person, desired, now)
    }
  }

  // MARK: Nobody knows what became of the last write

  private mutating func readBack(_ person: Int, _ unanswered: CallStarted, _ now: Timestamp) {
    if let believed = people[person].account.believed {
      send(.readBack, .getUser(believed.id), person: person, now)
    } else {
      let filter = Filter("userName", .eq, unanswered.userName ?? "")
      send(.readBack, .listUsers(filter: filter), person: person, now)
    }
  }

  // MARK: No account linked yet

  private mutating func match(_ person: Int, _ desired: DesiredAccount, _ now: Timestamp) {
    if listing.isStale { return wantFreshList(person) }
    guard let account = remote[address: desired.userName] else {
      if !desired.active { return complete(person, .noAccount, now) }
      if errands[person].isContested { return park(person, .addressOutsideCompany, now) }
      return create(person, desired, now)
    }
    let holder = holders[account.id]
    if !desired.active, holder != nil { return complete(person, .noAccount, now) }
    switch standing(of: holder, person, holds: desired.userName) {
    case .free: link(person, .matched, account, now)
    case .hasLeft(let holder):
      // The name of the one who has left must not be sealed under this person's key; it is replaced in a moment anyway.
      var moved = account
      if !account.displayName.hasSameBytes(as: desired.displayName) { moved.displayName = "" }
      record(person, .linked(AccountLinked(.moved, moved, previous: people[holder].alias)))
      let gone = DeliveryCompleted(.moved, decision: people[holder].decisionPosition, successor: people[person].alias)
      record(holder, .deliveryCompleted(gone))
      settle(holder)
      holders[account.id] = person
      step(person, now)
    case .wait(let holder): wait(person, for: holder)
    case .blocked(let reason): park(person, reason, now)
    }
  }

  mutating func link(_ person: Int, _ how: AccountLinked.How, _ account: RemoteAccount, _ now: Timestamp) {
    record(person, .linked(AccountLinked(how, account)))
    holders[account.id] = person
    remote.show(account)
    if how == .matched { step(person, now) }
  }

  private mutating func create(_ person: Int, _ desired: DesiredAccount, _ now: Timestamp) {
    let user = SCIMUser(
      userName: desired.userName, displayName: desired.displayName,
      emails: [SCIMUser.Email(value: desired.userName, primary: true)], active: true,
      ssoCustomerId: desired.ssoCustomerId)
    write(person, .create, .createUser(user), address: desired.userName, now)
  }

  private mutating func write(
    _ person: Int, _ purpose: CallPurpose, _ request: SCIMRequest, address: String?, _ now: Timestamp
  ) {
    let started = CallStarted(
      call: people[person].account.calls + 1, purpose: purpose, decision: people[person].decisionPosition,
      userName: address, operation: request.operation, body: request.body)
    send(purpose, request, person: person, started: started, now)
  }

  // MARK: An account is linked

  private mutating func bring(
    _ person: Int, _ believed: RemoteAccount, to desired: DesiredAccount, _ now: Timestamp
  ) {
    let changes = changes(person, believed, desired)
    if desired.active, !believed.active, !changes.contains("active") { return park(person, .notApplied, now) }
    if changes.isEmpty {
      if desired.active || people[person].account.isVerified { return complete(person, errands[person].how, now) }
      send(.verify, .getUser(believed.id), person: person, now)
      return
    }
    if !desired.active, settings.isProtected(believed) { return park(person, .protectedAccount, now) }
    let address = changes.contains("userName") ? desired.userName : nil
    if let address, let other = remote[address: address], other.id != believed.id {
      let standing = standing(of: holders[other.id], person, holds: address)
      if case .wait(let holder) = standing { return wait(person, for: holder) }
      // What we believe of the holder may be old: the address may have been confirmed or set free since.
      if listing.isStale { return wantFreshList(person) }
      if case .blocked(let reason) = standing { return park(person, reason, now) }
      return park(person, .entryConflict, now)
    }
    if address != nil, errands[person].isContested { return park(person, .addressOutsideCompany, now) }
    change(person, believed, to: desired, changes, address, now)
  }

  /// Sends the changed attributes, or with PUT the whole account.
  private mutating func change(
    _ person: Int, _ believed: RemoteAccount, to desired: DesiredAccount, _ changes: [String], _ address: String?,
    _ now: Timestamp
  ) {
    if update == .patch {
      var operations = changes.map { PatchOperation.replace($0, desired[$0]) }
      if let address, settings.profile == .rfc7644 {
        operations.append(.replace("emails", [["value": .string(address), "primary": true]]))
      }
      let request = SCIMRequest.patchUser(believed.id, PatchRequest(operations: operations))
      return write(person, .change, request, address: address, now)
    }
    // Of a leaver nothing else is to change, so that no other value can stand in the way; that takes back an address
    // which still waits for its confirmation.
    let requested = people[person].account.requestedUserName
    let userName = desired.active ? address ?? requested ?? believed.userName : believed.userName
    let user = SCIMUser(
      id: believed.id, userName: userName, displayName: desired.active ? desired.displayName : believed.displayName,
      emails: [SCIMUser.Email(value: userName, primary: true)], active: desired.active)
    let carried = !desired.active && requested != nil ? userName : address
    write(person, .change, .replaceUser(believed.id, user), address: carried, now)
  }

  /// The attributes in which the account differs from what is wanted, in the order in which they are sent.
  ///
  /// Of a leaver only `active` counts, so that no other value can stand in the way. What TeamViewer has acknowledged is
  /// not sent again, however it shows it.
  private func changes(_ person: Int, _ believed: RemoteAccount, _ desired: DesiredAccount) -> [String] {
    var changes: [String] = []
    if !desired.active {
      if believed.active { changes.append("active") }
      return changes.filter { !errands[person].acknowledged.contains($0) }
    }
    let address = people[person].account.userName ?? believed.userName
    if Address.folded(address) != Address.folded(desired.userName) { changes.append("userName") }
    if !believed.displayName.hasSameBytes(as: desired.displayName) { changes.append("displayName") }
    if !believed.active { changes.append("active") }
    return changes.filter { !errands[person].acknowledged.contains($0) }
  }

  // MARK: Who has the address

  enum Standing: Equatable {
    case free
    case hasLeft(Int)
    case wait(Int)
    case blocked(ParkReason)
  }

  /// What the holder of an address means for a person who needs it (the article Deliveries, "Who owns an account").
  private func standing(of holder: Int?, _ person: Int, holds address: String) -> Standing {
    guard let holder else { return .free }
    let other = people[holder]
    if other.state != .present {
      let isBusy = errands[holder].isCalling || other.account.unanswered != nil
      return isBusy ? .wait(holder) : .hasLeft(holder)
    }
    if isRenameDue(holder, from: address) {
      return closesRing(holder, person) ? .blocked(.addressRing) : .wait(holder)
    }
    return .blocked(other.account.requestedUserName == nil ? .entryConflict : .addressUnconfirmed)
  }

  private func isRenameDue(_ holder: Int, from address: String) -> Bool {
    guard people[holder].isPending, !isSetAside(holder), let desired = people[holder].desired, desired.active,
      people[holder].account.requestedUserName.map(Address.folded) != Address.folded(desired.userName)
    else { return false }
    return Address.folded(desired.userName) != Address.folded(address)
  }

  /// Follows who waits for whom from a holder on; true when the way leads back to the person.
  private func closesRing(_ holder: Int, _ person: Int) -> Bool {
    var place = holder
    var steps = 0
    while steps <= people.count, let address = people[place].desired?.userName,
      let account = remote[address: address], let next = holders[account.id], next != place
    {
      if next == person { return true }
      place = next
      steps += 1
    }
    return steps > people.count
  }

  // MARK: Ends

  mutating func complete(_ person: Int, _ how: DeliveryCompleted.How, _ now: Timestamp) {
    record(person, .deliveryCompleted(DeliveryCompleted(how, decision: people[person].decisionPosition)))
    let waiters = errands[person].waiters
    let isUnsettled = errands[person].isUnsettled
    errands[person] = Errand()
    errands[person].waiters = waiters
    errands[person].isUnsettled = isUnsettled
    settle(person)
    release(person)
    planReread(person, now)
  }

  mutating func park(
    _ person: Int, _ reason: ParkReason, status: Int? = nil, detail: String? = nil, _ now: Timestamp
  ) {
    let last = people[person].account.parked
    let since = last?.since ?? now
    let decision = people[person].decisionPosition
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
    errands[person].isDue = false
    errands[person].isContested = false
    errands[person].acknowledged = []
    errands[person].ineffective = 0
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
