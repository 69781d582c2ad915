import Base
import JSON
import Ledger
import Operations
import Provisioning
import TestSupport
import Testing

@testable import Reports
@testable import Views

@Suite("Status: what is pending, how fast it goes, what holds it back")
struct StatusTests {
  private let place: TestLedger
  private let ledger: OpenLedger

  init() throws {
    place = try TestLedger()
    ledger = try place.open()
  }

  private func show(_ count: Int, prefix: String = "p") async throws {
    let path = try place.write("export.csv", Export.csv((1...count).map { Exported("\(prefix)\($0)") }))
    _ = try await DirectoryImport(into: ledger, actor: "test").run(paths: [path])
    try ledger.views.catchUp()
  }

  /// Completes some pending deliveries, one a second.
  private func complete(_ count: Int) async throws {
    for open in try ledger.views.openDeliveries(.pending, limit: count) {
      place.clock.advance(.seconds(1))
      try await ledger.account(
        open.person.alias, .deliveryCompleted(DeliveryCompleted(.call, decision: open.person.decisionPosition)))
    }
    try ledger.views.catchUp()
  }

  private func status() throws -> StatusReport { try StatusReport(ledger) }

  @Test("without a worker at work nobody says when what waits is done")
  func noEstimate() async throws {
    try await show(20)
    try await complete(11)
    let found = try status()
    #expect(found.throughput.perMinute == "60.0" && found.throughput.empty == nil)
    #expect(found.progress?.done == 11 && found.progress?.estimate == nil)
    let words = found.rows(folder: "f", now: place.clock.moment).flatMap(\.self).joined(separator: "\n")
    #expect(words.contains("worker\nnone is running") && !words.contains(" about "))
  }

  @Test("a delivery a second is 60 a minute, and what waits is done after as many seconds")
  func throughput() async throws {
    let worker = try ledger.lock(.worker)
    defer { withExtendedLifetime(worker) {} }
    try await show(20)
    let began = place.clock.moment
    #expect(try status().throughput.perMinute == nil && status().throughput.empty == nil)
    try await complete(11)
    let throughput = try status().throughput
    #expect(throughput.perMinute == "60.0" && throughput.backlog.completed?.count == 11)
    #expect(throughput.empty == began + .seconds(20) && throughput.empty(.creates) == throughput.empty)
    #expect(throughput.empty(.leavers) == nil)
    let json = try status().json
    #expect(json["drain"]?["lanes"]?["creates"]?["pending"] == 9)
    #expect(json["drain"]?["perMinute"] == .decimal("60.0"))
    #expect(json["drain"]?["empty"]?.string == (began + .seconds(20)).description)
    place.clock.advance(.seconds(600))
    #expect(try status().json == json, "it does not follow the clock")
  }

  @Test("time in which nothing was pending does not slow the rate")
  func idleTime() async throws {
    try await show(5)
    try await complete(5)
    place.clock.advance(.seconds(300))
    try await show(30)
    try await complete(11)
    #expect(try status().throughput.perMinute == "60.0")
  }

  @Test("a cycle that came to no end is told as cut off, until the next one finishes")
  func cutOff() async throws {
    var cycle = Cycle(id: "cut", policy: ledger.configuration.policy, people: People([]))
    let outcome = cycle.run(DirectoryReading(kind: .snapshot, changes: []), safeguard: "s") { $0 }
    try await ledger.append(Array(outcome.events.prefix(1)), actor: "test")
    var found = try status()
    #expect(found.rows(folder: "f", now: place.clock.moment).contains { $0.first == "CUT OFF" })
    #expect(found.json["cycle"]?["state"] == "running")
    try await show(1)
    found = try status()
    #expect(!found.isCutOff && found.json["cycle"]?["state"] == "finished")
  }

