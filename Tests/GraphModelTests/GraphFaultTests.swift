import Base
import GraphModel
import JSON
import Testing

@Suite("Graph: limits and faults")
struct GraphFaultTests {
  @Test("a bucket that is empty answers 429 with the seconds until it suffices; refused calls count too")
  func throttling() throws {
    var reader = try Reader(RouteTests.tenant()) { $0.throttle = Throttle(units: 10, seconds: 10) }
    var statuses: [Int] = []
    for _ in 0..<6 { statuses.append(reader.get("/users").status) }
    #expect(statuses == [200, 200, 200, 200, 200, 429])
    let refused = reader.get("/users")
    #expect(refused.json?["error"]?["code"] == "TooManyRequests" && refused.headers["retry-after"] == "4")
    #expect(refused.headers["x-ms-throttle-scope"]?.hasSuffix("\(clientId)/\(tenantId)") == true)
    reader.now = start + .seconds(6)
    let cheap = reader.get("/users?$select=id")
    #expect(cheap.status == 200 && cheap.headers["x-ms-resource-unit"] == "1")
    #expect(cheap.headers["x-ms-throttle-limit-percentage"] == "0.9")
  }

  @Test("the documented limits go by the number of users")
  func sizes() throws {
    for (users, units) in [(5, 3500), (60, 5000), (501, 8000)] {
      var reader = try Reader(RouteTests.tenant(users: users))
      var calls = 0
      while reader.get("/groups/g1").status == 200 { calls += 1 }
      #expect(calls == units)
    }
  }

  static let answers: [(GraphFault.Kind, Int)] = [
    (.tooManyRequests, 429), (.tooManyRequestsSeconds, 429), (.error500, 500), (.unavailable, 503), (.error504, 504),
    (.unauthorized, 401), (.forbidden, 403), (.tokenExpired, 401), (.expiredGone, 410), (.expiredUnsupported, 400),
    (.expiredSyncState, 400), (.expiredPage, 400), (.html200, 200), (.wrongType, 200), (.delay, 200),
  ]

  @Test(
    "a scripted fault hits the calls that match it, behind those that go well, and no more", arguments: answers.indices)
  func scripted(index: Int) throws {
    let (kind, status) = Self.answers[index]
    var reader = try Reader(RouteTests.tenant())
    reader.graph.faults.script = [.init(GraphFault(kind, retryAfterSeconds: 7), after: 1, path: "/users/delta")]
    let calls = ["/users/delta", "/groups/delta", "/users/delta", "/users/delta"]
    let outcomes = calls.map { reader.graph.react(to: reader.request($0), now: start) }
    #expect(outcomes.map(\.fault) == [nil, nil, kind, nil])
    guard case .answer(let answer) = outcomes[2].reaction else { throw Missing() }
    #expect(answer.status == status)
    #expect(answer.headers["retry-after"] == ([.tooManyRequestsSeconds, .unavailable].contains(kind) ? "7" : nil))
    #expect(answer.headers["location"]?.hasSuffix("$deltatoken=") == (kind == .expiredGone ? true : nil))
    #expect(outcomes[2].latency == (kind == .delay ? 1000 : 0))
    #expect(reader.graph.carriedOut == [kind: 1])
    guard case .answer(let after) = outcomes[3].reaction else { throw Missing() }
    #expect(after.status == (kind == .tokenExpired ? 401 : 200))
  }

  private struct Missing: Error {}

  private func spoiled(_ kind: GraphFault.Kind, _ path: String = "/users/delta?$select=id") throws -> (
    JSONValue, Reader
  ) {
    var reader = try Reader(RouteTests.tenant()) { $0.pageSize = 2 }
    reader.graph.faults.script = [.init(GraphFault(kind))]
    guard case .answer(let answer) = reader.graph.react(to: reader.request(path), now: start).reaction else {
      throw Missing()
    }
    return (try #require(answer.json), reader)
  }

  @Test("an empty page and a page that comes twice lead to the page that was asked for")
  func again() throws {
    for kind in [GraphFault.Kind.emptyPage, .pageTwice] {
      var (page, reader) = try spoiled(kind)
      #expect(page["value"]?.array?.count == (kind == .emptyPage ? 0 : 2))
      let rest = try reader.entries(try #require(page["@odata.nextLink"]?.string))
      #expect(rest.ids == ["u0", "u1", "u2", "u3", "u4"])
    }
  }

  @Test("a directory that lies says little, with 200, and ends the list")
  func lies() throws {
    for (kind, count) in [(GraphFault.Kind.emptyList, 0), (.shortList, 1)] {
      var (page, reader) = try spoiled(kind)
      #expect(page["value"]?.array?.count == count && page["@odata.nextLink"] == nil)
      let link = try #require(page["@odata.deltaLink"]?.string)
      #expect(try reader.entries(link).isEmpty)
      let (list, _) = try spoiled(kind, "/users")
      #expect(list["value"]?.array?.count == count && list["@odata.nextLink"] == nil)
    }
  }

  @Test("a link may lead to another host")
  func host() throws {
    let (page, _) = try spoiled(.otherHost)
    #expect(page["@odata.nextLink"]?.string?.hasPrefix("https://graph.example.net/v1.0/users/delta?") == true)
  }

  @Test("what is cut, and what does not come")
  func broken() throws {
    var reader = try Reader(RouteTests.tenant())
    let kinds: [GraphFault.Kind] = [.cutJSON, .truncatedBody, .reset, .noAnswer]
    reader.graph.faults.script = kinds.map { .init(GraphFault($0)) }
    let reactions = kinds.map { _ in reader.graph.react(to: reader.request("/users"), now: start).reaction }
    guard case .answer(let cut) = reactions[0], case .cutOff(let whole) = reactions[1] else { throw Missing() }
    #expect(cut.status == 200 && cut.json == nil && whole.json?["value"]?.array?.count == 5)
    #expect(reactions[2] == .reset && reactions[3] == .silence)
  }

  @Test("chance repeats from its seed, and does not mislead")
  func chance() {
    func drawn(_ seed: UInt64) -> [GraphFault?] {
      var plan = GraphFaultPlan(seed: seed, probability: 0.3)
      return (0..<300).map { _ in plan.decide("/users") }
    }
    let faults = drawn(1).compactMap(\.self)
    #expect(drawn(1) == drawn(1) && drawn(1) != drawn(2) && (60...120).contains(faults.count))
    #expect(faults.allSatisfy { !$0.kind.isMisleading && $0.kind != .forbidden && $0.kind != .unauthorized })
  }
}
