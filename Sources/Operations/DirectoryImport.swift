public import Base
public import Directory
import EventLog
public import Ledger
public import Provisioning
import Sealing
import Views

/// What one cycle did, for the person who ran it.
public struct CycleSummary: Equatable, Sendable {
  /// The cycle's id.
  public var cycle: String
  /// What it did, in numbers of people.
  public var counts: CycleCounts
  /// The safeguard that holds people after it, and how many.
  public var held: HeldPeople?
  /// The position of the cycle's last event.
  public var position: Int64
  /// How many new people the input shows without `accountEnabled`: they count as enabled.
  public var assumedEnabled: Int
  /// The directory source that was read.
  public var source: DirectorySourceID
  /// How many people of the input another source owns now: nothing was said of them.
  public var passedOver: Int
  /// How little the input has in common with the ledger, where that is why people are held.
  public var unfamiliar: UnfamiliarInput?
  /// What the input showed of whom that cannot be a value: what was known of it stands.
  public var unread: [UnreadValue] = []
}

/// How an input is meant.
public struct ImportOptions: Sendable {
  /// The form; nil to tell it from the content.
  public var format: DirectoryFormat?
  /// People of whom the input does not say whether they may sign in keep what is known of it.
  public var keepsEnabled = false
  /// What the log is to remember of an export from a watched folder.
  public var mark: String?

  /// Told from the content, and whole.
  public init(format: DirectoryFormat? = nil, keepsEnabled: Bool = false, mark: String? = nil) {
    self.format = format
    self.keepsEnabled = keepsEnabled
    self.mark = mark
  }
}

/// One cycle from directory export files: read and check, observe, decide, append all of it in pieces; until the last one is
/// there, nothing of it counts.
public struct DirectoryImport: Sendable {
  let ledger: OpenLedger
  let actor: Actor
  let source: DirectorySourceID
  /// How its cycles are appended.
  package var pieces = CyclePieces()

  /// An import into a ledger, done by `actor`, of the people whom a source owns.
  public init(into ledger: OpenLedger, source: DirectorySourceID = .standard, actor: Actor) {
    self.ledger = ledger
    self.source = source
    self.actor = actor
  }

  /// Where an import is.
  public enum Progress: Sendable {
    /// Reading the files.
    case reading(DirectoryProgress)
    /// Another process holds the cycle lock.
    case waiting(LockHolder)
    /// Bringing the views up to date, up to a position.
    case projecting(Int64)
    /// Deciding about a number of people.
    case deciding(people: Int)
    /// Appending; `done` of the events are in the log.
    case appending(done: Int, events: Int)
  }

  /// Runs the cycle. Throws a `Fault`: for refused input nothing was appended; where the log failed, nothing of the cycle
  /// counts.
  public func run(
    paths: [String], _ options: ImportOptions = ImportOptions(),
    progress: @escaping @Sendable (Progress) -> Void = { _ in }
  ) async throws -> CycleSummary {
    var input = Input(reading: try await read(paths, options, progress), file: paths.first)
    input.reading.file = options.mark
    return try await run(input, options, progress)
  }

  /// What a cycle decides about, and where it came from.
  struct Input {
    var reading: DirectoryReading
    /// Who is assigned, where that was read beside it.
    var assigned: Assignments?
    /// The first file, for sentences.
    var file: String?
    /// Where a source that reads by itself began.
    var beginning: Beginning?
    /// What was looked up while the rest still arrived.
    var foresight: Foresight?

    /// Gives away what was read: a cycle that changed a copy would hold all of it twice.
    mutating func giveUpReading() -> DirectoryReading {
      defer { reading = DirectoryReading(kind: .partial, changes: []) }
      return reading
    }
  }

  /// What was read does not fit the ledger any more: since reading began another cycle of the source has finished, or
  /// somebody was decided about.
  struct Overtaken: Error {}

  /// Runs the cycle about an input. Throws `Overtaken` when it is older than the source's newest cycle.
  func run(
    _ input: consuming Input, _ options: ImportOptions, _ progress: @escaping @Sendable (Progress) -> Void
  ) async throws -> CycleSummary {
    let transaction = Transaction(in: ledger, by: actor) { progress(.waiting($0)) }
    let lock = try await transaction.take(.cycle)
    defer { withExtendedLifetime(lock) {} }
    try ledger.views.catchUp { progress(.projecting($0)) }
    if let beginning = input.beginning, try newestCycle() != beginning.cycle { throw Overtaken() }
    let id = ledger.codec.newID()
    let unread = input.reading.unread
    let isPolicyNew = try isPolicyNew()
    var (outcome, assumedEnabled) =
      try !isPolicyNew && isStill(input)
      ? (Cycle.still(id: id, source: source, input.marked), 0)
      : try await decide(about: &input, options, isPolicyNew: isPolicyNew, cycle: id, progress)
    let count = outcome.events.count
    let receipt = try transaction.certain(
      await transaction.appendCycle(outcome.giveUpEvents(), in: pieces) {
        progress(.appending(done: $0, events: count))
      })
    try ledger.views.catchUp { progress(.projecting($0)) }
    // No worker may run that signs. Without its key a ledger records all the same.
    do { try await ledger.checkpointIfDue() } catch let fault as Fault where fault.code == .logKeyUnusable {}
    var summary = summary(of: outcome, assumedEnabled: assumedEnabled, cycle: id, position: receipt.last)
    summary.unread = unread
    return summary
  }

