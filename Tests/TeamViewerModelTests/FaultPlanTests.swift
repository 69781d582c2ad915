import Base
import JSON
import Provisioning
import SCIM
import TeamViewerModel
import Testing

@Suite("Faults")
struct FaultPlanTests {
  static let start = Timestamp(milliseconds: 1_750_000_000_000)
  static let create = SCIMRequest.createUser(SCIMUser(userName: "a@corp.example", displayName: "An Na"))

  static func simulation(_ plan: FaultPlan = FaultPlan()) -> SimulatedTeamViewer {
    SimulatedTeamViewer(model: TeamViewerService(settings: .init(tokens: [.init("t")])), plan: plan)
  }

  @Test("SplitMix64 gives its published sequence")
  func generator() {
    var generator = SeededGenerator(seed: 1_234_567)
    #expect(
      (0..<3).map { _ in generator.next() } == [
        6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
      ])
    #expect(generator.number(in: 5...5) == 5)
    #expect((0..<100).allSatisfy { _ in (-3...3).contains(generator.number(in: -3...3)) })
    #expect(!generator.chance(0) && generator.chance(1))
  }

  static func outcomes(seed: UInt64) -> [SimulatedTeamViewer.Outcome] {
    var simulation = simulation(FaultPlan(seed: seed, profile: .passing(probability: 0.5)))
    simulation.latency = 1...50
    return (0..<200).map { index in
      simulation.react(to: index % 2 == 0 ? create : .listUsers(), token: "t", now: start + .seconds(index))
    }
  }

  @Test("a seed repeats exactly, another seed differs")
  func deterministic() {
    #expect(Self.outcomes(seed: 1) == Self.outcomes(seed: 1))
    #expect(Self.outcomes(seed: 1) != Self.outcomes(seed: 2))
    let kinds = Set((0..<20).flatMap { Self.outcomes(seed: $0) }.compactMap { $0.fault?.kind })
    let passing = SimulatedFault.Kind.allCases.filter { !$0.isMisleading }
    #expect(kinds == Set(passing).subtracting([.unauthorized, .forbidden]))
  }

  static let views: [(SimulatedFault.Kind, String)] = [
    (.delay, "201"), (.error500, "500"), (.error500Applied, "500"), (.error502, "502"), (.error503, "503"),
    (.tooManyRequests, "429"), (.tooManyRequestsSeconds, "429"), (.tooManyRequestsDate, "429"),
    (.rateLimitReached, "403"), (.unauthorized, "401"), (.forbidden, "403"), (.html200, "200"),
    (.html200Applied, "200"), (.html502, "502"), (.cutJSON, "201"), (.truncatedBody, "truncated"),
    (.resetBefore, "reset"), (.resetAfter, "reset"), (.noAnswerBefore, "timeout"), (.noAnswerAfter, "timeout"),
    (.refused, "refused"),
  ]

  @Test("each fault is seen as it is, and takes effect or not as it says", arguments: views)
  func view(kind: SimulatedFault.Kind, seen: String) {
    let fault = SimulatedFault(kind, milliseconds: 700, retryAfterSeconds: 9)
    var simulation = Self.simulation(FaultPlan(script: [.init(fault)]))
    let (exchange, latency) = simulation.exchange(Self.create, token: "t", now: Self.start)
    switch exchange {
    case .failed(let failure): #expect(failure.label == seen)
    case .response(let response):
      #expect(String(response.status) == seen)
      #expect(response.isHTML == kind.rawValue.hasPrefix("html"))
      #expect((response.json == nil) == (response.isHTML || kind == .cutJSON))
      #expect(
        response.isRateLimited
          == [.tooManyRequests, .tooManyRequestsSeconds, .tooManyRequestsDate, .rateLimitReached].contains(kind))
      let wait: RetryAfter? =
        switch kind {
        case .tooManyRequestsSeconds: .seconds(9)
        case .tooManyRequestsDate: .date(milliseconds: Self.start.milliseconds + 9000)
        default: nil
        }
      #expect(response.retryAfter == wait)
    }
    #expect(latency == (kind == .delay ? 700 : seen == "timeout" ? 60_000 : 0))
    #expect(simulation.model.users.count == (kind.takesEffect ? 1 : 0))
    #expect(simulation.faults == [kind: 1])
    // The fault was for one request only.
    #expect(simulation.exchange(.listUsers(), token: "t", now: Self.start).exchange != exchange)
  }

  @Test("an answer later than the caller waits is none, although it took effect")
  func tooLate() {
    var simulation = Self.simulation(FaultPlan(script: [.init(SimulatedFault(.delay, milliseconds: 61_000))]))
    let (exchange, latency) = simulation.exchange(Self.create, token: "t", now: Self.start)
    #expect(exchange == .failed(.timeout) && latency == 60_000 && simulation.model.users.count == 1)
  }

  @Test("a script hits the next requests that match, in its order")
  func script() {
    var plan = FaultPlan(script: [
      .init(SimulatedFault(.error503), next: 2, method: .post),
      .init(SimulatedFault(.error500), method: .get, pathTemplate: "/Users/{id}"),
    ])
    let requests: [SCIMRequest] = [.listUsers(), Self.create, .getUser("u1"), .getUser("u1"), Self.create, Self.create]
    let kinds = requests.map { plan.decide($0, now: Self.start)?.kind }
    #expect(kinds == [nil, .error503, .error500, nil, .error503, nil])
    #expect(plan.script.isEmpty)
  }

  @Test("in an outage everything fails, and only then")
  func outage() {
    var plan = FaultPlan(
      script: [.init(SimulatedFault(.error500))],
      outages: [.init(from: Self.start, to: Self.start + .seconds(10))])
    let kinds = [-1, 0, 9_999, 10_000].map { plan.decide(.listUsers(), now: Self.start + .milliseconds($0))?.kind }
    #expect(kinds == [.error500, .refused, .refused, nil])
  }

  @Test("a company of 5,000 under faults stays sound and quick to ask")
  func sound() {
    var simulation = Self.simulation(FaultPlan(seed: 7, profile: .doubtful(probability: 0.3)))
    for number in 0..<5000 {
      let user = SCIMUser(userName: "p\(number)@corp.example", displayName: "Person \(number)")
      _ = simulation.exchange(.createUser(user), token: "t", now: Self.start)
      _ = simulation.exchange(
        .listUsers(filter: Filter("userName", .eq, user.userName ?? "")), token: "t", now: Self.start)
    }
    #expect(simulation.model.check().isEmpty)
    #expect(simulation.model.creates.values.allSatisfy { $0 == 1 })
  }
}
