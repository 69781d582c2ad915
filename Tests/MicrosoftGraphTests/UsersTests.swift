import Base
import MicrosoftGraph
import NetworkSupport
import Provisioning
import Testing

@Suite("Users are read from Graph whole or not at all", .timeLimit(.minutes(2)))
struct GraphUsersTests {
  @Test("everybody: exactly the selected properties, links byte for byte, the deltaLink kept")
  func everybody() async throws {
    let script = Script { request, number in
      let origin = "http://\(request.headers["host"] ?? "")"
      return number == 0
        ? page([user(1)], next: "\(origin)/v1.0/users/delta?$skiptoken=a+b/%2F'c")
        : page([user(2), user(1, #","displayName":"Late""#)], delta: "\(origin)/v1.0/users/delta?$deltatoken=d+e")
    }
    try await withSource(script, attributes: ["department", "mail"]) { source, server, origin in
      let reading = try await source.everybody()
      #expect(reading.kind == .snapshot && reading.changes.map(\.id) == ["id-1", "id-2"])
      #expect(reading.changes[0].attributes[.displayName] == .text("Late"))
      #expect(reading.watermark == "\(origin)/v1.0/users/delta?$deltatoken=d+e")
      let asked = server.requests.filter { $0.method == "GET" }
      #expect(
        asked.map(\.target) == [
          "/v1.0/users/delta?$select=id,userPrincipalName,displayName,accountEnabled,mail,givenName,surname,userType,department",
          "/v1.0/users/delta?$skiptoken=a+b/%2F'c",
        ])
      #expect(asked.allSatisfy { $0.headers["authorization"] == "Bearer \(tokenWord)-0" })
      #expect(asked.allSatisfy { $0.headers["client-request-id"] == "request-id" && $0.headers["prefer"] == nil })
    }
  }

  @Test("in a read of everybody a value that is left out is gone, unless nobody has one")
  func unsaid() async throws {
    let script = Script { request, _ in
      page(
        [user(1, #","department":"Sales""#), user(2)],
        delta: "http://\(request.headers["host"] ?? "")/v1.0/users/delta?$deltatoken=1")
    }
    try await withSource(script, attributes: ["department", "city"]) { source, _, _ in
      let changes = try await source.everybody().changes
      let (department, city) = (DirectoryAttribute(rawValue: "department"), DirectoryAttribute(rawValue: "city"))
      #expect(changes.map { $0.attributes[department] } == [.text("Sales"), .cleared])
      #expect(changes.allSatisfy { $0.attributes[city] == nil })
    }
  }

  @Test("who is removed in a first round is absent, and a directory without users is refused")
  func removed() async throws {
    let gone = #"{"id":"id-9","@removed":{"reason":"changed"}}"#
    let script = Script { request, number in
      page(number == 0 ? [user(1), gone] : [gone], delta: "http://\(request.headers["host"] ?? "")/v1.0/d")
    }
    try await withSource(script) { source, _, _ in
      let reading = try await source.everybody()
      #expect(reading.changes.map(\.id) == ["id-1"])
      let fault = await #expect(throws: Fault.self) { try await source.everybody() }
      #expect(fault?.code == .noPeople)
    }
  }

  @Test("changes are asked for minimally, and removed people are told by the kind of removal")
  func changes() async throws {
    let script = Script { request, _ in
      page(
        [
          user(1), #"{"id":"ID-2","@removed":{"reason":"changed"}}"#, #"{"id":"id-3","@removed":{"reason":"deleted"}}"#,
        ],
        delta: "http://\(request.headers["host"] ?? "")/v1.0/users/delta?$deltatoken=2")
    }
    try await withSource(script) { source, server, origin in
      guard case .reading(let reading) = try await source.changes(since: "\(origin)/v1.0/users/delta?$deltatoken=1")
      else {
        Issue.record("no reading")
        return
      }
      #expect(reading.kind == .delta(link: "\(origin)/v1.0/users/delta?$deltatoken=2"))
      #expect(reading.watermark == "\(origin)/v1.0/users/delta?$deltatoken=2")
      #expect(reading.changes.map(\.state) == [.present, .softDeleted, .deleted])
      #expect(server.requests.last?.target == "/v1.0/users/delta?$deltatoken=1")
      #expect(server.requests.last?.headers["prefer"] == "return=minimal")
    }
  }

  private static let oddMembers = [
    #""displayName":5"#, #""displayName":"\#(String(repeating: "x", count: 40_000))""#, #""userPrincipalName":null"#,
    #""mail":{"a":1}"#, #""accountEnabled":"perhaps""#,
  ]

  @Test("what cannot be read of one person keeps nobody else from being seen, and is told", arguments: oddMembers)
  func odd(member: String) async throws {
    let gone = #"{"id":"id-2","@removed":{}}"#
    let script = Script { request, _ in
      page(
        [#"{"id":"id-1",\#(member)}"#, gone],
        delta: "http://\(request.headers["host"] ?? "")/v1.0/users/delta?$deltatoken=2")
    }
    try await withSource(script) { source, _, origin in
      guard case .reading(let reading) = try await source.changes(since: "\(origin)/v1.0/users/delta?$deltatoken=1")
      else {
        Issue.record("no reading")
        return
      }
      #expect(reading.changes.map(\.state) == [.present, .softDeleted])
      #expect(reading.changes[0].attributes.isEmpty && reading.unread.map(\.id) == ["id-1"])
    }
  }

  @Test("in a read of everybody a value that cannot be read is not gone")
  func oddAmongAll() async throws {
    let odd = #"{"id":"id-2","userPrincipalName":"two@contoso.example","accountEnabled":true,"department":{"a":1}}"#
    let script = Script { request, _ in
      page(
        [user(1, #","department":"Sales""#), odd],
        delta: "http://\(request.headers["host"] ?? "")/v1.0/users/delta?$deltatoken=1")
    }
    try await withSource(script, attributes: ["department", "mail"]) { source, _, _ in
      let reading = try await source.everybody()
      let department = DirectoryAttribute(rawValue: "department")
      #expect(reading.changes.map { $0.attributes[department] } == [.text("Sales"), nil])
      #expect(reading.unread == [UnreadValue(id: "id-2", attribute: department)])
    }
  }

  @Test("somebody can be asked for by id")
  func isThere() async throws {
    let script = Script { request, _ in
      request.target.contains("/users/id-1?")
        ? .init(200, #"{"id":"id-1"}"#) : Script.error(404, "Request_ResourceNotFound")
    }
    try await withSource(script) { source, server, _ in
      let (first, second) = (try await source.isThere("id-1"), try await source.isThere("id-2"))
      #expect(first && !second)
      #expect(server.requests.last?.target == "/v1.0/users/id-2?$select=id")
    }
  }

  @Test("an error beside users is a fault")
  func errorBeside() async throws {
    let script = Script { request, _ in
      let link = "http://\(request.headers["host"] ?? "")/v1.0/users/delta?$deltatoken=1"
      return .init(200, #"{"error":{"code":"x"},"value":[\#(user(1))],"@odata.deltaLink":"\#(link)"}"#)
    }
    try await withSource(script) { source, _, _ in
      let fault = await #expect(throws: Fault.self) { try await source.everybody() }
      #expect(fault?.code == .jsonShape)
    }
  }

  static let cut: [@Sendable (String) -> Script.Answer] = [
    { _ in page([user(1)]) },
    { _ in Script.Answer(200, #"{"value":[{"id":"#) },
    { page([user(1)], next: "\($0)/v1.0/users/delta?$skiptoken=1", delta: "\($0)/v1.0/d") },
    { page([user(1)], next: "\($0)/v1.0/users/delta?$skiptoken=same") },
  ]

  @Test("a cut answer, and one that turns in a circle, is a fault and never leavers", arguments: cut.indices)
  func cutAnswer(index: Int) async throws {
    let script = Script { request, _ in Self.cut[index]("http://\(request.headers["host"] ?? "")") }
    try await withSource(script) { source, server, _ in
      await #expect(throws: Fault.self) { try await source.everybody() }
      #expect(server.requests.count < 6)
    }
  }

  @Test("pages that list nobody are followed, but not for ever")
  func emptyPages() async throws {
    let script = Script { request, number in
      let origin = "http://\(request.headers["host"] ?? "")"
      return number == 900
        ? page([user(1)], delta: "\(origin)/v1.0/d")
        : page([], next: "\(origin)/v1.0/users/delta?$skiptoken=\(number)")
    }
    try await withSource(script) { source, server, _ in
      let reading = try await source.everybody()
      #expect(reading.changes.map(\.id) == ["id-1"])
      let fault = await #expect(throws: Fault.self) { try await source.everybody() }
      #expect(fault?.code == .graphAnswer && fault?.sentence.contains("empty pages") == true)
      #expect(server.requests.count < 2_000)
    }
  }

  static let expired: [Script.Answer] = [
    Script.Answer(410, "{}", headers: ["location": "http://127.0.0.1/v1.0/users/delta?$deltatoken="]),
    Script.error(410, "resyncRequired"), Script.error(400, "syncStateNotFound"), Script.error(404, "SyncStateNotFound"),
    Script.error(400, "Request_UnsupportedQuery", "DeltaLink older than 30 days is not supported"),
    Script.error(400, "Directory_ExpiredPageToken"),
  ]

  @Test("each form of an expired link means that everybody is to be read, and is no fault", arguments: expired.indices)
  func resync(index: Int) async throws {
    let script = Script { _, _ in Self.expired[index] }
    try await withSource(script) { source, _, origin in
      let users = try await source.changes(since: "\(origin)/v1.0/users/delta?$deltatoken=old")
      #expect(users == .resync)
    }
  }

  @Test("a full read whose pages expire meanwhile begins anew, and gives up at the third time")
  func beginsAnew() async throws {
    let script = Script { request, number in
      let origin = "http://\(request.headers["host"] ?? "")"
      switch number {
      case 0, 4, 6, 8: return page([user(1)], next: "\(origin)/v1.0/users/delta?$skiptoken=\(number)")
      case 2: return page([user(2)], delta: "\(origin)/v1.0/d")
      default: return Script.error(400, "Directory_ExpiredPageToken")
      }
    }
    try await withSource(script) { source, _, _ in
      let reading = try await source.everybody()
      #expect(reading.changes.map(\.id) == ["id-2"])
      let fault = await #expect(throws: Fault.self) { try await source.everybody() }
      #expect(fault?.code == .graphAnswer)
    }
  }

  @Test(
    "a link to another host, port or scheme is not followed",
    arguments: ["http://127.0.0.1:1/v1.0/x", "https://evil.example/x", "//evil.example", "http://127.0.0.1 /"])
  func foreign(link: String) async throws {
    let script = Script { _, _ in page([user(1)], next: link) }
    try await withSource(script) { source, server, _ in
      let fault = await #expect(throws: Fault.self) { try await source.everybody() }
      #expect(fault?.code == .graphLink && server.requests.count == 2)
    }
  }
}
