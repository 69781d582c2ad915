import Base
import CoreSupport
import DeliveryMachine
import JSON
import Provisioning
import SCIM
import Testing

/// The table of the article Deliveries, "What follows from an answer", row by row.
@Suite("Failures")
struct FailureTests {
  private func creating() -> Stage {
    var stage = Stage([.ada()])
    stage.answer(.page())
    _ = stage.told()
    return stage
  }

  static let doubts: [(String, Exchange)] = [
    ("no answer", .failed(.timeout)), ("reset", .failed(.reset)), ("truncated", .failed(.truncated)),
    ("500", .status(500)), ("503", .status(503)), ("HTML", .html), ("no JSON", .status(201)),
    ("another shape", .status(201, ["id": "u1"])),
  ]

  @Test("a write of unknown outcome is read back before anything is sent again", arguments: doubts)
  func unknown(name: String, exchange: Exchange) {
    var stage = creating()
    stage.answer(exchange)
    #expect(stage.last(CallFinished.self)?.outcome == .unknown)
    stage.pass(.seconds(20))
    #expect(stage.calls.map(\.purpose) == [.readBack])
    #expect(stage.calls.first?.request.parameter("filter") == "userName eq \"ada@contoso.com\"")
    stage.answer(.page(Exchange.user("u1", "ada@contoso.com", "Ada Lovelace")))
    #expect(stage.last(AccountLinked.self)?.how == .readBack)
    #expect(stage.last(DeliveryCompleted.self)?.how == .readBack)
  }

  @Test("a read-back that finds nothing is followed by the write again")
  func notFound() {
    var stage = creating()
    stage.answer(.failed(.reset))
    stage.pass(.seconds(20))
    stage.answer(.page())
    #expect(stage.calls.map(\.purpose) == [.create])
  }

  @Test("what certainly never arrived is sent again without a read")
  func neverArrived() {
    var stage = creating()
    stage.answer(.failed(.refused))
    #expect(stage.last(CallFinished.self)?.outcome == .failed)
    stage.pass(.seconds(20))
    #expect(stage.calls.map(\.purpose) == [.create])
  }

  @Test("a killed process finds its unanswered write in the log and reads back first")
  func killed() {
    var person = Person.ada()
    let started = CallStarted(call: 1, purpose: .create, decision: 3, userName: "ada@contoso.com", body: nil)
    person.evolve(.callStarted(started), at: 4)
    let stage = Stage([person])
    #expect(stage.calls.map(\.purpose) == [.readBack])
  }

  @Test("401 is quarantine at once; a later start probes, and success leaves it")
  func credentials() {
    var stage = creating()
    stage.answer(.status(401))
    #expect(stage.last(QuarantineEntered.self)?.reason == .credentials)
    #expect(stage.machine.isQuarantined)
    stage.pass(.seconds(3600))
    #expect(stage.calls.isEmpty)
    var condition = TargetCondition()
    condition.evolve(.quarantineEntered(QuarantineEntered(.credentials, status: 401, operation: "POST /Users")))
    var again = Stage([.ada()], condition: condition)
    #expect(again.calls.map(\.purpose) == [.probe])
    again.answer(.page())
    #expect(again.last(QuarantineLeft.self)?.how == .probe)
    #expect(again.calls.map(\.purpose) == [.list])
  }

  @Test("403 on a write is explained by a plain read: this account, or the token")
  func forbidden() {
    let refusal = Exchange.status(403, SCIMErrorResponse(status: 403, detail: "No.").json)
    var account = creating()
    account.answer(refusal)
    #expect(account.calls.map(\.purpose) == [.probe])
    account.answer(.page())
    #expect(account.last(DeliveryParked.self)?.reason == .insufficientRights)
    #expect(account.last(DeliveryParked.self)?.detail == "No.")
    var token = creating()
    token.answer(refusal)
    token.answer(refusal)
    #expect(token.last(QuarantineEntered.self)?.reason == .insufficientRights)
  }

  static let pace: [(String, Exchange, Duration)] = [
    ("429", .status(429), .seconds(1)), ("429 in 7 s", .status(429, headers: ["retry-after": "7"]), .seconds(7)),
    ("403", .status(403, WebAPIErrorResponse(error: "rate_limit_reached").json), .seconds(1)),
  ]

