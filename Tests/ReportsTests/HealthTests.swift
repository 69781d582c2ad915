import Base
import EventLog
import JSON
import Operations
import Provisioning
import TestSupport
import Testing

@testable import Ledger
@testable import Reports
@testable import Views

@Suite("Reports: whether a ledger is well, and its metrics")
struct HealthTests {
  private let place: TestLedger
  private let ledger: OpenLedger

  init() throws {
    place = try TestLedger()
    ledger = try place.open()
  }

  private func show(_ count: Int) async throws -> [Person] {
    let path = try place.write("export.csv", Export.csv((0..<count).map { Exported("p\($0)") }))
    _ = try await DirectoryImport(into: ledger, actor: "test").run(paths: [path])
    try ledger.views.catchUp()
    return try ledger.views.people().people
  }

  private func health(_ limits: MonitoringConfiguration = .init()) throws -> Health {
    Health(try StatusReport(ledger), limits, at: place.clock.moment)
  }

  private func codes(_ limits: MonitoringConfiguration = .init()) throws -> [Health.Reason.Code] {
    try health(limits).reasons.map(\.code)
  }

  private func parked(_ person: Person) -> EventPayload {
    let now = place.clock.moment
    return .deliveryParked(
      DeliveryParked(.rejected, decision: person.decisionPosition, attempt: 1, since: now, retry: now + .seconds(60)))
  }

  @Test("a new ledger is well, in one word")
  func well() async throws {
    _ = try await show(2)
    #expect(try health().level == .well && health().line == "well" && health().json["reasons"] == [])
  }

  @Test("parked people degrade it beyond what is usual; the line counts them and names nobody")
  func parkedPeople() async throws {
    for person in try await show(3).prefix(2) { try await ledger.account(person.alias, parked(person)) }
    #expect(try health().level == .degraded && health().line == "degraded: 2 parked")
    var limits = MonitoringConfiguration()
    limits.parked = 2
    #expect(try health(limits).level == .well)
    #expect(try health().json["reasons"]?.array?.first?["reason"] == "parked")
  }

  @Test("work that waits without a worker degrades it after a while, and breaks it once it is silent")
  func noWorker() async throws {
    _ = try await show(2)
    place.clock.advance(.seconds(601))
    #expect(try codes() == [.noWorker] && health().level == .degraded)
    place.clock.advance(.seconds(3600))
    #expect(try codes() == [.silent, .noWorker] && health().level == .broken)
  }

  @Test("a quarantine breaks it, an open circuit and a pause degrade it, planned rest is nothing")
  func blocks() async throws {
    try await ledger.target(
      .circuitOpened(CircuitOpened(faults: 5, operation: "GET /Users", error: "timeout")),
      .deliveryPaused(DeliveryPaused(reason: "Ada asked for it")))
    #expect(try codes() == [.paused, .circuit] && health().level == .degraded)
    #expect(try !health().line.contains("Ada"))
    try await ledger.target(.quarantineEntered(QuarantineEntered(.credentials, status: 401, operation: "GET /Users")))
    #expect(try codes().first == .quarantine && health().level == .broken)
    #expect(try health().line.hasPrefix("broken: quarantine since \(place.clock.moment)"))
  }

  @Test("old proofs of backups and old checkpoints degrade it, by the limits of the configuration")
  func evidence() async throws {
    try await ledger.target(.circuitClosed(CircuitClosed()))
    place.clock.advance(.seconds(24 * 3600 + 1))
    #expect(try codes() == [.oldCheckpoint])
    try await ledger.checkpoint()
    #expect(try health().level == .well)
    place.clock.advance(.seconds(7 * 86_400))
    #expect(try codes().contains(.oldBackup))
    try place.reconfigure("backupDays: 7", with: "backupDays: 30")
    let other = try place.open()
    #expect(try Health(StatusReport(other), other.configuration.monitoring, at: place.clock.moment).level == .well)
  }

  @Test("a leaver whose account is active breaks it")
  func drifted() async throws {
    let person = try await show(1)[0]
    let account = RemoteAccount(id: "u1", userName: "p0@example.com", displayName: "Name of p0", active: false)
    let completed = EventPayload.deliveryCompleted(DeliveryCompleted(.call, decision: person.decisionPosition))
    try await ledger.account(person.alias, .linked(AccountLinked(.created, account)), completed)
    #expect(try codes() == [.drifted])
    var status = try StatusReport(ledger)
    status.leavers[.drifted] = 1
    #expect(Health(status, .init(), at: place.clock.moment).reasons.map(\.code) == [.activeLeavers])
  }

