import Base
import JSON
import Provisioning
import SCIM

/// What one person needs next, found out without changing anything.
extension Machine {
  func next(_ person: PersonIndex) -> NextStep {
    let (known, attempt) = (people[person].known, people[person].attempt)
    guard !attempt.isCalling, !attempt.isWaiting, !people[person].isSetAside else { return .nothing }
    guard known.isPending || attempt.makesWay else { return reread(person).map(NextStep.call) ?? .nothing }
    if let moment = attempt.notBefore, moment > now { return .later }
    guard known.isPending else { return rename(person) ?? .noWay }
    if attempt.forbidden != nil { return .call(.read(.probe, .plainRead)) }
    if let unanswered = known.account.unanswered, !attempt.link.isLost, attempt.untoldRead == nil {
      let id = known.account.believed?.id ?? attempt.strayID
      if id == nil, attempt.isQueryRefused { return attempt.list > listing.answered ? .list : .lookInList }
      return .call(readBack(id, unanswered))
    }
    guard let desired = known.desired else { return .nothing }
    if attempt.list > listing.answered, attempt.link == .unknownID || !isShownByShortList(person) { return .list }
    guard let believed = known.account.believed else { return match(person, desired) }
    if let holder = holders[believed.id], holder != person { return .unlink(.heldByAnother) }
    if attempt.link == .unknownID {
      return remote[id: believed.id] == nil ? .call(.read(.readBack, .getUser(believed.id))) : .keepLink
    }
    if attempt.link == .gone { return .unlink(.notFound) }
    if attempt.link.wantsRead { return .call(.read(.readBack, .getUser(believed.id))) }
    return handOn(person, believed) ?? converge(person, believed, to: desired)
  }

  /// Nobody knows what became of the last write.
  private func readBack(_ id: String?, _ unanswered: CallStarted) -> NextCall {
    if let id { return .read(.readBack, .getUser(id)) }
    return .read(.readBack, .listUsers(filter: Filter("userName", .eq, unanswered.userName ?? "")))
  }

  /// The start of a write, and the write.
  private func write(
    _ person: PersonIndex, _ purpose: CallPurpose, _ request: SCIMRequest, carrying names: [AccountAttribute],
    address: String?
  ) -> NextStep {
    let known = people[person].known
    let started = CallStarted(
      call: known.account.calls + 1, purpose: purpose, decision: known.decisionPosition, userName: address,
      operation: request.operation, body: request.body)
    return .call(NextCall(purpose: purpose, request: request, started: started, carried: names))
  }

  // MARK: No account linked yet

  private func match(_ person: PersonIndex, _ desired: DesiredAccount) -> NextStep {
    if listing.isStale, !isShownByShortList(person) { return .freshList }
    guard let account = candidate(for: person, desired) else {
      // A list that lacked the account may lack another one with the address, too.
      if people[person].known.account.unlinked == .notFound, !people[person].attempt.isQueried {
        return query(desired.userName)
      }
      if !desired.active { return .complete(.noAccount) }
      return people[person].attempt.isContested ? outsideCompany(person, desired.userName) : create(person, desired)
    }
    let holder = holders[account.id]
    if !desired.active, holder != nil { return .complete(.noAccount) }
    switch claim(of: holder, against: person, on: desired.userName) {
    case .free: return .link(account)
    case .hasLeft(let holder): return .takeOver(account, from: holder)
    case .wait(let holder): return .wait(for: holder)
    case .makeWay(let holder): return .makeWay(holder)
    case .blocked(let reason): return .park(reason)
    }
  }

  /// The account that may be the person's: of somebody who has left an active one before all others, else the one that shows
  /// the address, else one that shows an address which the account had that is gone.
  private func candidate(for person: PersonIndex, _ desired: DesiredAccount) -> RemoteAccount? {
    if !desired.active, let other = otherActive(person) { return other }
    return remote[address: desired.userName] ?? unlisted[Address.folded(desired.userName)]
      ?? people[person].known.account.formerAddresses.lazy.compactMap { free(at: $0, for: person) { _ in true } }.first
  }

  /// TeamViewer says that an address is taken, and no full import shows by whom: a query for the address may, before it is
  /// said that the account is outside the company.
  private func outsideCompany(_ person: PersonIndex, _ address: String) -> NextStep {
    people[person].attempt.isQueried ? .park(.addressOutsideCompany) : query(address)
  }

