import Base
import Foundation
import JSON
import Provisioning
import Simulators
import TeamViewerModel
import Testing

/// `target test` tells apart what can be wrong, says what to do, and records nothing.
@Suite(.timeLimit(.minutes(3)))
struct TargetTestCommandTests {
  /// Tests a target, and expects one code and a piece of its advice.
  private func check(
    _ stage: Stage, _ exit: Int, _ code: String, advice: String, location: SourceLocation = #_sourceLocation
  ) async throws {
    let size = try stage.size()
    let end = try await stage.expect(exit, "target", "test", location: location)
    #expect(end.errors.hasPrefix("\(code): "), "\(end.errors)", sourceLocation: location)
    #expect(end.errors.contains(advice), "\(end.errors)", sourceLocation: location)
    #expect(end.output.contains("failed"), sourceLocation: location)
    let json = try await stage.expect(exit, "target", "test", "--json", location: location)
    let value = try JSONParser.parse(Array(json.output.utf8))
    #expect(value["usable"]?.bool == false && value["code"]?.string == code, sourceLocation: location)
    #expect(try stage.size() == size, sourceLocation: location)
  }

  @Test("Well, a wrong token, a missing permission")
  func credentials() async throws {
    try await Stage.serving { stage, simulator in
      let size = try stage.size()
      let good = try await stage.expect(0, "target", "test")
      #expect(good.output.contains("The token's owner is known"))
      #expect(try stage.size() == size)
      try stage.setToken("tk-wrong")
      try await check(stage, 77, "PL-0703", advice: "Make a new script token")
      try stage.setToken(Stage.token)
      simulator.change { teamViewer in
        for index in teamViewer.model.settings.tokens.indices {
          teamViewer.model.settings.tokens[index].scopes.remove(.readUsers)
        }
      }
      try await check(stage, 77, "PL-0704", advice: "view users")
    }
  }

  @Test("A token file that is not there, and one that is empty")
  func noToken() async throws {
    let stage = try Stage()
    try await stage.initialize(target: "https://127.0.0.1:1/scim/v2")
    try stage.setToken("")
    #expect(try await stage.expect(77, "target", "test").errors.hasPrefix("PL-0205: The file \(stage.tokenFile)"))
    try FileManager.default.removeItem(atPath: stage.tokenFile)
    #expect(try await stage.expect(77, "target", "test").errors.hasPrefix("PL-0205: "))
  }

  @Test("A port where nobody listens, an unknown host")
  func unreachable() async throws {
    let refused = try Stage()
    try await refused.initialize(target: "http://127.0.0.1:1/scim/v2")
    try await check(refused, 69, "PL-0711", advice: "Correct host and port")
    let unknown = try Stage()
    try await unknown.initialize(target: "https://nonexistent.invalid/scim/v2")
    try await check(unknown, 69, "PL-0712", advice: "Correct the URL")
  }

  @Test("TLS to a port that speaks plain HTTP, a URL without SCIM")
  func wrongEndpoint() async throws {
    try await Stage.serving(path: "/no/scim") { stage, simulator in
      try await check(stage, 69, "PL-0715", advice: "https://webapi.teamviewer.com/scim/v2")
      try stage.configure("http://127.0.0.1", "https://127.0.0.1")
      try await check(stage, 69, "PL-0713", advice: "Correct the port")
    }
  }

  @Test("A proxy that answers with a web page, and JSON that is no SCIM")
  func strangers() async throws {
    try await Answerer.serving("<html><body>Please sign in</body></html>", type: "text/html") { port in
      let stage = try Stage()
      try await stage.initialize(target: "http://127.0.0.1:\(port)/scim/v2")
      try await check(stage, 69, "PL-0714", advice: "Let this machine pass the proxy")
    }
    try await Answerer.serving(#"{"hello":"world"}"#, type: "application/json") { port in
      let stage = try Stage()
      try await stage.initialize(target: "http://127.0.0.1:\(port)/scim/v2")
      try await check(stage, 69, "PL-0715", advice: "Correct the URL")
    }
  }
}
