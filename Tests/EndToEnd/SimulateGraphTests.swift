import AsyncHTTPClient
import Foundation
import JSON
import NIOCore
import NIOHTTP1
import Subprocess
import Testing

@Suite("simulate graph", .timeLimit(.minutes(3)))
struct SimulateGraphTests {
  private static func ask(
    _ method: String, _ url: String, _ headers: [(String, String)] = [], _ body: String = ""
  ) async throws -> JSONValue {
    var request = HTTPClientRequest(url: url)
    request.method = .RAW(value: method)
    for (name, value) in headers { request.headers.add(name: name, value: value) }
    if !body.isEmpty { request.body = .bytes(ByteBuffer(string: body)) }
    let response = try await HTTPClient.shared.execute(request, timeout: .seconds(30))
    return try JSONParser.parse(Array(buffer: try await response.body.collect(upTo: 1 << 22)))
  }

  private func run(
    _ arguments: [String], _ body: @escaping @Sendable (String, Program.Running) async throws -> Void
  ) async throws -> Program.End {
    let stage = try Stage()
    defer { withExtendedLifetime(stage) {} }
    return try await Program.run(
      ["simulate", "graph"] + arguments, into: "\(stage.folder)/graph", within: .seconds(90)
    ) { running in
      try await eventually("it prints its address") {
        try String(contentsOfFile: running.output, encoding: .utf8).hasSuffix("\n")
      }
      let base = try String(contentsOfFile: running.output, encoding: .utf8).trimmingCharacters(in: .newlines)
      try await body(base, running)
      try running.send(.terminate)
    }
  }

  @Test("prints its address, signs the client in, has as many users as were asked for, and ends by SIGTERM with 0")
  func serves() async throws {
    let end = try await run(
      ["--users", "30", "--tenant", "t1", "--client", "c1", "--secret", "s1", "--control-token", "k1", "--life", "3"]
    ) { base, running in
      try #require(base.hasPrefix("http://127.0.0.1:") && base.hasSuffix("/v1.0"))
      let origin = String(base.dropLast("/v1.0".count))
      #expect(running.errors().contains("sign-in: \(origin)/t1/oauth2/v2.0/token"))
      let form =
        "grant_type=client_credentials&client_id=c1&client_secret=s1&scope=https://graph.microsoft.com/.default"
      let answer = try await Self.ask("POST", "\(origin)/t1/oauth2/v2.0/token", [], form)
      let token = try #require(answer["access_token"]?.string)
      let state = try await Self.ask("GET", "\(origin)/_simulator/state", [("Authorization", "Bearer k1")])
      #expect((25...35).contains(state["users"]?.integer ?? 0) && state["tenant"] == "t1")
      let application = try #require(state["servicePrincipals"]?.array?.first?.string)
      #expect(running.errors().contains("graph.servicePrincipal: \(application)"))
      let page = try await Self.ask(
        "GET", "\(base)/users/delta?$select=displayName", [("Authorization", "Bearer \(token)")])
      #expect(page["@odata.nextLink"] != nil || page["@odata.deltaLink"] != nil)
    }
    #expect(end.code == 0 && end.errors.contains("control token: k1"))
  }

  @Test("a port that is taken is refused by its number, with the way out")
  func port() async throws {
    _ = try await run(["--users", "1"]) { base, _ in
      let port = try #require(URL(string: base)?.port)
      for side in ["graph", "teamviewer"] {
        let stage = try Stage()
        defer { withExtendedLifetime(stage) {} }
        let end = try await Program.run(
          ["simulate", side, "--port", "\(port)"], into: "\(stage.folder)/second", within: .seconds(60)
        ) { _ in }
        #expect(end.code == 73 && end.errors.contains("PL-1010: Port \(port) "), "\(end.errors)")
        #expect(end.errors.contains("--port"))
      }
    }
  }

  @Test("a wrong option is refused by its name, and a certificate that is none by its file")
  func refusals() async throws {
    for (arguments, code, word) in [
      (["--users", "-1"], 64, "--users"), (["--faults", "2"], 64, "--faults"), (["--speed", "-1"], 64, "--speed"),
      (["--certificate", "a.pem"], 64, "--key"), (["--certificate", "a.pem", "--key", "a.key"], 65, "PL-0101"),
      (["--client-certificate", "none.pem"], 65, "PL-0101"),
    ] {
      let stage = try Stage()
      defer { withExtendedLifetime(stage) {} }
      let end = try await Program.run(
        ["simulate", "graph"] + arguments, into: "\(stage.folder)/graph", within: .seconds(60)
      ) { _ in }
      #expect(end.code == code && end.errors.contains(word), "\(arguments): \(end.errors)")
    }
  }
}