  func query(_ address: String) -> NextStep {
    .call(.read(.readBack, .listUsers(filter: Filter("userName", .eq, address))))
  }

  /// What the body of a whole account carries.
  private static let whole: [AccountAttribute] = [.userName, .displayName, .active]

  private func create(_ person: PersonIndex, _ desired: DesiredAccount) -> NextStep {
    let user = SCIMUser(
      userName: desired.userName, displayName: desired.displayName,
      emails: [SCIMUser.Email(value: desired.userName, primary: true)], active: true,
      preferredLanguage: desired[.preferredLanguage]?.text, ssoCustomerId: desired.ssoCustomerId)
    return write(person, .create, .createUser(user), carrying: Self.whole, address: desired.userName)
  }

  // MARK: An account is linked

  private func converge(_ person: PersonIndex, _ believed: RemoteAccount, to desired: DesiredAccount) -> NextStep {
    let changes = changes(person, believed, desired)
    // The answer may show what was before the write.
    if desired.active, !believed.active, !changes.contains(.active) {
      return .call(.read(.verify, .getUser(believed.id)))
    }
    if changes.isEmpty {
      if desired.active { return .complete(people[person].attempt.how) }
      guard people[person].known.account.isVerified else { return .call(.read(.verify, .getUser(believed.id))) }
      // Whoever has left has left all accounts with the address. An account that has another address now says nothing of who
      // has this one.
      let isSame = Address.folded(believed.userName) == Address.folded(desired.userName)
      if !isSame, !people[person].attempt.isQueried { return query(desired.userName) }
      if let survey = survey(person, desired) { return survey }
      if otherActive(person) != nil { return listing.isStale ? .freshList : .unlink(.otherIsActive) }
      return .complete(people[person].attempt.how)
    }
    if !desired.active, settings.isProtected(believed) { return .park(.protectedAccount) }
    let address = changes.contains(.userName) ? desired.userName : nil
    if let address, let obstacle = obstacle(to: address, person, believed) { return obstacle }
    return change(person, believed, to: desired, changes, address)
  }

  /// What stands in the way of a new address of an account; nil when nothing does.
  private func obstacle(to address: String, _ person: PersonIndex, _ believed: RemoteAccount) -> NextStep? {
    guard let other = remote[address: address] ?? unlisted[Address.folded(address)], other.id != believed.id else {
      return people[person].attempt.isContested ? outsideCompany(person, address) : nil
    }
    let claim = claim(of: holders[other.id], against: person, on: address)
    if case .wait(let holder) = claim { return .wait(for: holder) }
    if case .makeWay(let holder) = claim { return .makeWay(holder) }
    // What we believe of the holder may be old: the address may have been confirmed or set free since.
    if listing.isStale { return .freshList }
    if case .blocked(let reason) = claim { return .park(reason) }
    // Nobody in the directory has it. What no list shows is remembered only: whether it is there, TeamViewer says.
    let isRemembered = remote[address: address] == nil && !people[person].attempt.isContested
    return isRemembered ? nil : .park(.entryConflict)
  }

  /// Sends the changed attributes, or with PUT the whole account.
  func change(
    _ person: PersonIndex, _ believed: RemoteAccount, to desired: DesiredAccount, _ changes: [AccountAttribute],
    _ address: String?
  ) -> NextStep {
    if update == .patch {
      var operations = changes.compactMap { name in
        desired[name].map { PatchOperation.replace(name.description, $0.json) }
      }
      if let address, settings.profile == .rfc7644 {
        operations.append(.replace("emails", [["value": .string(address), "primary": true]]))
      }
      let request = SCIMRequest.patchUser(believed.id, PatchRequest(operations: operations))
      return write(person, .change, request, carrying: changes, address: address)
    }
    // Of a leaver nothing else is to change, so that no other value can stand in the way; that takes back an address
    // which still waits for its confirmation. What the newest answer shows counts: an address that was confirmed since
    // the last look may have left the one that is believed to somebody else.
    let requested = people[person].known.account.requestedUserName
    let shown = remote[id: believed.id]?.userName ?? believed.userName
    let kept = shown.isEmpty ? desired.userName : shown
    let userName = desired.active ? address ?? requested ?? desired.userName : address ?? kept
    let keepsName = !desired.active && !believed.displayName.isEmpty
    let user = SCIMUser(
      id: believed.id, userName: userName, displayName: keepsName ? believed.displayName : desired.displayName,
      emails: [SCIMUser.Email(value: userName, primary: true)], active: desired.active)
    let isOther = Address.folded(shown) != Address.folded(userName)
    let carried = !desired.active && requested != nil || desired.active && isOther ? userName : address
    return write(person, .change, .replaceUser(believed.id, user), carrying: Self.whole, address: carried)
  }

