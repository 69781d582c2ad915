import Base
import EventLog
import Foundation
import GRDB
import JSON
import Ledger
import Provisioning
import Subprocess
import Testing

/// Backups as processes make them, while others write, and when they are killed.
@Suite(.timeLimit(.minutes(3)))
struct BackupCommandTests {
  private let stage: Stage

  init() async throws {
    stage = try Stage()
    try await stage.initialize(target: "http://127.0.0.1:1/scim/v2")
  }

  private func json(_ end: Program.End) throws -> JSONValue { try JSONParser.parse(Array(end.output.utf8)) }

  @Test("While three processes append, backups are whole, are proved, and come back as a ledger that goes on")
  func whileOthersWrite() async throws {
    try await stage.expect(0, "import", try stage.write("users.csv", Export(count: 40).csv))
    let stage = stage
    let made = try await withThrowingTaskGroup(of: [String].self) { group in
      for _ in 0..<3 {
        group.addTask {
          for _ in 0..<8 { try await stage.expect(0, "report", "provisioning") }
          return []
        }
      }
      group.addTask {
        var made: [String] = []
        for number in 0..<3 {
          made.append("\(stage.folder)/backup-\(number)")
          try await stage.expect(0, "backup", "create", made[number], "--json")
        }
        return made
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    #expect(made.count == 3)
    for folder in made {
      let proved = try json(try await stage.expect(0, "backup", "verify", folder, "--json"))
      #expect(proved["proved"]?.bool == true)
      let names = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(!names.contains { $0.hasSuffix("-wal") || $0.hasSuffix("-shm") || $0.hasSuffix("-journal") })
    }
    let status = try json(try await stage.expect(0, "status", "--json"))
    #expect(status["backup"]?["name"]?.string == "backup-2" && status["backup"]?["overdue"]?.bool == false)

    let new = "\(stage.folder)/new"
    let restored = try await Program.run(
      ["backup", "restore", made[2], "--ledger", new, "--erasures-from", stage.ledgerFolder, "--json"],
      into: "\(stage.folder)/restore", within: .seconds(60)
    ) { _ in }
    #expect(restored.code == 0, "\(restored.errors)")
    #expect(try json(restored)["unprovedFrom"] == .null)
    for arguments in [["verify"], ["views", "check"], ["report", "provisioning"]] {
      let end = try await Program.run(
        arguments + ["--ledger", new], into: "\(stage.folder)/again", within: .seconds(60)
      ) { _ in }
      #expect(end.code == 0, "\(arguments): \(end.errors)")
    }
  }

  @Test("A damaged backup ends with 1 and is named, a folder that is none with 74; a ledger is never restored over")
  func damaged() async throws {
    try await stage.expect(0, "import", try stage.write("users.csv", Export(count: 10).csv))
    let folder = "\(stage.folder)/backup"
    try await stage.expect(0, "backup", "create", folder)
    try await stage.expect(73, "backup", "create", folder)
    #expect(try await stage.expect(73, "backup", "restore", folder).errors.contains("not empty"))
    let path = "\(folder)/ledger.sqlite"
    var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    bytes[bytes.count - 100] ^= 0x10
    try bytes.write(to: URL(fileURLWithPath: path))
    let end = try await stage.expect(1, "backup", "verify", folder)
    #expect(end.errors.contains("PL-1104") && end.errors.contains("ledger.sqlite"))
    try await stage.expect(74, "backup", "verify", "\(stage.folder)/none")
    #expect(try await stage.expect(0, "status").output.contains("none yet"))
  }

  @Test(
    "kill -9 while a backup is made leaves nothing that looks whole, and the next one goes through",
    arguments: [".provledger-partial", "ledger.sqlite", "keys.sqlite", "checkpoint", "manifest.json"])
  func killed(at file: String) async throws {
    let ledger = try stage.open()
    let events = (0..<3000).map { Event(.operators, .reportExported(.init(name: "n", format: "f", count: $0))) }
    try await ledger.append(events, actor: "test")
    try ledger.close()
    let folder = "\(stage.folder)/backup"
    let seen = "\(folder).partial/\(file)"
    let end = try await stage.run("backup", "create", folder) { process in
      // Busy waiting: the folder is there for some milliseconds only.
      let clock = ContinuousClock()
      let latest = clock.now + .seconds(20)
      while !FileManager.default.fileExists(atPath: seen), !FileManager.default.fileExists(atPath: folder),
        clock.now < latest
      {}
      try? process.send(.kill)
    }
    if FileManager.default.fileExists(atPath: folder) {
      // It was faster than the signal: then it is whole.
      #expect(end.signal == 9 || end.code == 0)
    } else {
      #expect(end.signal == 9)
      #expect(FileManager.default.fileExists(atPath: "\(folder).partial"))
      try await stage.expect(74, "backup", "verify", folder)
      try await stage.expect(0, "backup", "create", folder)
    }
    #expect(!FileManager.default.fileExists(atPath: "\(folder).partial"))
    try await stage.expect(0, "backup", "verify", folder)
  }

  /// All rows of a database. Its bytes are no measure: opening one makes and drops a table.
  private static func content(_ path: String) throws -> [String: [String]] {
    let queue = try DatabaseQueue(path: path)
    defer { try? queue.close() }
    return try queue.read { database in
      var content: [String: [String]] = [:]
      for table in try String.fetchAll(database, sql: "SELECT name FROM sqlite_master WHERE type = 'table'") {
        content[table] = try Row.fetchAll(database, sql: "SELECT * FROM \"\(table)\"").map(\.description).sorted()
      }
      return content
    }
  }

  @Test("What a newer program made is refused with a clear sentence, and left alone")
  func newer() async throws {
    try await stage.expect(0, "import", try stage.write("users.csv", Export(count: 3).csv))
    for (file, code) in [("ledger.sqlite", "PL-0303"), ("keys.sqlite", "PL-0402")] {
      let path = "\(stage.ledgerFolder)/\(file)"
      let mark = "INSERT INTO grdb_migrations VALUES ('9999_later')"
      try Self.run(mark, on: path)
      let before = try Self.content(path)
      for verb in ["status", "verify", "import"] {
        let arguments = verb == "import" ? [verb, "\(stage.folder)/users.csv"] : [verb]
        let end = try await stage.run(arguments)
        #expect(end.code == 74 && end.errors.contains(code) && end.errors.contains("newer program"), "\(end.errors)")
      }
      #expect(try Self.content(path) == before)
      try Self.run("DELETE FROM grdb_migrations WHERE identifier = '9999_later'", on: path)
    }
    let ledger = try stage.open()
    let later = NewEvent(
      id: EventIDGenerator().next(at: ledger.clock()), type: ReportExported.type, schema: ReportExported.schema + 1,
      occurred: ledger.clock(),
      actor: "test", data: Array("{}".utf8))
    try await ledger.log.append([StreamAppend(stream: "operators", events: [later])])
    try ledger.close()
    let end = try await stage.expect(74, "status")
    #expect(end.errors.contains("PL-0331") && end.errors.contains("schema \(ReportExported.schema + 1)"))
    // The log itself needs nobody who knows its events.
    try await stage.expect(0, "verify")
  }

  private static func run(_ sql: String, on path: String) throws {
    let queue = try DatabaseQueue(path: path)
    try queue.write { try $0.execute(sql: sql) }
    try queue.close()
  }
}
