public import Base
import EventLog
public import Ledger
public import Provisioning
import Sealing
import Views

/// Where what was appended stands; there is always something.
public struct Receipt: Equatable, Sendable {
  /// The position of the first event.
  public let first: Int64
  /// The position of the last event.
  public let last: Int64
  /// How many events there are; others may stand between them.
  public let count: Int

  /// Nil for no position.
  init?(_ positions: [Int64]) {
    guard let first = positions.min(), let last = positions.max() else { return nil }
    self.init(first: first, last: last, count: positions.count)
  }

  init(first: Int64, last: Int64, count: Int) {
    self.first = first
    self.last = last
    self.count = count
  }

  /// Both together.
  func adding(_ other: Receipt) -> Receipt {
    Receipt(first: min(first, other.first), last: max(last, other.last), count: count + other.count)
  }
}

/// What an operation decides: events to append, and what its caller hears.
public struct Decided<Answer> {
  /// The events, in order.
  public var events: [Event]
  /// What the caller hears.
  public var answer: Answer
  /// A refusal that is itself recorded: thrown once the events are appended.
  public var refusal: Fault?

  /// Events and an answer.
  public init(_ events: [Event], _ answer: Answer, refusal: Fault? = nil) {
    self.events = events
    self.answer = answer
    self.refusal = refusal
  }
}

extension Decided where Answer == Void {
  /// Events alone.
  public init(_ events: [Event], refusal: Fault? = nil) { self.init(events, (), refusal: refusal) }
}

/// What an operation looks at while it decides: the ledger as the log had it when its turn came.
public struct Scene {
  /// The present.
  public let now: Timestamp
  let views: ViewStore

  init(_ ledger: OpenLedger) {
    now = ledger.clock()
    views = ledger.views
  }

  /// A person who may be acted on. Throws `FaultCode.personUnknown` and `FaultCode.alreadyErased`.
  public func person(_ alias: String) throws -> Person {
    guard let person = try views.person(alias) else {
      throw Fault(
        .personUnknown, "Nobody in the ledger has the alias \(alias); `provledger user list` shows everybody.")
    }
    if let erasure = person.erasure {
      throw Fault(
        .alreadyErased,
        "\(alias) was erased on \(erasure.time) (event \(erasure.position), reason \(erasure.reason.code)); nothing is left to erase."
      )
    }
    return person
  }

  /// Everybody, and the position that this shows.
  public func people() throws -> (people: [Person], position: Int64) { try views.people() }

  /// TeamViewer as a whole.
  public func target() throws -> TargetCondition { try views.target().condition }
}

/// Every write of a ledger but the worker's own: takes the turn, catches up, decides, seals, appends, catches up.
public struct Transaction: Sendable {
  /// What whoever waits for a turn hears: who has it.
  public typealias Waiting = @Sendable (LockHolder) -> Void

  let ledger: OpenLedger
  let actor: Actor
  private let waiting: Waiting

  /// How often a decision is taken anew because others appended to a stream that it looked at.
  private static let attempts = 20

  /// Transactions of a ledger, done by `actor`; `waiting` hears who has the turn that one of them waits for.
  public init(in ledger: OpenLedger, by actor: Actor, waiting: @escaping Waiting = { _ in }) {
    self.ledger = ledger
    self.actor = actor
    self.waiting = waiting
  }

  /// Decides and appends while this process has a turn; nil for the receipt when nothing was to be appended.
  ///
  /// Throws what `decide` throws, its refusal once that is recorded, and the faults of lock, log, keys and views.
  public func run<Answer>(
    _ turn: Turn, _ decide: (Scene) throws -> Decided<Answer>
  ) async throws -> (answer: Answer, receipt: Receipt?) {
    let lock = try await take(turn)
    defer { withExtendedLifetime(lock) {} }
    return try await decideAndAppend(decide)
  }

  /// Decides and appends without a turn: when somebody else appends to one of `streams` meanwhile, it is decided anew.
  ///
  /// Throws as `run` does, and `FaultCode.logBusy` when others never leave a moment for it.
  public func run<Answer>(
    unless streams: [Stream], _ decide: (Scene) throws -> Decided<Answer>
  ) async throws -> (answer: Answer, receipt: Receipt?) {
    for _ in 0..<Self.attempts {
      let versions = try streams.map { ($0, try ledger.log.version(of: $0.description)) }
      do {
        return try await decideAndAppend(decide, versions)
      } catch AppendConflict.wrongVersion {}
    }
    throw Fault(.logBusy, "Others append to the log without a pause, so that nothing was decided; try again.")
  }