  /// The attributes in which the account differs from what is wanted, in the order in which they are sent.
  ///
  /// Of a leaver only `active` counts, so that no other value can stand in the way. What TeamViewer has acknowledged is
  /// not sent again, however it shows it; but what may undo an older write that does not show yet is.
  private func changes(
    _ person: PersonIndex, _ believed: RemoteAccount, _ desired: DesiredAccount
  ) -> [AccountAttribute] {
    let (account, acknowledged) = (people[person].known.account, people[person].attempt.acknowledged)
    return desired.attributes.names.filter { name in
      if name.isSentOnCreateOnly || acknowledged.contains(name) { return false }
      if !desired.active, !name.concernsLeavers { return false }
      if name == .active, let made = account.unconfirmedActive, made != desired.active { return true }
      // An address that was asked for may not show yet.
      let shown = name == .userName ? account.userName.map(AccountValue.text) : believed[name]
      return !name.agrees(shown, desired[name])
    }
  }

  // MARK: Who has the address

  /// An active account, other than the linked one, with the address of somebody who has left, or with one that their account
  /// had which is gone: nobody holds it, and nobody who is to be active wants it. Nil when there is none.
  func otherActive(_ person: PersonIndex) -> RemoteAccount? {
    guard let address = people[person].known.desired?.userName else { return nil }
    let addresses = [address] + people[person].known.account.formerAddresses
    return addresses.lazy.compactMap { free(at: $0, for: person, where: \.active) }.first
  }

  /// An account, other than the linked one, that shows an address, that nobody holds, and that nobody else who is to be active
  /// wants.
  private func free(
    at address: String, for person: PersonIndex, where suits: (RemoteAccount) -> Bool
  ) -> RemoteAccount? {
    let own = people[person].known.account.believed?.id
    let other = remote.all(address: address).first { suits($0) && $0.id != own && holders[$0.id] == nil }
    guard let other else { return nil }
    return isWanted(address, besides: person) ? nil : other
  }

  /// Whether somebody else who is to be active wants an address.
  func isWanted(_ address: String, besides person: PersonIndex) -> Bool {
    people.indices.contains { rival in
      guard rival != person, let desired = people[rival].known.desired, desired.active else { return false }
      return Address.folded(desired.userName) == Address.folded(address)
    }
  }

  /// What an account's holder means for somebody else who needs its address.
  enum Claim: Equatable {
    case free
    case hasLeft(PersonIndex)
    case wait(PersonIndex)
    case makeWay(PersonIndex)
    case blocked(ParkReason)
  }

  /// What the holder of an address means for a person who needs it (the article Deliveries, "Who owns an account").
  private func claim(of holder: PersonIndex?, against person: PersonIndex, on address: String) -> Claim {
    guard let holder else { return .free }
    let other = people[holder].known
    if isInQuestion(holder) { return .wait(holder) }
    if !other.isPresent {
      let isBusy = people[holder].attempt.isCalling || other.account.unanswered != nil
      return isBusy ? .wait(holder) : .hasLeft(holder)
    }
    if wantsOther(holder, than: address) {
      if closesRing(holder, person) { return .blocked(.addressRing) }
      if people[holder].known.isPending, !people[holder].isSetAside { return .wait(holder) }
    }
    if canMakeWay(holder, from: address) { return .makeWay(holder) }
    return .blocked(other.account.requestedUserName == nil ? .entryConflict : .addressUnconfirmed)
  }

  /// True while it is being found out whether a holder's account is there at all, or theirs.
  private func isInQuestion(_ holder: PersonIndex) -> Bool {
    switch people[holder].attempt.link {
    case .unknownID: people[holder].known.isPending
    case .disputed: !people[holder].isSetAside
    case .none, .gone, .readDue: false
    }
  }

  /// True when a holder is to have another address, and TeamViewer has not been asked for it.
  private func wantsOther(_ holder: PersonIndex, than address: String) -> Bool {
    guard let desired = people[holder].known.desired, desired.active else { return false }
    let requested = people[holder].known.account.requestedUserName.map(Address.folded)
    let wanted = Address.folded(desired.userName)
    return wanted != Address.folded(address) && wanted != requested
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
}
