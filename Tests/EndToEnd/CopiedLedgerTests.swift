import Base
import EventLog
import Foundation
import JSON
import Ledger
import Provisioning
import Sealing
import Subprocess
import Testing

@testable import Simulators

/// Two folders that say they are one ledger: only the newest speaks to TeamViewer.
@Suite(.timeLimit(.minutes(4)))
struct CopiedLedgerTests {
  /// Runs a command on another folder of the stage.
  private static func run(_ stage: Stage, on folder: String, _ arguments: String...) async throws -> Program.End {
    try await Program.run(
      arguments + ["--ledger", folder], into: "\(stage.folder)/elsewhere-\(UUID().uuidString)", within: .seconds(90)
    ) { _ in }
  }

  private static func copy(_ from: String, _ to: String) async throws {
    let result = try await Subprocess.run(
      .name("cp"), arguments: ["-a", from, to], output: .discarded, error: .discarded)
    try #require(result.terminationStatus.isSuccess)
  }

  @Test("a copy does not deliver until somebody accepts it; the original and a moved folder do")
  func copy() async throws {
    try await Stage.serving { stage, simulator in
      let file = try stage.write("users.csv", Export(count: 3).csv)
      try await stage.expect(0, "import", file)
      let copy = "\(stage.folder)/copy"
      try await Self.copy(stage.ledgerFolder, copy)
      let refused = try await Self.run(stage, on: copy, "deliver", "--until-idle")
      #expect(refused.code == 78 && refused.errors.contains("PL-0608: "), "\(refused.errors)")
      #expect(simulator.requests.isEmpty)
      #expect(try await Self.run(stage, on: copy, "doctor", "--offline", "--json").output.contains(#""code":"copy""#))
      #expect(try await Self.run(stage, on: copy, "verify").code == 0)
      let told = try await Self.run(stage, on: copy, "status").output
      let wayOut = "provledger delivery resume --accept-copy --reason"
      #expect(told.contains("COPY") && told.contains(wayOut))
      #expect(try await Self.run(stage, on: copy, "doctor", "--offline", "--json").output.contains(wayOut))
      #expect(try await Self.run(stage, on: copy, "status", "--json").output.contains(#""copy":true"#))

      try await stage.expect(0, "deliver", "--until-idle")
      #expect(simulator.accounts.count == 3)
      let moved = "\(stage.folder)/moved"
      try FileManager.default.moveItem(atPath: stage.ledgerFolder, toPath: moved)
      #expect(try await Self.run(stage, on: moved, "deliver", "--until-idle").code == 0)
      #expect(try await Self.run(stage, on: moved, "delivery", "resume", "--accept-copy", "--reason", "x").code == 1)

      #expect(try await Self.run(stage, on: copy, "delivery", "resume", "--accept-copy").code == 64)
      let accepted = try await Self.run(stage, on: copy, "delivery", "resume", "--accept-copy", "--reason", "lost disk")
      #expect(accepted.code == 0, "\(accepted.errors)")
      #expect(try await Self.run(stage, on: copy, "deliver", "--until-idle").code == 0)
      let ledger = try OpenLedger(folder: copy, logger: quiet)
      defer { try? ledger.close() }
      let resumed = try ledger.log.read(types: [DeliveryResumed.type], from: 1).map { try ledger.codec.decode($0) }
      guard case .deliveryResumed(let reason)? = resumed.last?.payload else { return #expect(Bool(false)) }
      #expect(reason.reason == "lost disk" && resumed.last?.actor.description.hasPrefix("operator:") == true)
    }
  }

  @Test("a restored backup delivers once it is accepted")
  func restored() async throws {
    try await Stage.serving { stage, simulator in
      try await stage.expect(0, "import", try stage.write("users.csv", Export(count: 3).csv))
      let backup = "\(stage.folder)/backup"
      try await stage.expect(0, "backup", "create", backup)
      let new = "\(stage.folder)/new"
      let restored = try await Self.run(
        stage, on: new, "backup", "restore", backup, "--erasures-from", stage.ledgerFolder)
      #expect(restored.code == 0, "\(restored.errors)")
      #expect(try await Self.run(stage, on: new, "deliver", "--until-idle").code == 78)
      let accepted = try await Self.run(stage, on: new, "delivery", "resume", "--accept-copy", "--reason", "restored")
      #expect(accepted.code == 0, "\(accepted.errors)")
      #expect(try await Self.run(stage, on: new, "deliver", "--until-idle").code == 0)
      #expect(simulator.accounts.count == 3)
    }
  }

  @Test("an older state put back in place is told by an anchor's file, which knows of a longer log")
  func rolledBack() async throws {
    try await Stage.serving { stage, simulator in
      let notes = "\(stage.folder)/held.notes"
      try stage.configure("anchorFiles: []", "anchorFiles: [\"\(notes)\"]")
      try await stage.expect(0, "import", try stage.write("one.csv", Export(count: 2).csv))
      try await stage.expect(0, "deliver", "--until-idle")
      let copy = "\(stage.folder)/copy"
      try await Self.copy(stage.ledgerFolder, copy)
      try await stage.expect(0, "import", try stage.write("two.csv", Export(count: 3).csv))
      try await stage.expect(0, "deliver", "--until-idle")
      for name in ["views.sqlite", "views.sqlite-wal", "views.sqlite-shm"] {
        try? FileManager.default.removeItem(atPath: "\(stage.ledgerFolder)/\(name)")
      }
      for name in ["ledger.sqlite", "keys.sqlite"] {
        // Over the same file, so that nothing but its content tells.
        let bytes = try Data(contentsOf: URL(fileURLWithPath: "\(copy)/\(name)"))
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: "\(stage.ledgerFolder)/\(name)"))
        try handle.truncate(atOffset: 0)
        try handle.write(contentsOf: bytes)
        try handle.close()
      }
      let requests = simulator.requests.count
      let end = try await stage.expect(78, "deliver", "--until-idle")
      #expect(end.errors.contains("PL-0608: ") && end.errors.contains(notes), "\(end.errors)")
      #expect(simulator.requests.count == requests)
    }
  }

  @Test("an anchor's command ends with the process that started it, also one that is killed")
  func orphan() async throws {
    let stage = try Stage()
    try await stage.initialize(target: "http://127.0.0.1:1/scim/v2")
    let note = "\(stage.folder)/process"
    try stage.configure(
      "anchorCommands: []", "anchorCommands: [\"echo $$ > \(note).new; mv \(note).new \(note); exec sleep 300\"]")
    try await stage.expect(0, "import", try stage.write("one.csv", Export(count: 2).csv))
    let end = try await stage.run("log", "anchor") { process in
      try await eventually("the command runs") { FileManager.default.fileExists(atPath: note) }
      try process.send(.kill)
    }
    #expect(end.signal == 9)
    let text = String(decoding: try Data(contentsOf: URL(fileURLWithPath: note)), as: UTF8.self)
    let command = try #require(Int32(text.trimmingCharacters(in: .whitespacesAndNewlines)))
    try await eventually("it is gone") { kill(command, 0) != 0 }
  }
}