  /// Waits for a turn. A cycle that a crash cut off is closed first: whoever has the turn knows that nobody is at it.
  public func take(_ turn: Turn) async throws -> ProcessLock {
    let waiting = waiting
    let lock = try await ledger.lock(turn) { if let holder = $0 { waiting(holder) } }
    if turn == .cycle { try await closeInterrupted() }
    return lock
  }

  private func decideAndAppend<Answer>(
    _ decide: (Scene) throws -> Decided<Answer>, _ versions: [(Stream, Int)] = []
  ) async throws -> (answer: Answer, receipt: Receipt?) {
    try ledger.views.catchUp()
    let decided = try decide(Scene(ledger))
    let receipt = try await append(decided.events, versions)
    if let refusal = decided.refusal { throw refusal }
    return (decided.answer, receipt)
  }

  // MARK: Appending

  /// Appends events in one transaction of the log; sealed before the writers' turn, shown by the views on return.
  @discardableResult
  func append(_ events: [Event], _ versions: [(Stream, Int)] = []) async throws -> Receipt? {
    if events.isEmpty { return nil }
    try ledger.requireWritable()
    var appends = try ledger.codec.encode(try identity() + events, actor: actor)
    for (stream, version) in versions {
      guard let place = appends.firstIndex(where: { $0.stream == stream.description }) else { continue }
      appends[place].expectation = .version(version)
    }
    let positions = try await ledger.log.append(appends)
    try ledger.views.catchUp()
    return Receipt(Array(positions.suffix(events.count)))
  }

  /// Says who the actor is, when that is new or has changed, by itself: what follows may be appended in another way.
  func identify() async throws {
    let seen = try identity()
    if seen.isEmpty { return }
    try ledger.requireWritable()
    _ = try await ledger.log.append(try ledger.codec.encode(seen, actor: actor))
    try ledger.views.catchUp()
  }

  /// What is to be said of the human behind the actor: only what is new or has changed.
  func identity() throws -> [Event] {
    guard case .operator = actor, let identity = ledger.identity else { return [] }
    if try ledger.views.operatorIdentity(of: actor) == identity { return [] }
    // A NUL keeps it apart from every object id.
    let id = "\0\(actor)"
    guard let alias = try ledger.keys.subjects(for: [id])[id]?.alias else { return [] }
    return [Event(.operator(alias), .operatorSeen(OperatorSeen(actor: actor, identity: identity)))]
  }

  /// Closes cycles that never finished; the caller has the turn of cycles.
  func closeInterrupted() async throws {
    try ledger.views.catchUp()
    let open = try ledger.views.openCycles()
    if open.isEmpty { return }
    let position = try ledger.log.lastPosition()
    try await append(open.map { Event(.cycle($0), .cycleInterrupted(CycleInterrupted(position: position))) })
  }
}

/// A group of operations on one ledger: done by one actor, who may have to wait for a turn.
public protocol OperationGroup {
  /// Operations that write by a transaction.
  init(_ transaction: Transaction)
}

extension OperationGroup {
  /// Operations on a ledger, done by `actor`; `waiting` hears who has the turn that one of them waits for.
  public init(in ledger: OpenLedger, actor: Actor, waiting: @escaping Transaction.Waiting = { _ in }) {
    self.init(Transaction(in: ledger, by: actor, waiting: waiting))
  }
}

extension Transaction {
  /// Appends what is said of one person, in the turn of cycles; `event` looks at the person as the log has them by then.
  func change(_ alias: String, _ event: (Person) throws -> EventPayload) async throws -> Receipt {
    try await certain(run(.cycle) { Decided([Event(.user(alias), try event($0.person(alias)))]) }.receipt)
  }

  /// Appends what is said of the target as a whole; nobody else has said anything of it since it was looked at.
  func changeTarget(_ event: (TargetCondition, Timestamp) throws -> EventPayload) async throws -> Receipt {
    try await certain(run(unless: [.target]) { Decided([Event(.target, try event($0.target(), $0.now))]) }.receipt)
  }

  /// The receipt of an append that had something to append.
  func certain(_ receipt: Receipt?) throws -> Receipt {
    guard let receipt else { throw Fault(.eventInvalid, "Nothing was appended. This is a defect.") }
    return receipt
  }
}