  @Test("accounts of people whom no source owns are counted while they are active, as far as is known")
  func detached() async throws {
    try await show(3)
    for (number, person) in try ledger.views.people().people.enumerated() {
      let account = RemoteAccount(id: "u\(number)", userName: "u\(number)@x.org", displayName: "U", active: number > 0)
      try await ledger.account(
        person.alias, .linked(AccountLinked(.created, account)),
        .deliveryCompleted(DeliveryCompleted(.call, decision: person.decisionPosition)))
    }
    try ledger.views.catchUp()
    #expect(try status().detached == 0)
    _ = try await Sources(in: ledger, actor: "test").detach(.standard)
    let found = try status()
    let row = found.rows(folder: "f", now: place.clock.moment).first { $0.first == "detached" }
    #expect(found.detached == 2 && found.json["detached"] == 2)
    #expect(row?.last == "2 active accounts of people whom no source owns; nobody makes them inactive")
    let gone = try #require(try ledger.views.people().people.first { $0.account.believed?.active == true })
    try await ledger.account(
      gone.alias, .driftDetected(DriftDetected(.missing, isRepaired: false, account: nil)))
    #expect(try status().detached == 1)
  }

  @Test("a lane is empty once the lanes before it are")
  func lanes() {
    let moment = Timestamp(milliseconds: 1_000_000)
    let lanes = Dictionary(
      uniqueKeysWithValues: Lane.allCases.map { ($0, Backlog.Waiting(count: 10, oldest: moment)) })
    let backlog = Backlog(
      lanes: lanes, errors: [:], completions: 11, first: moment, newest: moment + .seconds(10))
    let throughput = Throughput(backlog, blocks: [])
    #expect(Lane.allCases.map(throughput.empty) == [20, 30, 40].map { moment + .seconds($0) })
    let paused = Throughput(backlog, blocks: [BlockReport(.targetPause, until: moment + .seconds(100))])
    #expect(paused.empty == moment + .seconds(130))
    #expect(Throughput(backlog, blocks: [BlockReport(.quarantine)]).empty == nil)
    #expect(Throughput(backlog, blocks: [], isAtWork: false).empty == nil)
  }

  // MARK: Closures

  @Test("an operator's pause, with who and why; it no longer counts when its end has passed")
  func operatorPause() async throws {
    let began = place.clock.moment
    try await ledger.append(
      [Event(.target, .deliveryPaused(DeliveryPaused(until: began + .seconds(60), reason: "move")))],
      actor: "operator:olga")
    let block = try #require(try status().blocks.first)
    #expect(block.reason == .operatorPause && block.since == began && block.until == began + .seconds(60))
    #expect(block.actor == "operator:olga" && block.detail == "move")
    #expect(try status().json["closed"]?.array?.first?["by"] == "operator:olga")
    place.clock.advance(.seconds(60))
    #expect(try status().blocks.isEmpty)
  }

  @Test("a quarantine names the calls that led to it, an open circuit the call that failed")
  func causes() async throws {
    let cause = QuarantineCause(operation: "PATCH /Users/{id}", status: 401, person: "p", answered: place.clock.moment)
    try await ledger.target(
      .circuitOpened(CircuitOpened(faults: 5, operation: "POST /Users", error: "timeout")),
      .quarantineEntered(
        QuarantineEntered(.credentials, status: 401, operation: "PATCH /Users/{id}", causes: [cause])))
    let blocks = try status().blocks
    #expect(blocks.map(\.reason) == [.quarantine, .circuit] && blocks[0].causes == [cause])
    #expect(blocks.allSatisfy { $0.since == place.clock.moment })
    #expect(blocks[1].detail?.contains("POST /Users, timeout") == true)
    let rows = try status().rows(folder: "x", now: place.clock.moment)
    #expect(rows.contains { $0[0] == "QUARANTINE" } && rows.contains { $0[0] == "CIRCUIT OPEN" })
    #expect(rows.contains { $0[1].contains("PATCH /Users/{id} was answered 401") && $0[0].isEmpty })
  }

