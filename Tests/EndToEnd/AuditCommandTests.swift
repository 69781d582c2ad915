import Base
import Foundation
import JSON
import Provisioning
import Testing

/// Asking for what happened, as an auditor does on the command line.
@Suite("provledger audit", .timeLimit(.minutes(3)))
struct AuditCommandTests {
  private let stage: Stage

  init() throws { stage = try Stage() }

  private func imported() async throws {
    try await stage.initialize(target: "http://127.0.0.1:1/scim/v2")
    try await stage.expect(0, "import", try stage.write("one.csv", Export(count: 12).csv))
    try await stage.expect(0, "delivery", "hold", "user3@contoso.example", "--reason", "=HYPERLINK on leave")
  }

  private func rows(_ arguments: String...) async throws -> [JSONValue] {
    let end = try await stage.run(["audit", "--json"] + arguments)
    #expect(end.code == 0, "\(arguments): \(end.errors)")
    return try end.lines.map { try JSONParser.parse(Array($0.utf8)) }
  }

  @Test("filters narrow down what happened; the newest is first")
  func filters() async throws {
    try await imported()
    let size = try stage.size()
    let all = try await rows()
    #expect(all.compactMap { $0["position"]?.string } == (1...size).reversed().map(String.init))
    let hers = try await rows("--person", "USER3@contoso.example")
    #expect(hers.map { $0["action"]?.string } == ["hold", "create", "observe"])
    #expect(hers.allSatisfy { $0["person"]?.string == "user3@contoso.example" })
    #expect(try await rows("--action", "create", "--status", "pending", "--reason", "NewInScope").count == 12)
    #expect(try await rows("--type", "provisioning.decided", "--attribute", "userName", "--limit", "5").count == 5)
    #expect(try await rows("--search", "hyperlink leave").count == 1)
    let cycle = try #require(hers.last?["cycle"]?.string)
    #expect(try await rows("--cycle", cycle).count == 26)
    #expect(try await rows("--correlation", cycle, "--action", "import").count == 2)
    #expect(try await rows("--actor", "worker") == [])
    let unknown = try await stage.expect(1, "audit", "--person", "nobody at all")
    #expect(unknown.errors.contains("PL-1001"))
    let mistyped = try await stage.expect(0, "audit", "--action", "creat")
    #expect(mistyped.errors.contains("no event has the action \"creat\". Did you mean 'create'?"))
    #expect(try await stage.expect(64, "log", "export", "--from", "10", "--to", "5").errors.contains("--to"))
    for wrong in [
      ["--type", "x"], ["--status", "x"], ["--limit", "0"], ["--csv", "--json"], ["--from", "someday"],
    ] {
      #expect(try await stage.run(["audit"] + wrong).code == 64, "\(wrong)")
    }
  }

  @Test("pages go on behind a cursor, with what was recorded meanwhile left out")
  func pages() async throws {
    try await imported()
    let first = try await stage.expect(0, "audit", "--limit", "5")
    let cursor = try #require(first.errors.firstMatch(of: #/--after (\d+)/#)?.output.1)
    #expect(first.lines.count == 6)
    let second = try await rows("--limit", "5", "--after", String(cursor))
    let next = try #require(Int64(cursor))
    #expect(second.compactMap { $0["position"]?.string.flatMap { Int64($0) } } == (1...5).map { next - $0 })
    let oldest = try await rows("--oldest-first", "--limit", "2", "--after", "2")
    #expect(oldest.compactMap { $0["position"]?.string } == ["3", "4"])
  }

  @Test("bounds are half-open, in the zone that is named, and said")
  func bounds() async throws {
    try await imported()
    let time = try #require(try await rows("--limit", "1").first?["time"]?.string)
    let size = try stage.size()
    let before = try await stage.expect(0, "audit", "--to", time, "--json")
    let since = try await stage.expect(0, "audit", "--from", time, "--json", "--limit", "1")
    #expect(before.errors.contains("before \(time): events 1 to ") && before.lines.count < size)
    #expect(since.errors.contains("from \(time) on: events "))
    let none = try await stage.expect(
      0, "audit", "--from", "2000-01-01", "--to", "2000-02-01", "--zone", "Europe/Berlin")
    #expect(none.errors.contains("from 1999-12-31T23:00:00.000Z on, before 2000-01-31T23:00:00.000Z: no event"))
    #expect(none.output.contains("nothing that fits happened"))
    try await stage.expect(64, "audit", "--from", "2001-01-01", "--to", "2000-01-01")
  }

  @Test("as CSV no field is run as a formula, and each look is recorded before its first row")
  func records() async throws {
    try await imported()
    let csv = try await stage.expect(0, "audit", "--csv", "--action", "hold", "--person", "user3@contoso.example")
    #expect(csv.lines.count == 2 && csv.output.contains("'=HYPERLINK on leave"))
    #expect(csv.lines.first?.hasPrefix("position,time,occurred,actor,type,person,alias,action,status") == true)
    try await stage.expect(0, "user", "list", "--status", "pending")
    let looks = try await stage.expect(0, "report", "access-log", "--json").lines
    let values = try looks.map { try JSONParser.parse(Array($0.utf8)) }
    #expect(values.map { $0["what"]?.string } == ["audit", "user list"])
    #expect(values.first?["format"] == "csv" && values.first?["rows"] == 1)
    let filter = try #require(values.first?["filter"]?.string)
    #expect(filter.contains("action hold") && !filter.contains("user3"), "people stand there by their aliases")
    let text = try await stage.expect(0, "report", "access-log")
    #expect(text.output.contains("report access-log") && text.lines.count == 4)
    #expect(try await stage.expect(0, "report", "access-log", "--actor", "operator:nobody").output == "nobody looked\n")
  }

  @Test("a file that is no database is told, with the way out; deleted it comes back")
  func damaged() async throws {
    try await imported()
    let rows = try await rows("--oldest-first", "--limit", "20")
    let file = "\(stage.ledgerFolder)/audit.sqlite"
    for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: file + suffix) }
    try Data(repeating: 7, count: 8192).write(to: URL(fileURLWithPath: file))
    #expect(try await stage.expect(74, "audit").errors.contains("PL-0503"))
    try FileManager.default.removeItem(atPath: file)
    #expect(try await self.rows("--oldest-first", "--limit", "20") == rows)
    try await stage.expect(0, "views", "check", "--audit")
    try await stage.expect(0, "views", "rebuild", "--audit")
  }
}