  @Test("a refusal for pace pauses everybody, then one call probes", arguments: pace)
  func tooFast(name: String, exchange: Exchange, span: Duration) throws {
    var stage = creating()
    stage.answer(exchange)
    let pause = try #require(stage.last(TargetPaused.self))
    #expect(pause.until == stage.now + span)
    stage.pass(span - .milliseconds(1))
    #expect(stage.calls.isEmpty)
    stage.pass(.milliseconds(1))
    #expect(stage.calls.count == 1)
  }

  @Test("pauses double at each further refusal in a row, up to fifteen minutes, and are kept over a restart")
  func doubling() throws {
    var stage = creating()
    var spans: [Int64] = []
    for _ in 0..<12 {
      stage.answer(.status(429))
      let pause = try #require(stage.last(TargetPaused.self))
      spans.append((pause.until - stage.now).milliseconds / 1000)
      stage.pass(pause.until - stage.now)
    }
    #expect(spans == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900])
    var condition = TargetCondition()
    condition.evolve(.targetPaused(TargetPaused(until: stage.now + .seconds(60), refusals: 3, status: 429)))
    var again = Stage([.ada()], condition: condition)
    let held = stage.now + .seconds(59) - again.now
    again.pass(held)
    #expect(again.calls.isEmpty)
    again.pass(.seconds(1))
    #expect(again.calls.count == 1)
  }

  @Test("an address that is taken is looked for once more, then parked as outside the company")
  func taken() {
    for refusal in [
      Exchange.status(409, SCIMErrorResponse(status: 409, scimType: "uniqueness").json),
      .status(400, WebAPIErrorResponse(error: "email_in_use").json),
    ] {
      var stage = creating()
      stage.answer(refusal)
      #expect(stage.calls.map(\.purpose) == [.list])
      stage.answer(.page())
      #expect(stage.calls.first?.request.parameter("filter") == "userName eq \"ada@contoso.com\"")
      stage.answer(.page())
      #expect(stage.last(DeliveryParked.self)?.reason == .addressOutsideCompany)
    }
  }

  @Test("another 4xx parks that account until a cycle, a changed decision or the ladder's time")
  func rejected() throws {
    var stage = creating()
    stage.answer(.status(400, SCIMErrorResponse(status: 400, detail: "Too odd.").json))
    let parked = try #require(stage.last(DeliveryParked.self))
    #expect(parked.reason == .rejected && parked.detail == "Too odd." && parked.attempt == 1)
    #expect(parked.retry == parked.since + .seconds(6 * 3600))
    #expect(stage.machine.isIdle)
    stage.observe(Event(.cycle("c"), .cycleStarted(CycleStarted(source: .snapshot, isInitial: false))))
    stage.observe(Event(.cycle("c"), .cycleFinished(CycleFinished(counts: CycleCounts(), deltaLink: nil))))
    #expect(stage.calls.map(\.purpose) == [.list])
  }

  @Test("a cycle that comes by itself lets nobody be tried before their time")
  func scheduled() throws {
    var stage = creating()
    stage.answer(.status(400))
    for (payload, calls) in [
      (EventPayload.cycleStarted(CycleStarted(source: .delta, isInitial: false)), 0),
      (.cycleFinished(CycleFinished(counts: CycleCounts(), deltaLink: nil)), 0),
    ] {
      stage.observe(Event(.cycle("c"), payload), by: .cycles)
      #expect(stage.calls.count == calls)
    }
  }

  @Test("parked deliveries are tried after 6, 12 and 24 hours, then daily, and abandoned after 28 days")
  func ladder() throws {
    var stage = creating()
    var first: Timestamp?
    var hours: [Int64] = []
    for _ in 0..<40 where stage.last(DeliveryAbandoned.self) == nil {
      while let call = stage.calls.first {
        stage.answer(call.purpose == .list ? .page() : .status(400, SCIMErrorResponse(status: 400).json))
      }
      let parked = try #require(stage.last(DeliveryParked.self))
      let since = first ?? parked.since
      first = since
      #expect(parked.since == since)
      hours.append((parked.retry - since).milliseconds / 3_600_000)
      stage.pass(parked.retry - stage.now)
    }
    #expect(hours.prefix(5) == [6, 12, 24, 48, 72])
    #expect(stage.last(DeliveryAbandoned.self)?.reason == .rejected)
    #expect(stage.machine.isIdle)
  }

