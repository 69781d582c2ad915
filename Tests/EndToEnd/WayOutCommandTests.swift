import Base
import Foundation
import JSON
import NetworkSupport
import Provisioning
import Simulators
import Subprocess
import Testing

/// A target on another machine, behind a proxy and an authority of one's own: the commands go there, and where they do not
/// get through, they say the same.
@Suite(.timeLimit(.minutes(3)))
struct WayOutCommandTests {
  private static let host = "scim.corp.example"
  private static let password = "pw-5d1e7a"

  /// A stage whose target is behind TLS, of a name that leads nowhere, and a proxy that leads there.
  private func serving(
    _ manner: ConnectProxy.Manner,
    _ body: @Sendable @escaping (Stage, TeamViewerSimulator, ConnectProxy, _ port: Int) async throws -> Void
  ) async throws {
    let authority = try TestAuthority()
    let context = try authority.server(Self.host)
    try await Stage.serving { stage, simulator in
      let port = try #require(Int(try stage.targetPort()))
      try await LoopbackServer.securing(port: port, with: context) { front in
        try await ConnectProxy.serving(manner, to: front) { proxy, port in
          try stage.write("ledger/authority.pem", authority.pem)
          try FileManager.default.setAttributes(
            [.posixPermissions: 0o600], ofItemAtPath: "\(stage.ledgerFolder)/authority.pem")
          try stage.configure("http://127.0.0.1:\(try stage.targetPort())", "https://\(Self.host)")
          try stage.configure("certificates: \"\"", "certificates: authority.pem")
          try await body(stage, simulator, proxy, port)
        }
      }
    }
  }

