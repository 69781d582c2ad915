import Base
import JSON
import MicrosoftGraph
import NetworkSupport
import Testing

@Suite("The test of a directory tells what is wrong", .timeLimit(.minutes(2)))
struct SourceTestTests {
  private func outcome(_ tenant: Tenant, _ time: TestTime = TestTime()) async throws -> SourceTest {
    try await withSource(tenant.script, time: time) { source, _, _ in
      try await SourceTest.run(source, now: time.now)
    }
  }

  @Test("a tenant that can be read: its name, users, assignments, groups, and what ends first")
  func usable() async throws {
    let test = try await outcome(Tenant())
    #expect(test.diagnosis == nil && test.tenant == "Contoso" && test.users == 2)
    #expect(test.steps.map(\.name) == [.signIn, .tenant, .users, .assignments, .groups, .keys])
    #expect(test.steps.last?.verdict == .warning)
    #expect(test.keys.map(\.end.description) == ["2026-10-01T12:00:00.123Z", "2027-01-01T00:00:00.000Z"])
    #expect(test.json["keys"]?.array?.first?["kind"]?.string == "certificate")
  }

  static let mistakes: [(String, Script.Answer, FaultCode, String)] = [
    ("users/delta", Script.error(403, "Authorization_RequestDenied"), .graphConsent, "User.Read.All"),
    (
      "servicePrincipals(appId='app-2')", Script.error(403, "Authorization_RequestDenied"), .graphConsent,
      "Application.Read.All"
    ),
    ("groups/delta", Script.error(403, "Authorization_RequestDenied"), .graphConsent, "GroupMember.Read.All"),
    ("servicePrincipals(appId='app-2')", Script.error(404, "Request_ResourceNotFound"), .graphPrincipal, "app-2"),
    ("users/delta", Script.error(400, "BadRequest"), .graphRequest, "graph.select"),
    ("users/delta", .init(302, "", headers: ["location": "https://login.example/"]), .graphAnswer, "302"),
  ]

  @Test("what is missing is named, and the other steps are taken all the same", arguments: mistakes.indices)
  func wrong(index: Int) async throws {
    let (path, answer, code, words) = Self.mistakes[index]
    let test = try await outcome(Tenant(replaced: [path: answer]))
    #expect(test.diagnosis?.code == code && test.diagnosis?.sentence.contains(words) == true)
    #expect(test.steps.count == 6 && test.json["usable"]?.bool == false)
  }

  @Test("what may not be read and is not needed is no failure")
  func comforts() async throws {
    let denied = Script.error(403, "Authorization_RequestDenied")
    let test = try await outcome(Tenant(replaced: ["organization": denied, "applications(appId='app-1')": denied]))
    #expect(test.diagnosis == nil && test.tenant == nil && test.keys.isEmpty)
    #expect(test.steps.map(\.verdict) == [.passed, .passed, .passed, .passed, .warning])
  }

  @Test("without a token nothing else is tried")
  func noToken() async throws {
    let script = Script(signIn: { _, _ in Script.refusal(401, "invalid_client", 7_000_222) }) { _, _ in .init() }
    let test = try await withSource(script) { source, server, _ in
      let test = try await SourceTest.run(source, now: TestTime().now)
      #expect(server.requests.count == 1)
      return test
    }
    #expect(test.steps.count == 1 && test.diagnosis?.code == .graphSecretExpired)
  }
}
