import Base
import MicrosoftGraph
import NetworkSupport
import Provisioning
import Testing

@Suite("Graph is read patiently", .timeLimit(.minutes(2)))
struct GraphPersistenceTests {
  private func read(_ time: TestTime, _ answers: [Script.Answer]) async throws -> (Fault?, requests: Int) {
    let script = Script { request, number in
      number < answers.count
        ? answers[number] : page([user(1)], delta: "http://\(request.headers["host"] ?? "")/v1.0/d")
    }
    return try await withSource(script, time: time) { source, server, _ in
      do {
        _ = try await source.everybody()
        return (nil, server.requests.count - 1)
      } catch let fault as Fault { return (fault, server.requests.count - 1) }
    }
  }

  @Test("what asks for a pause gets it: as long as it says, or doubled each time")
  func pauses() async throws {
    let time = TestTime()
    let (fault, requests) = try await read(
      time,
      [
        Script.error(429, "TooManyRequests", "x", ["retry-after": "7"]), Script.error(503, "ServiceUnavailable"),
        Script.error(504, "Timeout"), Script.Answer(200, "{}", missing: 1),
      ])
    #expect(fault == nil && requests == 5)
    #expect(time.pauses == [.seconds(7), .milliseconds(1500), .seconds(3), .seconds(6)])
  }

  @Test("who asks for too long a pause, or too often, has the last word")
  func bounded() async throws {
    let long = try await read(TestTime(), [Script.error(429, "TooManyRequests", "x", ["retry-after": "301"])])
    #expect(long.0?.code == .graphThrottled && long.requests == 1)
    let often = try await read(TestTime(), Array(repeating: Script.error(503, "x"), count: 8))
    #expect(often.0?.code == .graphFault && often.requests == 8)
  }

  @Test("a token that is refused in the middle is renewed once, and the read goes on")
  func renews() async throws {
    let script = Script { request, number in
      let origin = "http://\(request.headers["host"] ?? "")"
      if number == 0 { return page([user(1)], next: "\(origin)/v1.0/users/delta?$skiptoken=1") }
      guard request.headers["authorization"] == "Bearer \(tokenWord)-1" else {
        return Script.error(401, "InvalidAuthenticationToken")
      }
      return page([user(2)], delta: "\(origin)/v1.0/d")
    }
    try await withSource(script) { source, _, _ in
      let reading = try await source.everybody()
      #expect(reading.changes.count == 2)
    }
  }

  @Test("a token that is refused again is a fault without the token")
  func refusedAgain() async throws {
    let script = Script { _, _ in Script.error(401, "InvalidAuthenticationToken") }
    try await withSource(script) { source, server, _ in
      let fault = await #expect(throws: Fault.self) { try await source.everybody() }
      #expect(fault?.code == .graphSignIn && fault?.sentence.contains(tokenWord) == false)
      #expect(server.requests.count == 4)
    }
  }

  @Test("a token serves until five minutes before its end")
  func margin() async throws {
    let time = TestTime()
    let script = Script { request, _ in page([user(1)], delta: "http://\(request.headers["host"] ?? "")/v1.0/d") }
    try await withSource(script, time: time) { source, server, _ in
      for _ in 0..<2 { _ = try await source.everybody() }
      time.pass(.seconds(3598 - 300))
      _ = try await source.everybody()
      #expect(server.requests.count { $0.method == "POST" } == 1)
      time.pass(.seconds(1))
      _ = try await source.everybody()
      #expect(server.requests.count { $0.method == "POST" } == 2)
      #expect(server.requests.last?.headers["authorization"] == "Bearer \(tokenWord)-1")
    }
  }
}