  @Test("of a moment that is past nothing is said to be done now, and nothing is yet to come")
  func past() async throws {
    try await show(3)
    try await ledger.target(.deliveryPaused(DeliveryPaused(reason: "move")))
    try await ledger.target(
      .quarantineEntered(QuarantineEntered(.credentials, status: 401, operation: "GET /Users")))
    let person = try #require(try ledger.views.openDeliveries(.pending).first?.person)
    let now = place.clock.moment
    let parked = DeliveryParked(
      .rejected, decision: person.decisionPosition, attempt: 1, since: now, retry: now + .seconds(60))
    try await ledger.account(person.alias, .deliveryParked(parked))
    place.clock.advance(.seconds(60))
    let then = try StatusReport(ledger, asOf: AsOf(now, in: ledger)).rows(folder: "x", now: place.clock.moment)
    let present = try status().rows(folder: "x", now: place.clock.moment)
    func words(_ rows: [[String]]) -> String { rows.map { $0.joined(separator: ": ") }.joined(separator: "\n") }
    #expect(words(present).contains("none yet") && words(present).contains("`provledger delivery resume`"))
    #expect(words(then).contains("PAUSED: by") && words(then).contains("last good call: none by then"))
    #expect(words(then).contains("errors: 1 Rejected\n"))
    for word in ["`", "none yet", "Make a new"] { #expect(!words(then).contains(word), "\(words(then))") }
  }

  @Test("the newest comparison with TeamViewer is told by kind")
  func reconciled() async throws {
    try await ledger.target(
      .reconcileFinished(
        ReconcileFinished(
          request: nil, finished: place.clock.moment, accounts: 12, unmanaged: 3, drift: [.missing: 2], repairs: 2,
          isWithheld: false)))
    let json = try status().json["reconciled"]
    #expect(json?["drift"]?["missing"] == 2 && json?["drift"]?["extra"] == 0 && json?["unmanaged"] == 3)
  }

  @Test("errors are counted by their word, and gone once cured")
  func errors() async throws {
    try await show(3)
    let person = try #require(try ledger.views.openDeliveries(.pending).first?.person)
    let now = place.clock.moment
    try await ledger.account(
      person.alias,
      .deliveryParked(
        DeliveryParked(.rejected, decision: person.decisionPosition, attempt: 1, since: now, retry: now + .seconds(60)))
    )
    #expect(try status().json["errors"] == ["Rejected": 1])
    try await ledger.account(
      person.alias, .deliveryCompleted(DeliveryCompleted(.call, decision: person.decisionPosition)))
    #expect(try status().json["errors"] == [:])
  }

  // MARK: Silence

  private func answer() async throws {
    try await ledger.target(
      .callFinished(
        CallFinished(
          call: 0, purpose: .list, operation: "GET /Users", outcome: .done, status: 200, milliseconds: 7)))
  }

  @Test("silence is an alarm once no call went well for the limit, while something is pending")
  func silence() async throws {
    try await answer()
    place.clock.advance(.seconds(7200))
    #expect(try status().silence == nil, "nothing is pending")
    try await show(2)
    let began = place.clock.moment
    place.clock.advance(.seconds(3599))
    let before = try status().json.text
    #expect(try status().silence == nil)
    place.clock.advance(.seconds(1))
    let silence = try #require(try status().silence)
    #expect(silence.since == began && silence.limit == 60)
    let json = try status().json
    #expect(json["silence"] == ["since": .string(began.description), "limit": 60] && json.text != before)
    place.clock.advance(.seconds(86_400))
    #expect(try status().json == json)
    try await answer()
    #expect(try status().silence == nil)
  }

  @Test("an operator's pause is no silence, and the time of one does not count")
  func wantedSilence() async throws {
    try await show(2)
    let end = place.clock.moment + .seconds(7200)
    try await ledger.target(.deliveryPaused(DeliveryPaused(until: end, reason: "move")))
    place.clock.advance(.seconds(7199))
    #expect(try status().silence == nil)
    place.clock.advance(.seconds(3600))
    #expect(try status().silence == nil)
    place.clock.advance(.seconds(1))
    #expect(try status().silence?.since == end)
  }
}
