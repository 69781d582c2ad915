import Foundation
import JSON
import TeamViewerModel
import Testing

@testable import Simulators

/// A ledger that an earlier program wrote is not only read: it goes on in service.
@Suite("Golden ledgers in service", .timeLimit(.minutes(5)))
struct GoldenServiceTests {
  private static let folder = "\(Walkthrough.repository)/Tests/GoldenTests/Ledgers"

  private static var all: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { !$0.hasPrefix(".") }.sorted()
  }

  @Test("each is restored, verified, imported into, delivered from and verified again", arguments: all)
  func service(_ name: String) async throws {
    try await Stage.serving { target, simulator in
      let stage = try Stage()
      func run(_ arguments: String...) async throws -> Program.End {
        let end = try await stage.run(arguments, environment: ["TEST_TOKEN": Stage.token])
        #expect(end.code == 0, "\(name): \(arguments.joined(separator: " ")): \(end.errors.suffix(600))")
        return end
      }
      let backup = "\(Self.folder)/\(name)"
      _ = try await run("backup", "restore", backup, "--accept-unsigned", "--accept-configuration")
      try stage.configure("https://example.test/scim/v2", try target.targetURL())
      #expect(try await run("verify").output.contains("sound: "))
      // The oldest do not know that they are copies.
      _ = try await stage.run(["delivery", "resume", "--accept-copy", "--reason", "golden"])
      // The simulator is another company: whom the ledger links is not there, which is not believed without a word.
      _ = try await run("cycle", "restart", "--clear", "ConnectorDataStore", "--yes")
      let export = Export(count: 3)
      _ = try await run("import", try stage.write("users.csv", export.csv), "--source", "golden")
      _ = try await run("deliver", "--until-idle")
      #expect(Set(simulator.accounts.keys).isSuperset(of: export.people.map(\.address)))
      #expect(try await run("verify").output.contains("sound: "))
      _ = try await run("views", "check")
    }
  }
}
