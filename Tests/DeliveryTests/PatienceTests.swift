import Base
import DeliveryMachine
import EventLog
import Ledger
import Provisioning
import SCIM
import Sealing
import Synchronization
import TeamViewer
import TestSupport
import Testing
import Views

@testable import Delivery

/// Runs that end although TeamViewer is of no use, in virtual time.
@Suite("A run's patience")
struct PatienceTests {
  private static let failures: [(Exchange, FaultCode)] = [
    (.failed(.refused), .targetUnreachable), (.failed(.tls), .targetTLS),
    (.response(SCIMResponse(status: 503)), .targetFault),
    (.response(SCIMResponse(status: 301, headers: ["location": "https://elsewhere.example/"])), .targetNotSCIM),
    (
      .response(SCIMResponse(status: 200, headers: ["content-type": "text/html"], body: Array("<p>".utf8))), .targetHTML
    ),
    (.response(SCIMResponse(status: 200)), .targetNotSCIM),
  ]

  @Test(
    "a worker ends when nothing gets through for as long as it has patience, and says what it saw", arguments: failures)
  func worker(_ exchange: Exchange, _ code: FaultCode) async throws {
    let site = try Site()
    try await site.take(Site.people(1...3))
    let began = site.ledger.clock()
    let patience = Patience(limit: .seconds(900), since: began)
    let worker = try await site.worker(patience: patience) { _ in exchange }
    guard case .fruitless(let end) = try await worker.run() else { return #expect(Bool(false), "it gives up") }
    #expect(end.last?.code == code && end.span == .seconds(900))
    let span = site.ledger.clock() - began
    #expect(span >= .seconds(900) && span < .seconds(2000), "\(span)")
    let fault = end.fault(pending: 3, TargetDiagnosis(url: try TargetURL("https://tv.example/scim/v2")))
    #expect(fault.code == .fruitless && fault.sentence.hasPrefix("Nothing got through for 15 min, and 3 people are"))
    #expect(fault.sentence.contains("\(code): "))
    #expect(try site.known().allSatisfy(\.isPending))
  }

  private static let began = Timestamp(milliseconds: 0)

  private static func call(_ outcome: CallFinished.Outcome, _ error: String? = nil) -> CallFinished {
    CallFinished(
      call: 0, purpose: .list, operation: "GET /Users", outcome: outcome, status: nil, error: error, milliseconds: 1)
  }

  @Test("each call that gets through begins the patience anew; a refusal for the account's own sake is one of them")
  func renewed() {
    let patience = Patience(limit: .seconds(60), since: Self.began)
    for (seconds, finished, calls) in [
      (30, Self.call(.failed, "timeout"), 1), (50, Self.call(.unknown, "timeout"), 2), (59, Self.call(.done), 0),
      (100, Self.call(.failed, "reset"), 1), (110, Self.call(.refused), 0), (160, Self.call(.refused, "rate-limit"), 1),
    ] {
      #expect(patience.note(finished, at: Self.began + .seconds(seconds)) == calls)
      #expect(patience.end(at: Self.began + .seconds(seconds), nil) == nil)
    }
    #expect(patience.deadline(nil) == Self.began + .seconds(170))
    let end = patience.end(at: Self.began + .seconds(170), nil)
    #expect(end?.last?.code == .targetRateLimited && end?.last?.operation == "GET /Users")
  }

  @Test("of a list whose end is not in sight a worker says how many pages were read")
  func endlessList() async throws {
    let site = try Site()
    try await site.take(Site.people(1...1))
    let clock = site.place.clock
    let worker = try await site.worker(patience: Patience(limit: .seconds(60), since: clock.moment)) { request in
      clock.advance(.seconds(10))
      let start = request.parameter("startIndex").flatMap { Int($0) } ?? 1
      let user = SCIMUser(id: "u\(start)", userName: "u\(start)@corp.example", active: true).json
      return .response(SCIMResponse(status: 200, json: ListResponse(totalResults: start + 8, resources: [user]).json))
    }
    guard case .fruitless(let end) = try await worker.run() else { return #expect(Bool(false), "it gives up") }
    #expect(end.last == nil && (4...10).contains(end.pages), "\(end.pages)")
    let fault = end.fault(pending: 1, TargetDiagnosis(url: try TargetURL("https://tv.example/scim/v2")))
    #expect(fault.sentence.hasPrefix("The list of accounts was not at its end after \(end.pages) pages and 1 min, and"))
  }

  @Test("the URL is to blame only where no list and no account could be read, in this run or before")
  func blame() throws {
    let url = try TargetURL("https://tv.example/scim/v2")
    let cases: [(CallFinished?, Bool, Bool)] = [
      (nil, false, true), (Self.call(.done), false, false), (nil, true, false),
    ]
    for (first, ever, blames) in cases {
      let patience = Patience(limit: .seconds(60), since: Self.began)
      if let first { patience.note(first, at: Self.began) }
      var read = Self.call(.failed, "unreadable")
      read.operation = "GET /Users/{id}"
      patience.note(read, at: Self.began)
      let end = try #require(patience.end(at: Self.began + .seconds(60), nil))
      let sentence = end.fault(pending: 1, TargetDiagnosis(url: url, hasRead: ever)).sentence
      #expect(sentence.contains("the last call, GET /Users/{id}, met PL-0715"))
      #expect(sentence.contains("not with an account that can be read"))
      #expect(sentence.contains("no SCIM endpoint. Correct the URL") == blames, "\(sentence)")
    }
  }

  @Test("a pause that TeamViewer asks for is waited out, also one longer than the patience; then its time has counted")
  func pause() {
    let patience = Patience(limit: .seconds(60), since: Self.began)
    let pause = DeliveryBlock(.targetPause, until: Self.began + .seconds(1000))
    patience.note(Self.call(.refused, "rate-limit"), at: Self.began)
    #expect(patience.end(at: Self.began, pause) == nil && patience.deadline(pause) == nil)
    #expect(patience.end(at: Self.began + .seconds(900), pause) == nil)
    patience.note(Self.call(.refused, "rate-limit"), at: Self.began + .seconds(1000))
    #expect(patience.end(at: Self.began + .seconds(1000), pause) != nil)
  }

  @Test(
    "rest that somebody wants does not count", arguments: [DeliveryBlock.Reason.maintenance, .operatorPause, .quota])
  func rest(_ reason: DeliveryBlock.Reason) {
    let patience = Patience(limit: .seconds(60), since: Self.began)
    #expect(patience.end(at: Self.began + .seconds(500), DeliveryBlock(reason)) == nil)
    #expect(patience.deadline(DeliveryBlock(reason)) == nil)
    #expect(patience.end(at: Self.began + .seconds(540), nil) == nil)
    #expect(patience.end(at: Self.began + .seconds(560), nil) != nil)
  }

  @Test("a start in an outage gives up too; the log has it at once, and once, and the next start closes it")
  func start() async throws {
    let site = try Site()
    let dead = TargetConnection(send: site.connection.send) { _ in .failed(.refused) }
    let clock = site.place.clock
    let patience = Patience(limit: .seconds(900), since: site.ledger.clock())
    await #expect(throws: Fruitless.self) {
      try await Worker.settings(
        for: site.ledger, target: dead, untilIdle: true, logger: quiet, patience: patience,
        sleep: { clock.advance($0) })
    }
    let types = try site.ledger.recorded().map(\.type)
    #expect(types.count { $0 == CallFinished.type } == 1 && types.count { $0 == CircuitOpened.type } == 1)
    let counts = try site.ledger.recorded().compactMap { recorded -> TargetUnreachable? in
      guard case .targetUnreachable(let faults) = try site.ledger.codec.decode(recorded).payload else { return nil }
      return faults
    }
    #expect(counts.isEmpty, "within the hour")
    try site.ledger.views.catchUp()
    #expect(try site.ledger.views.target().condition.circuit?.error == "refused")
    _ = try await Worker.settings(for: site.ledger, target: site.connection, untilIdle: true, logger: quiet)
    try site.ledger.views.catchUp()
    #expect(try site.ledger.views.target().condition.circuit == nil)
  }

  @Test("a start within a planned maintenance has its patience from the end of it on")
  func startInMaintenance() async throws {
    let place = try TestLedger()
    let end = place.clock.moment + .seconds(7200)
    try place.reconfigure(
      "maintenance: []", with: "maintenance: [{from: 2026-01-01T00:00:00Z, to: 2026-01-02T02:00:00Z}]")
    let ledger = try place.open()
    defer { try? ledger.close() }
    let dead = TargetConnection(send: { _ in .failed(.refused) }, get: { _ in .failed(.refused) })
    await #expect(throws: Fruitless.self) {
      try await Worker.settings(
        for: ledger, target: dead, untilIdle: true, logger: quiet,
        patience: Patience(limit: .seconds(60), since: place.clock.moment), sleep: { place.clock.advance($0) })
    }
    #expect(place.clock.moment >= end + .seconds(60) && place.clock.moment < end + .seconds(120))
  }

  @Test("a start that is refused for pace waits as the log says, so that an operator can end it")
  func paced() async throws {
    let site = try Site()
    let answers = Mutex([429, 429, 403])
    let target = TargetConnection(send: site.connection.send) { _ in
      .response(SCIMResponse(status: answers.withLock { $0.removeFirst() }))
    }
    let clock = site.place.clock
    _ = try await Worker.settings(
      for: site.ledger, target: target, untilIdle: true, logger: quiet, sleep: { clock.advance($0) })
    let pauses = try site.ledger.recorded().compactMap { recorded -> TargetPaused? in
      guard case .targetPaused(let pause) = try site.ledger.codec.decode(recorded).payload else { return nil }
      return pause
    }
    #expect(pauses.map(\.refusals) == [1, 2])
  }
}
