import Foundation
import JSON
import Provisioning
import Testing

@testable import Simulators

/// A ledger in service that loses all but its log and its keys.
@Suite("After an outage", .timeLimit(.minutes(3)))
struct RebuildCommandTests {
  private static let questions = [
    ["user", "list", "--json"], ["why", "user1@contoso.example", "--json"], ["report", "provisioning", "--json"],
    ["delivery", "list", "--json"],
  ]

  private static func answers(_ stage: Stage) async throws -> [String] {
    var answers: [String] = []
    for question in questions {
      let end = try await stage.run(question)
      #expect(end.code == 0, "\(question): \(end.errors)")
      answers.append(end.output)
    }
    return answers
  }

  private static func lose(_ stage: Stage, _ names: String...) throws {
    let files = FileManager.default
    for name in try files.contentsOfDirectory(atPath: stage.ledgerFolder)
    where names.contains(where: name.hasPrefix) {
      try files.removeItem(atPath: "\(stage.ledgerFolder)/\(name)")
    }
  }

  private static func rebuilds(_ stage: Stage) throws -> [LedgerRebuilt] {
    try stage.events().compactMap {
      if case .ledgerRebuilt(let rebuilt) = $0.event.payload { return rebuilt }
      return nil
    }
  }

  @Test("views, rows of the audit, configuration and remains of a proof are gone: it answers and delivers as before")
  func outage() async throws {
    try await Stage.serving { stage, simulator in
      try await stage.expect(0, "import", try stage.write("one.csv", Export(count: 6).csv))
      try await stage.expect(0, "deliver", "--until-idle")
      try await stage.expect(0, "audit")
      try await stage.expect(0, "import", try stage.write("two.csv", Export(count: 9).csv))
      try stage.write("ledger/proof-left/keys.sqlite", "left")
      let before = try await Self.answers(stage)
      try Self.lose(stage, "views.sqlite", "audit.sqlite", "proof-", "provledger.yaml")
      try await stage.expect(78, "status")

      let end = try await stage.expect(0, "rebuild", "--json")
      let rebuilt = try JSONParser.parse(Array(end.output.utf8))
      #expect(rebuilt["equal"]?.bool == true && rebuilt["drill"]?.bool == false)
      #expect(rebuilt["pending"]?.integer == 3 && rebuilt["copy"]?.bool == false)
      #expect(try Self.rebuilds(stage).map(\.lost) == [[]])
      #expect(try await Self.answers(stage) == before)
      try await stage.expect(0, "views", "check")
      try await stage.expect(0, "deliver", "--until-idle")
      #expect(simulator.accounts.count == 9)
      try await stage.expect(0, "verify")
    }
  }

  @Test("a missing key file and a changed log are refused, with the way out")
  func refused() async throws {
    let stage = try Stage()
    try await stage.initialize(target: "http://127.0.0.1:1/scim/v2")
    try await stage.expect(0, "import", try stage.write("users.csv", Export(count: 5).csv))
    let keys = "\(stage.ledgerFolder)/keys.sqlite"
    try FileManager.default.moveItem(atPath: keys, toPath: "\(stage.folder)/kept")
    let end = try await stage.expect(74, "rebuild")
    #expect(end.errors.contains("keys.sqlite") && end.errors.contains("backup"))
    try FileManager.default.moveItem(atPath: "\(stage.folder)/kept", toPath: keys)
    try await stage.expect(0, "rebuild", "--drill")
    let log = URL(fileURLWithPath: "\(stage.ledgerFolder)/ledger.sqlite")
    var bytes = try Data(contentsOf: log)
    let word = try #require(bytes.range(of: Data("provisioning.decided".utf8)))
    bytes[word.lowerBound] ^= 1
    try bytes.write(to: log)
    let damaged = try await stage.expect(74, "rebuild")
    #expect(damaged.errors.contains("PL-0305") && damaged.errors.contains("position "), "\(damaged.errors)")
  }

  @Test("a drill of what was kept is recorded with its time; a backup and tiles become ledgers that go on")
  func kept() async throws {
    let stage = try Stage()
    try await stage.initialize(target: "http://127.0.0.1:1/scim/v2")
    try await stage.expect(0, "import", try stage.write("users.csv", Export(count: 5).csv))
    let (backup, tiles) = ("\(stage.folder)/backup", "\(stage.folder)/tiles")
    try await stage.expect(0, "backup", "create", backup)
    try await stage.expect(0, "log", "tiles", tiles)
    for arguments in [[], ["--from", backup], ["--from", tiles]] {
      let end = try await stage.run(["rebuild", "--drill"] + arguments)
      #expect(end.code == 0 && end.output.contains("drill: equal: "), "\(end.errors)")
    }
    let drills = try Self.rebuilds(stage)
    #expect(drills.map(\.source) == [.ledger, .backup, .tiles] && drills.allSatisfy { $0.isDrill && $0.isEqual })
    #expect(drills.allSatisfy { $0.milliseconds > 0 })
    for (name, arguments) in [("b", ["--from", backup]), ("t", ["--from", tiles, "--keys", stage.ledgerFolder])] {
      let new = "\(stage.folder)/\(name)"
      for line in [["rebuild"] + arguments, ["verify"], ["status"], ["why", "user1@contoso.example"]] {
        let end = try await Program.run(
          line + ["--ledger", new], into: "\(stage.folder)/run-\(name)", within: .seconds(60)
        ) { _ in }
        #expect(end.code == 0, "\(line): \(end.errors)")
      }
    }
    #expect(try await stage.run(["rebuild", "--from", tiles]).code == 64)
    try await Self.refusesWhatIsNotLookedAt(stage, backup: backup, tiles: tiles)
  }

  /// What is rebuilt from decides which options say something.
  private static func refusesWhatIsNotLookedAt(_ stage: Stage, backup: String, tiles: String) async throws {
    let ofTiles = ["--from", tiles, "--keys", stage.ledgerFolder]
    let lines: [[String]] = [
      ["--drill", "--erasures", "none"], ["--drill"] + ofTiles, ["--keys", "none"], ["--accept-configuration"],
      ["--accept-unsigned"], ["--key", "none"], ["--from", backup, "--keys", "none"],
      ofTiles + ["--accept-configuration"], ofTiles + ["--accept-unsigned"],
    ]
    for line in lines {
      let end = try await stage.run(["rebuild"] + line)
      #expect(end.code == 64 && end.errors.contains("--"), "\(line): \(end.errors)")
    }
    for name in ["--erasures", "--erasures-from", "--checkpoint"] {
      let end = try await stage.run(["rebuild", name, "\(stage.folder)/none"])
      #expect(end.code != 0 && end.errors.contains("none"), "\(name): \(end.errors)")
    }
  }
}
