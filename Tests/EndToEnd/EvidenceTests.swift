import EventLog
import Foundation
import JSON
import Subprocess
import Testing

/// Checkpoints, anchors and proofs, by real workers and commands.
@Suite("Evidence, as processes", .timeLimit(.minutes(3)))
struct EvidenceTests {
  @Test("a worker signs the log and hands it on, at its end too; status says what is held where, and what failed")
  func worker() async throws {
    try await Stage.serving { stage, _ in
      let notes = "\(stage.folder)/held.notes"
      try stage.configure("anchorFiles: []", "anchorFiles: [\"\(notes)\", \"\(stage.folder)/none/notes\"]")
      try await stage.expect(0, "import", try stage.write("users.csv", Export(count: 5).csv))
      let run = try await stage.run("deliver") { worker in
        try await eventually("the worker signed and read the log") {
          FileManager.default.fileExists(atPath: notes)
            && FileManager.default.fileExists(
              atPath: "\(stage.ledgerFolder)/rehash.state")
        }
        try worker.send(.terminate)
      }
      #expect(run.code == 0, "\(run.errors)")
      let size = try stage.size()
      let held = try SignedNote.all(in: Array(try Data(contentsOf: URL(fileURLWithPath: notes))), named: "held")
      let newest = try SignedCheckpoint(try #require(held.last))
      #expect(newest.size == size)
      let status = try JSONParser.parse(Array(try await stage.expect(0, "status", "--json").output.utf8))
      #expect(status["checkpoint"]?["size"]?.string == String(size) && status["forked"] == false)
      let anchors = try #require(status["anchors"]?.array)
      #expect(anchors.map { $0["size"]?.string } == [String(size), nil])
      #expect(anchors[1]["failure"]?.string?.contains("none/notes") == true)
      let again = try await stage.expect(1, "log", "anchor")
      #expect(again.output.contains("holds \(size) events") && again.output.contains("FAILED: PL-0323"))
      try await stage.expect(0, "verify", "--checkpoint", notes)
    }
  }

  @Test("proofs are checked without the ledger, and a changed one is refused")
  func proofs() async throws {
    let stage = try Stage()
    try await stage.initialize(target: "http://127.0.0.1:1/scim/v2")
    try await stage.expect(0, "import", try stage.write("one.csv", Export(count: 20).csv))
    let old = try stage.write("old.note", try await stage.expect(0, "log", "checkpoint").output)
    let from = try stage.size()
    try await stage.expect(0, "import", try stage.write("two.csv", Export(count: 40).csv))
    try await stage.expect(0, "log", "checkpoint")
    let to = try stage.size()
    let key = try await stage.expect(0, "log", "key").output.trimmingCharacters(in: .whitespacesAndNewlines)
    let event = try await stage.expect(0, "log", "prove", "event", "7").output
    let growth = try await stage.expect(0, "log", "prove", "consistency", "\(from)", "\(to)").output
    try await stage.expect(65, "log", "prove", "event", "\(to + 1)")
    try await stage.expect(65, "log", "prove", "consistency", "\(from)", "\(to - 1)")

    let elsewhere = try Stage()
    let file = try elsewhere.write("event.tlog-proof", event)
    let shown = try await elsewhere.expect(0, "verify", "--bundle", file, "--key", key)
    #expect(shown.lines.first?.hasPrefix("proved: entry 7 ") == true)
    try await elsewhere.expect(
      1, "verify", "--bundle", try elsewhere.write("x", event.replacing("index 6", with: "index 5")), "--key", key)
    try await elsewhere.expect(65, "verify", "--bundle", try elsewhere.write("y", "no proof"), "--key", key)
    try await elsewhere.expect(64, "verify", "--bundle", file, "--key", "no key")
    let path = try elsewhere.write("growth.txt", growth)
    try await elsewhere.expect(65, "verify", "--bundle", path, "--key", key)
    let grown = try await elsewhere.expect(0, "verify", "--bundle", path, "--key", key, "--checkpoint", old)
    #expect(grown.lines.first?.hasPrefix("proved: the log ") == true)
  }
}