  @Test("Through a proxy that asks for credentials, to a target of an authority of one's own")
  func through() async throws {
    try await serving(.asking("ann:\(Self.password)")) { stage, simulator, proxy, port in
      let environment = ["HTTPS_PROXY": "http://ann:\(Self.password)@127.0.0.1:\(port)"]
      let test = try await stage.run(["target", "test"], environment: environment)
      #expect(test.code == 0, "\(test.errors)")
      let doctor = try await stage.run(["doctor", "--all"], environment: environment)
      #expect(doctor.output.contains("is reached through the proxy http://127.0.0.1:\(port), as HTTPS_PROXY says"))
      #expect(doctor.output.contains("OK target:") && doctor.output.contains("OK certificates:"), "\(doctor.output)")
      try await stage.expect(0, "import", try stage.write("users.csv", Export(count: 3).csv))
      let end = try await stage.run(["deliver", "--until-idle"], environment: environment)
      #expect(end.code == 0 && simulator.accounts.count == 3, "\(end.errors)")
      #expect(proxy.requests.allSatisfy { !$0.contains(Stage.token) })
      for said in [test, doctor, end] { #expect(!(said.output + said.errors).contains(Self.password)) }
      #expect(try !stage.holds(Self.password))
      // Without the proxy, the name leads nowhere; NO_PROXY says so as well as no proxy at all.
      for environment in [[:], environment.merging(["NO_PROXY": ".corp.example"]) { $1 }] {
        #expect(try await stage.run(["target", "test"], environment: environment).errors.hasPrefix("PL-0712: "))
      }
    }
  }

  @Test("The proxy and its credentials in the configuration")
  func configured() async throws {
    try await serving(.asking("ann:\(Self.password)")) { stage, simulator, _, port in
      try stage.write("proxy", "ann:\(Self.password)\n")
      try stage.configure(
        "proxy:\n  url: \"\"", "proxy:\n  url: \"http://127.0.0.1:\(port)\"")
      try stage.configure("    environment: \"\"\n    file: \"\"", "    file: \"\(stage.folder)/proxy\"")
      try await stage.expect(0, "target", "test")
      try await stage.expect(0, "import", try stage.write("users.csv", Export(count: 2).csv))
      try await stage.expect(0, "deliver", "--until-idle")
      #expect(simulator.accounts.count == 2)
      #expect(try !stage.holds(Self.password))
    }
  }

  private static let closed: [(ConnectProxy.Manner, exit: Int, code: String, word: String, advice: String)] = [
    (.asking("ann:other"), 77, "PL-0724", "proxy-credentials", "asks for credentials, or refuses those it got (407)"),
    (.refusing(403), 69, "PL-0723", "proxy-refused", "allow CONNECT to there"),
  ]

  @Test("A proxy that does not let us through: target test, doctor and deliver say the same", arguments: [0, 1])
  func closed(row: Int) async throws {
    let (manner, exit, code, word, advice) = Self.closed[row]
    try await serving(manner) { stage, _, _, port in
      try await check(stage, ["HTTPS_PROXY": "http://ann:\(Self.password)@127.0.0.1:\(port)"], exit, code, word, advice)
    }
  }

  @Test("A proxy that is down")
  func down() async throws {
    try await serving(.open) { stage, _, _, _ in
      try await check(
        stage, ["https_proxy": "http://127.0.0.1:1"], 69, "PL-0722", "proxy-unreachable", "Nobody listens at the proxy")
    }
  }

  private func check(
    _ stage: Stage, _ environment: [String: String], _ exit: Int, _ code: String, _ word: String, _ advice: String
  ) async throws {
    let test = try await stage.run(["target", "test"], environment: environment)
    #expect(test.code == exit && test.errors.hasPrefix("\(code): ") && test.errors.contains(advice), "\(test.errors)")
    let sentence = try #require(test.errors.split(separator: "\n").first?.dropFirst(code.count + 2))
    let doctor = try await stage.run(["doctor"], environment: environment)
    #expect(doctor.code == 1 && doctor.output.contains("FAILURE \(word): \(code): \(sentence)"), "\(doctor.output)")
    try await stage.expect(0, "import", try stage.write("users.csv", Export(count: 1).csv))
    let end = try await stage.run(["deliver", "--until-idle", "--give-up-after", "1s"], environment: environment)
    #expect(end.code == 69 && end.errors.contains("\(code): \(sentence)"), "\(end.errors)")
    #expect(try await stage.expect(0, "status").output.contains(code))
    #expect(!(test.errors + doctor.output + end.errors).contains(Self.password))
  }

  @Test("A variable that names no proxy, and certificates that are none, end all three with 78")
  func unusable() async throws {
    try await serving(.open) { stage, _, _, port in
      let wrong = ["HTTPS_PROXY": "https://ann:\(Self.password)@127.0.0.1:\(port)"]
      for command in [["target", "test"], ["deliver", "--until-idle"]] {
        let end = try await stage.run(command, environment: wrong)
        #expect(end.code == 78 && end.errors.contains("PL-0721: ") && !end.errors.contains(Self.password))
      }
      #expect(try await stage.run(["doctor"], environment: wrong).output.contains("FAILURE proxy-url: PL-0721: "))
      try stage.write("ledger/authority.pem", "")
      let good = ["HTTPS_PROXY": "http://127.0.0.1:\(port)"]
      for command in [["target", "test"], ["deliver", "--until-idle"]] {
        let end = try await stage.run(command, environment: good)
        #expect(end.code == 78 && end.errors.contains("PL-0725: ") && end.errors.contains("is empty"))
      }
      #expect(try await stage.run(["doctor"], environment: good).output.contains("FAILURE certificates-unusable: "))
    }
  }

  @Test("Tokens as editors and shells leave them are taken, and doctor says what stands round them")
  func tokens() async throws {
    try await Stage.serving { stage, _ in
      try stage.setToken("\u{FEFF}\"Bearer \(Stage.token)\"\r")
      try await stage.expect(0, "target", "test")
      let doctor = try await stage.expect(0, "doctor")
      #expect(doctor.output.contains("NOTICE token-extras: "), "\(doctor.output)")
      #expect(doctor.output.contains("a byte order mark, a carriage return, quotes, the word Bearer"))
      #expect(!doctor.output.contains(Stage.token))
      try stage.setToken("\(Stage.token)\n\(Stage.token)")
      let lines = try await stage.expect(77, "target", "test")
      #expect(lines.errors.hasPrefix("PL-0702: The file \(stage.tokenFile)") && lines.errors.contains("has 2 lines"))
      #expect(!lines.errors.contains(Stage.token))
      #expect(try await stage.expect(1, "doctor").output.contains("FAILURE token-malformed: PL-0702: "))
    }
  }
}

extension Stage {
  /// The port of the target that the configuration names.
  fileprivate func targetPort() throws -> String {
    let text = String(
      decoding: try Data(contentsOf: URL(fileURLWithPath: "\(ledgerFolder)/provledger.yaml")), as: UTF8.self)
    return String(text.firstMatch(of: #/http:\/\/127\.0\.0\.1:(\d+)/#)?.output.1 ?? "")
  }

  /// Whether a text stands in any file of the ledger's folder.
  fileprivate func holds(_ text: String) throws -> Bool {
    try FileManager.default.contentsOfDirectory(atPath: ledgerFolder).contains { name in
      FileManager.default.contents(atPath: "\(ledgerFolder)/\(name)")?.range(of: Data(text.utf8)) != nil
    }
  }
}
