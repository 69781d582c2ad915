import Base
import Foundation
import JSON
import Ledger
import Operations
import Provisioning
import SCIM
import Simulators
import Subprocess
import SystemPackage
import TeamViewerModel
import Testing

/// What commands print, for machines; and what they and the files never hold.
@Suite(.timeLimit(.minutes(3)))
struct OutputTests {
  @Test("an output that cannot be written is said, with the exit code of the fault; a reader that goes away is not")
  func unwritable() async throws {
    let stage = try Stage()
    try await stage.initialize(target: "https://example.test/scim/v2")
    func run(_ line: String) async throws -> (status: TerminationStatus, errors: String) {
      let result = try await Subprocess.run(
        .path("/bin/sh"), arguments: ["-c", line, try Program.path(), stage.ledgerFolder], output: .discarded,
        error: .string(limit: 10_000))
      return (result.terminationStatus, result.standardError)
    }
    let full = try await run("exec \"$0\" status --ledger \"$1\" > /dev/full")
    #expect(full.status == .exited(74) && full.errors.contains("PL-1003"))
    let gone = try await run("\"$0\" status --ledger \"$1\" | exec true")
    #expect(gone.status == .exited(0) && gone.errors.isEmpty)
  }

  @Test("With --json every verb prints JSON, line by line; status prints the same bytes until something is appended")
  func json() async throws {
    try await Stage.serving { stage, simulator in
      func parse(_ arguments: [String], _ code: Int = 0, atLeast lines: Int = 1) async throws {
        let end = try await stage.run(arguments + ["--json"])
        #expect(end.code == code, "\(arguments): \(end.errors)")
        #expect(end.lines.count >= lines, "\(arguments)")
        for line in end.lines { _ = try JSONParser.parse(Array(line.utf8)) }
      }
      let people = Export(count: 12).people
      try await parse(["import", try stage.write("one.csv", Export(people).csv)])
      try await parse(["target", "test"])
      try await parse(["deliver", "--until-idle"])
      try await parse(["import", try stage.write("two.csv", Export(Array(people.prefix(2))).csv)], 1)
      try await parse(["safeguard", "list"])
      let list = try await stage.expect(0, "safeguard", "list", "--json")
      let id = try JSONParser.parse(Array(try #require(list.lines.first).utf8))["id"]?.string ?? ""
      try await parse(["safeguard", "approve", id, "--yes"])
      try await parse(["user", "list"], atLeast: 12)
      try await parse(["user", "show", "user1@contoso.example"])
      try await parse(["user", "history", "user1@contoso.example"], atLeast: 3)
      try await parse(["why", "user1@contoso.example"], atLeast: 3)
      try await parse(["report", "provisioning"], atLeast: 12)
      try await parse(["verify"])
      try await parse(["views", "check"])
      try await parse(["views", "rebuild"])
      try await parse(["quarantine", "show"])
      try stage.setToken("tk-wrong")
      try await parse(["deliver", "--until-idle"], 77)
      try await parse(["quarantine", "release"])
      try stage.setToken(Stage.token)
      let log = try await stage.expect(0, "log", "export")
      #expect(log.lines.count > 40)
      for line in log.lines { _ = try JSONParser.parse(Array(line.utf8)) }

      let new = try Stage()
      let made = try await new.run(["init", "--token-file", new.tokenFile, "--json"])
      #expect(try JSONParser.parse(Array(made.output.utf8))["ledger"]?.string == new.ledgerFolder)

      let first = try await stage.expect(0, "status", "--json")
      let second = try await stage.expect(0, "status", "--json")
      #expect(first.output == second.output && first.lines.count == 1)
      try await stage.expect(0, "deliver", "--until-idle")
      #expect(try await stage.expect(0, "status", "--json").output != first.output)
    }
  }

  @Test("Nothing of the directory stands in clear in the log, and the token nowhere")
  func secrets() async throws {
    let first = 987_650_001
    try await Stage.serving(
      firstNumber: first, prepare: { $0.settings.foreignAccounts = ["xq.foreign@marker.example"] }
    ) {
      stage, simulator in
      // Held open, so that the last process to close the log does not empty the write-ahead log.
      let ledger = try stage.open()
      let people = [
        Export.Person(
          id: "aaaaaaaa-1111-4222-8333-0123456789ab", address: "xq.first@marker.example", name: "Xqfirst Zzsurname"),
        Export.Person(
          id: "bbbbbbbb-1111-4222-8333-0123456789ab", address: "XQ.Second@marker.example", name: "Жxqsecond Ünïcode"),
        Export.Person(
          id: "cccccccc-1111-4222-8333-0123456789ab", address: "xq.foreign@marker.example", name: "Xqforeign Zz"),
      ]
      var changed = people
      changed[0].name = "Xqrenamed Zz"
      changed.remove(at: 1)
      try await stage.expect(0, "import", try stage.write("one.csv", Export(people).csv))
      simulator.change {
        $0.plan.script = [FaultPlan.Scripted(SimulatedFault(.error500Applied), next: 2, method: .post)]
      }
      try await stage.expect(0, "deliver", "--until-idle")
      try await stage.expect(0, "import", try stage.write("two.csv", Export(changed).csv))
      try await stage.expect(0, "deliver", "--until-idle")
      for verb in [["status"], ["user", "list"], ["why", "xq.first@marker.example"], ["verify"], ["target", "test"]] {
        #expect(try await stage.run(verb).code == 0)
      }
      try await stage.expect(0, "report", "provisioning")
      try stage.setToken("tk-wrong-marker")
      try await stage.expect(77, "target", "test")
      // Every command empties the write-ahead log as it ends; a process that goes on leaves something there.
      let third = try stage.write("three.csv", Export(people).csv)
      _ = try await DirectoryImport(into: ledger, actor: "operator:test").run(paths: [third])

      let markers = [
        "xqfirst", "zzsurname", "xqsecond", "ünïcode", "xqforeign", "xqrenamed", "xq.first", "xq.second", "xq.foreign",
        "marker.example", "aaaaaaaa-1111", "bbbbbbbb-1111", "cccccccc-1111", "98765000",
      ]
      let wal = try content("\(stage.ledgerFolder)/ledger.sqlite-wal")
      #expect(wal.count > 4096, "the write-ahead log is looked at, too")
      for bytes in [try content("\(stage.ledgerFolder)/ledger.sqlite"), wal] {
        let text = folded(bytes)
        #expect(text.contains("provisioning.decided") || text.contains("sqlite format"))
        for marker in markers { #expect(!text.contains(marker), "\(marker)") }
      }
      // The markers are worth something only where they would be found.
      let views = folded(
        try content("\(stage.ledgerFolder)/views.sqlite") + content("\(stage.ledgerFolder)/views.sqlite-wal"))
      #expect(views.contains("xq.first@marker.example"))

      for folder in [stage.ledgerFolder, "\(stage.folder)/runs"] {
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
          let text = folded(try content("\(folder)/\(name)"))
          #expect(!text.contains(Stage.token), "\(name)")
          #expect(!text.contains("tk-wrong-marker"), "\(name)")
        }
      }
      try ledger.close()
    }
  }

  @Test("A reader that goes away ends a command by SIGPIPE, also one that uses sockets; no crash, no trace")
  func brokenPipe() async throws {
    try await Stage.serving { stage, _ in
      let errors = "\(stage.folder)/errors"
      let script = """
        "$0" target test --ledger "$1" 2> "$2" | true
        echo "${PIPESTATUS[0]}"
        """
      let result = try await Subprocess.run(
        .name("bash"), arguments: ["-c", script, try Program.path(), stage.ledgerFolder, errors],
        output: .string(limit: 100), error: .discarded)
      #expect(result.standardOutput == "141\n")
      #expect(try content(errors).isEmpty)
    }
  }

  private func content(_ path: String) throws -> [UInt8] {
    FileManager.default.contents(atPath: path).map(Array.init) ?? []
  }

  /// One character a byte, ASCII in lower case: a search that no invalid UTF-8 can disturb.
  private func folded(_ bytes: [UInt8]) -> Haystack { Haystack(bytes) }

  @Test("CSV begins with a byte order mark on demand, and only then (C2)")
  func byteOrderMark() async throws {
    let stage = try Stage()
    try await stage.initialize(target: "http://127.0.0.1:1/scim/v2")
    try await stage.expect(0, "import", try stage.write("users.csv", Export(count: 2).csv))
    let plain = try await stage.expect(0, "report", "provisioning", "--format", "csv")
    let marked = try await stage.expect(0, "report", "provisioning", "--format", "csv", "--bom")
    #expect(marked.output.unicodeScalars.first == "\u{FEFF}" && plain.output.unicodeScalars.first != "\u{FEFF}")
    try await stage.expect(64, "report", "provisioning", "--bom")
  }
}

/// Raw bytes that are searched for text, without regard to ASCII case.
private struct Haystack {
  private let data: Data

  init(_ bytes: [UInt8]) { data = Data(bytes.map(Self.lower)) }

  func contains(_ text: String) -> Bool { data.range(of: Data(text.utf8.map(Self.lower))) != nil }

  private static func lower(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
  }
}