  @Test("five faults in a row open the breaker; then one call at a time, until one goes well")
  func breaker() {
    let people = (0..<20).map { number in
      var person = Person.ada(.update, name: "New \(number)", linked: Person.linkedAccount)
      person.alias = "p\(number)"
      person.account.believed?.id = "u\(number)"
      return person
    }
    var stage = Stage(people)
    #expect(stage.calls.count == 8)
    var sent = 0
    while stage.answer(.failed(.refused)) != nil { sent += 1 }
    #expect(sent == 8, "the first fault halves the pace, the fifth in a row closes, and what was under way then ends")
    #expect(stage.machine.closed?.until != nil)
    stage.pass(.seconds(16))
    #expect(stage.calls.count == 1)
    stage.answer(.failed(.refused))
    #expect(stage.calls.isEmpty)
    stage.pass(.seconds(16))
    #expect(stage.answer(.page())?.purpose == .probe)
    #expect(stage.calls.count == 1 && stage.calls.first?.person != nil)
    let id = stage.calls.first?.person?.dropFirst() ?? ""
    stage.answer(.account("u\(id)", "ada@contoso.com", "New \(id)"))
    #expect(stage.calls.count > 1)
  }

  @Test("a pause that ended by a clock that was wrong goes on when the clock is set right")
  func pauseAndClock() {
    var stage = Stage((1...30).map { .number($0, isLinked: true) })
    while stage.answer(.status(429, headers: ["retry-after": "600"])) != nil {}
    let end = stage.now + .seconds(600)
    stage.pass(.seconds(3600))
    #expect(stage.calls.count == 1)
    stage.now = end + .seconds(-300)
    stage.answer(.account("u1", "p1@contoso.com", "New 1"))
    #expect(stage.calls.isEmpty && stage.machine.closed?.reason == .targetPause)
    stage.pass(.seconds(301))
    #expect(stage.calls.count == 1)
    stage.answer(.account("u2", "p2@contoso.com", "New 2"))
    #expect(stage.calls.count > 1)
  }

  @Test("a refusal of an older decision says nothing about a leaver's disable", arguments: [1, 2])
  func forbiddenBefore(answers: Int) {
    var play = Play([.number(1, isLinked: true)])
    play.target.accounts = [Person.number(1, isLinked: true)].compactMap(\.account.believed)
    play.meddle = { _, call in
      call.purpose == .change && AccountAttributes(sent: call.request.body)[.active] == nil ? .status(403) : nil
    }
    play.start()
    for _ in 1..<answers { play.step() }
    #expect(play.sent.last?.purpose == (answers == 1 ? .change : .probe))
    play.observe(.leaves(1))
    play.run()
    #expect(play.all(DeliveryParked.self).isEmpty && play.people["p1"]?.account.isVerified == true)
  }

  @Test("an account that alone fails again and again is parked, and holds nobody up")
  func poison() {
    var other = Person.ada(.update, name: "Bob", linked: Person.linkedAccount)
    other.alias = "bob"
    other.account.believed?.id = "u2"
    var stage = Stage([.ada(.update, name: "Poison", linked: Person.linkedAccount), other])
    for _ in 0..<200 where !stage.machine.isIdle {
      guard let call = stage.calls.first else {
        stage.pass(.seconds(16))
        continue
      }
      switch (call.person, call.purpose) {
      case ("ada", .change): stage.answer(.status(500))
      case ("ada", _): stage.answer(.account("u1", "ada@contoso.com", "Ada Lovelace"))
      default: stage.answer(.account("u2", "ada@contoso.com", "Bob"))
      }
    }
    #expect(stage.last(DeliveryParked.self)?.reason == .targetFault)
    #expect(stage.last(DeliveryCompleted.self) != nil)
    #expect(stage.machine.isIdle)
  }
}