  /// Looks at everybody whom an input concerns; also tells how many strangers count as enabled because it does not say.
  private func decide(
    about input: inout Input, _ options: ImportOptions, isPolicyNew: Bool, cycle: String,
    _ progress: (Progress) -> Void
  ) async throws -> (CycleOutcome, assumedEnabled: Int) {
    var scene = try scene(of: &input, options, isPolicyNew: isPolicyNew, progress)
    try await Records(in: ledger, actor: actor).configuration()
    let subjects = try ledger.keys.subjects(for: scene.strangers.map(source.subject))
    if scene.whole != nil { scene.take(try ledger.views.people(withAliases: subjects.values.map(\.alias))) }
    let assumedEnabled = scene.assumedEnabled
    let outcome = try decide(&scene, cycle: cycle) { id in
      guard let subject = subjects[source.subject(id)] else {
        throw Fault(.keyMissing, "A new person got no key; try again.")
      }
      return subject.alias
    }
    return (outcome, assumedEnabled)
  }

  /// What the cycle would do: nothing is appended, and nobody becomes known. Throws as `run` does.
  public func plan(
    paths: [String], _ options: ImportOptions = ImportOptions(),
    progress: @escaping @Sendable (Progress) -> Void = { _ in }
  ) async throws -> CyclePlan {
    let reading = try await read(paths, options, progress)
    try ledger.views.catchUp { progress(.projecting($0)) }
    var input = Input(reading: reading, file: paths.first)
    var scene = try wholeScene(of: &input, options, isPolicyNew: isPolicyNew(), progress)
    let before = scene.people.all
    let known = try scene.strangers.reduce(into: [String: String]()) { known, id in
      known[id] = try ledger.keys.alias(of: source.subject(id))
    }
    let outcome = try decide(&scene, cycle: "plan") { known[$0] ?? "new-\($0)" }
    return CyclePlan(
      summary: summary(
        of: outcome, assumedEnabled: scene.assumedEnabled, cycle: "", position: try ledger.log.lastPosition()),
      steps: CyclePlan.steps(of: outcome, among: before))
  }

  private func read(
    _ paths: [String], _ options: ImportOptions, _ progress: @escaping @Sendable (Progress) -> Void
  ) async throws -> DirectoryReading {
    let attributes = ledger.configuration.policy.sourceAttributes
    return try await blocking {
      try DirectoryFiles.read(paths: paths, format: options.format, attributes: attributes) { progress(.reading($0)) }
    }
  }

  /// Whether the configuration is another than the one by which the source's last cycle decided about everybody, or was
  /// applied once more since (`CycleRestart`). Throws the faults of log and views.
  public func isPolicyNew() throws -> Bool {
    guard let applied = try ledger.recordedConfiguration(), applied.text.hasSameBytes(as: ledger.configurationText),
      let last = try newestCycle()
    else { return true }
    return last < applied.position
  }

  private func decide(
    _ scene: inout Scene, cycle id: String, alias: (String) throws -> String
  ) throws -> CycleOutcome {
    let variation = Variation(now: SystemClock.now(), seed: .random(in: 0 ... .max))
    var cycle = Cycle(
      id: id, source: source, policy: ledger.configuration.policy, variation: variation,
      people: scene.giveUpPeople(), of: scene.whole, unfinished: scene.unfinished, isPolicyNew: scene.isPolicyNew)
    let (isWhole, unaddressed) = (scene.whole == nil, scene.unaddressed)
    return try cycle.run(scene.reading, safeguard: ledger.codec.newID(), alias: alias) {
      isWhole ? [] : try sharers(of: $0, unaddressed)
    }
  }

  private func summary(of outcome: CycleOutcome, assumedEnabled: Int, cycle: String, position: Int64) -> CycleSummary {
    CycleSummary(
      cycle: cycle, counts: outcome.counts, held: outcome.held, position: position, assumedEnabled: assumedEnabled,
      source: source, passedOver: outcome.passedOver, unfamiliar: outcome.unfamiliar)
  }
}

extension CycleOutcome {
  /// Gives the events away, so that they go as they are appended.
  fileprivate mutating func giveUpEvents() -> [Event] {
    defer { events = [] }
    return events
  }
}