  @Test("every reason has a state that gives it, and none is given without", arguments: Health.Reason.Code.allCases)
  func reasons(code: Health.Reason.Code) async throws {
    _ = try await show(1)
    let now = place.clock.moment
    var status = try StatusReport(ledger)
    #expect(Health(status, .init(), at: now).reasons.isEmpty)
    switch code {
    case .tampered: status.rehash = try tampered(now)
    case .forked: status.fork = Fault(.logForked, "It is.")
    case .quarantine: status.blocks = [BlockReport(.quarantine)]
    case .silent: status.silence = try silence()
    case .activeLeavers: status.leavers[.parked] = 1
    case .workerStopped: status.worker = LockHolder(process: 1, isStopped: true)
    case .parked: status.people[.abandoned] = 1
    case .drifted: status.people[.drifted] = 1
    case .held: status.safeguards = [held(now)]
    case .paused: status.blocks = [BlockReport(.operatorPause)]
    case .circuit: status.blocks = [BlockReport(.circuit)]
    case .noWorker:
      let lanes = [Lane.creates: Backlog.Waiting(count: 1, oldest: now + .seconds(-601))]
      status.throughput.backlog.lanes = lanes
    case .oldBackup: status.backup.isOverdue = true
    case .oldCheckpoint: status.uncovered = now + .seconds(-86_401)
    case .anchorFailed: status.anchors = [AnchorState(name: "file", failed: now, failure: "full")]
    case .copy: status.isCopy = true
    case .overdueReview: status.reviews = [try overdue(now)]
    case .noCycle: status.watch.silentSince = now
    case .cycleFailed:
      status.watch.failures = [.init(.folder, code: "PL-0113", reason: "PL-0113: It is cut.", since: now)]
    case .oldExport: status.watch.isExportOld = true
    case .credentialsEnding: status.watch.ending = [.init(kind: "secret", name: nil, end: now)]
    }
    let health = Health(status, .init(), at: now)
    #expect(health.reasons.map(\.code) == [code] && health.level == code.level)
    #expect(!health.line.contains("\n") && health.line.hasPrefix("\(code.level.word): "))
  }

  private func tampered(_ now: Timestamp) throws -> Rehash.Outcome {
    var verification = try ledger.log.verify(VerificationScope())
    verification.add([.init(kind: .changed, position: 1, stream: nil, sentence: "changed")])
    return Rehash.Outcome(verification, finished: now)
  }

  /// As it comes to be when work waits for hours.
  private func silence() throws -> Silence {
    place.clock.advance(.seconds(7200))
    return try #require(try StatusReport(ledger).silence)
  }

  private func overdue(_ now: Timestamp) throws -> ReviewStatus {
    let started = ReviewStarted(asOf: now, position: 1, due: now, reviewers: ["operator:olga"], count: 1)
    let logged = LoggedEvent(
      Event(.review("q4"), .reviewStarted(started)), position: 2, time: now, actor: "operator:bob")
    return ReviewStatus(try #require(Review(logged)), at: now + .seconds(1))
  }

  private func held(_ now: Timestamp) -> SafeguardRow {
    SafeguardRow(
      id: "s", cycle: "c", tripped: now, people: 7, limit: 5, active: 20, approved: nil, approvedBy: nil, holding: 7)
  }

  // MARK: Metrics

  @Test("the metrics are a valid exposition, and name nobody")
  func metrics() async throws {
    let people = try await show(4)
    try await ledger.account(people[0].alias, parked(people[0]))
    let text = try StatusReport(ledger).metrics(health())
    let metrics = try ExpositionCheck(text)
    #expect(metrics.values["provledger_people{status=\"parked\"}"] == 1)
    #expect(metrics.values["provledger_people{status=\"pending\"}"] == 3)
    #expect(metrics.values["provledger_health"] == 1)
    #expect(metrics.values["provledger_health_reason{reason=\"parked\"}"] == 1)
    #expect(metrics.values["provledger_health_reason{reason=\"silent\"}"] == 0)
    #expect(metrics.values["provledger_log_events_total"].map { Int64($0) } == (try ledger.log.lastPosition()))
    #expect(metrics.values["provledger_last_cycle_timestamp_seconds"] == 1_767_312_000)
    for word in ["example.com", "Name of", people[0].alias, place.root] { #expect(!text.contains(word)) }
  }
}

/// Reads the text format of Prometheus by its grammar alone, and refuses what does not keep to it.
struct ExpositionCheck {
  var values: [String: Double] = [:]

  struct Wrong: Error { var line: Substring }

  init(_ text: String) throws {
    guard text.hasSuffix("\n") else { throw Wrong(line: "") }
    var helped: Set<String> = []
    var kinds: [String: String] = [:]
    let sample = /([a-z][a-z0-9_]*)(\{[a-z]+="(?:[^"\\]|\\[\\"n])*"\})? (-?[0-9]+(?:\.[0-9]+)?)/
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
      let words = line.split(separator: " ", maxSplits: 3).map(String.init)
      if line.hasPrefix("# HELP ") {
        guard words.count == 4, helped.insert(words[2]).inserted else { throw Wrong(line: line) }
      } else if line.hasPrefix("# TYPE ") {
        let isKnown = words.count == 4 && ["gauge", "counter"].contains(words[3]) && helped.contains(words[2])
        guard isKnown, kinds.updateValue(words[3], forKey: words[2]) == nil else { throw Wrong(line: line) }
      } else {
        guard let match = line.wholeMatch(of: sample), let kind = kinds[String(match.1)], let value = Double(match.3),
          match.1.hasPrefix("provledger_"), (kind == "counter") == match.1.hasSuffix("_total"),
          values.updateValue(value, forKey: "\(match.1)\(match.2 ?? "")") == nil
        else { throw Wrong(line: line) }
      }
    }
    guard Set(kinds.keys) == helped else { throw Wrong(line: "") }
  }
}
