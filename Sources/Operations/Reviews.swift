public import Base
import EventLog
public import Ledger
public import Provisioning
import Sealing
import Views

/// Access reviews: begun, decided by those whom they name, closed. What a decision takes away is a decision like any other,
/// in the same append, so that the worker delivers it and reads it back.
public struct Reviews: OperationGroup, Sendable {
  private let transaction: Transaction

  /// Reviews; decisions are taken in the turn of cycles.
  public init(_ transaction: Transaction) { self.transaction = transaction }

  var ledger: OpenLedger { transaction.ledger }

  /// Begins a review of everybody who could sign in at a moment. Without a name it is called after the day.
  ///
  /// Throws `FaultCode.reviewThere` for a name that another one has, `FaultCode.reviewInvalid`, `FaultCode.momentUnknown`.
  public func start(
    asOf moment: Timestamp, reviewers: [String], due: Timestamp, name: String? = nil
  ) async throws -> Review {
    try ledger.views.catchUp()
    let now = ledger.clock()
    let position = try ledger.views.position(asOf: moment, now: now)
    let count = try ledger.listed(at: position).count
    let started = try Review.start(
      asOf: moment, position: position, due: due, reviewers: reviewers.map(Self.login), count: count, now: now)
    let id = try name.map(Self.checked) ?? free("access-\(moment.description.prefix(10))")
    _ = try await transaction.run(unless: [.review(id)]) { _ in
      if try isTaken(id) {
        throw Fault(.reviewThere, "There is a review \(id) already; give this one another --name.")
      }
      return Decided([Event(.review(id), .reviewStarted(started), correlation: id)])
    }
    return try ledger.review(id)
  }

  /// Decides what the reviewer who acts says of some people: all of it, or nothing.
  ///
  /// Throws as `Review.decide` does, `FaultCode.reviewUnknown`, `FaultCode.alreadyErased`; `FaultCode.reviewOfOneself` once that
  /// is recorded.
  public func decide(_ id: String, _ wishes: [ReviewWish]) async throws -> ReviewOutcome {
    let (policy, safeguard) = (ledger.configuration.policy, ledger.codec.newID())
    return try await transaction.run(.cycle) { scene in
      let review = try ledger.review(id)
      for wish in wishes { _ = try scene.person(wish.alias) }
      let people = People(try scene.people().people)
      let outcome = try review.decide(
        wishes, by: human, deeds: deeds(about: wishes.map(\.alias)),
        listed: { try ledger.isListed($0, at: review.started.position) }, people: people, limits: policy.safeguard,
        safeguard: safeguard
      ) { Cycle.renewed($0, policy: policy, people: people) }
      return Decided(outcome.events, outcome, refusal: outcome.refusal)
    }.answer
  }

  /// Closes a review: of whom nobody said anything, `undecided` says what becomes of them.
  ///
  /// Throws `FaultCode.reviewClosed` and `FaultCode.reviewUnknown`.
  public func close(_ id: String, undecided: ReviewDecision) async throws -> ReviewOutcome {
    let (limits, safeguard) = (ledger.configuration.safeguard, ledger.codec.newID())
    return try await transaction.run(.cycle) { scene in
      let review = try ledger.review(id)
      let outcome = try review.close(
        undecided, listed: ledger.listed(at: review.started.position).map(\.alias),
        people: People(try scene.people().people), limits: limits, safeguard: safeguard)
      return Decided(outcome.events, outcome)
    }.answer
  }

  // MARK: Who

  /// The login of the human who acts.
  private var human: String {
    guard case .operator(let login) = transaction.actor else { return transaction.actor.description }
    return ledger.identity?.human ?? login
  }

  /// The newest provisioning of each person that the human who acts did, whoever else acts under the same login.
  private func deeds(about aliases: [String]) throws -> [String: Int64] {
    var humans = Humans()
    try ledger.forEach([OperatorSeen.type]) { humans.evolve($0) }
    var deeds: [String: Int64] = [:]
    for alias in aliases {
      for recorded in try ledger.log.events(about: alias)
      where LoggedEvent.provisioningTypes.contains(recorded.type) {
        let logged = try ledger.codec.decode(recorded)
        let isOwn = humans.human(behind: logged.actor, at: logged.position) == human
        if logged.isProvisioning, isOwn { deeds[alias] = logged.position }
      }
    }
    return deeds
  }

  // MARK: Names

  private func isTaken(_ id: String) throws -> Bool {
    try ledger.log.version(of: Stream.review(id).description) > 0
  }

  private func free(_ name: String) throws -> String {
    var (id, number) = (name, 1)
    while try isTaken(id) {
      number += 1
      id = "\(name)-\(number)"
    }
    return id
  }

  private static func checked(_ name: String) throws -> String {
    if GivenName.isValid(name) { return name }
    throw Fault(
      .reviewInvalid, "\"\(name)\" is no name; use at most 64 letters, digits, dots, hyphens and underscores.")
  }

  /// A login as it was named, also with `operator:` before it.
  private static func login(_ text: String) throws -> String {
    let login = text.hasPrefix("operator:") ? String(text.dropFirst("operator:".count)) : text
    let isPlain = login.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value != 0x7F }
    if isPlain, (1...100).contains(login.utf8.count) { return login }
    throw Fault(.reviewInvalid, "\"\(text)\" is no login name; name reviewers as the machine's accounts are called.")
  }
}

/// Reviews as the log has them.
extension OpenLedger {
  /// Every review, up to a position, in the order in which they began. Throws the faults of log and keys.
  public func reviews(upTo position: Int64 = .max) throws -> [Review] {
    try codec.forgetErased(in: log)
    var events: [LoggedEvent] = []
    try forEach(Review.types) { if $0.position <= position { events.append($0) } }
    return Review.all(events)
  }

  /// The reviews that are open at a position, without what was decided in them. Throws the faults of log and keys.
  public func openReviews(at position: Int64) throws -> [Review] {
    var events: [LoggedEvent] = []
    try forEach([ReviewStarted.type, ReviewClosed.type]) { if $0.position <= position { events.append($0) } }
    return Review.all(events).filter(\.isOpen)
  }

  /// The review of a name. Throws `FaultCode.reviewUnknown`.
  public func review(_ id: String, upTo position: Int64 = .max) throws -> Review {
    if let review = try reviews(upTo: position).first(where: { $0.id == id }) { return review }
    throw Fault(.reviewUnknown, "There is no review \(id); `provledger review list` shows those that there are.")
  }

  /// Everybody who could sign in at a position, and was not erased since. Throws the faults of log and keys.
  public func listed(at position: Int64) throws -> [Person] {
    try views.people(at: position).filter(\.hasActiveAccount)
  }

  func isListed(_ alias: String, at position: Int64) throws -> Bool {
    try views.person(alias, at: position)?.hasActiveAccount == true
  }

  func forEach(_ types: Set<String>, _ body: (LoggedEvent) throws -> Void) throws {
    var next: Int64 = 1
    while true {
      let page = try log.read(types: types, from: next)
      guard let last = page.last else { return }
      for recorded in page { try body(codec.decode(recorded)) }
      next = last.position + 1
    }
  }
}
