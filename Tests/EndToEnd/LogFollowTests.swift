import Base
import EventLog
import Foundation
import Glibc
import JSON
import Ledger
import Provisioning
import Subprocess
import SystemPackage
import Testing

/// `log follow` as another system reads it.
@Suite(.timeLimit(.minutes(3)))
struct LogFollowTests {
  private let stage: Stage

  init() async throws {
    stage = try Stage()
    try await stage.initialize(target: "http://127.0.0.1:1/scim/v2")
  }

  private static func positions(_ lines: [String]) throws -> [Int64] {
    try lines.map { line in
      let text = try JSONParser.parse(Array(line.utf8))["position"]?.string
      return try #require(text.flatMap { Int64($0) })
    }
  }

  @Test("Across killed writers, and resumed by position, it gives 1…N without gap or repeat; SIGTERM ends it with 0")
  func resumed() async throws {
    let file = try stage.write("users.csv", Export(count: 30).csv)
    let stage = stage
    var seen: [Int64] = []
    for round in 0..<3 {
      let from = Int64(seen.count) + 1
      let end = try await stage.run("log", "follow", "--from", String(from)) { follower in
        for attempt in 0..<3 {
          _ = try await stage.run("import", file) { writer in
            try await Task.sleep(for: .milliseconds(40 + 60 * (attempt + round)))
            try? writer.send(.kill)
          }
        }
        try await stage.expect(0, "import", file)
        let size = try stage.size()
        try await eventually("the follower wrote \(size)") {
          FileManager.default.contents(atPath: follower.output).map {
            String(decoding: $0, as: UTF8.self).contains("\"position\":\"\(size)\"")
          } ?? false
        }
        try follower.send(.terminate)
      }
      #expect(end.code == 0, "\(end.errors)")
      seen += try Self.positions(end.lines)
    }
    let rest = try await stage.expect(0, "log", "follow", "--from", String(seen.count + 1), "--until-end")
    #expect(rest.output.isEmpty)
    #expect(seen == Array(1...(try stage.size())))
    let whole = try await stage.expect(0, "log", "follow", "--until-end", "--format", "raw")
    #expect(whole.output == (try await stage.expect(0, "log", "export", "--to", String(seen.count))).output)
  }

  @Test("Each line is a CloudEvents 1.0 event in JSON")
  func cloudEvents() async throws {
    try await stage.expect(0, "import", try stage.write("users.csv", Export(count: 5).csv))
    let end = try await stage.expect(0, "log", "follow", "--until-end", "--format", "cloudevents")
    var ids = Set<String>()
    #expect(end.lines.count > 10)
    for line in end.lines {
      let event = try #require(try JSONParser.parse(Array(line.utf8)).object)
      #expect(event["specversion"]?.string == "1.0")
      for name in ["id", "source", "type"] { #expect(event[name]?.string?.isEmpty == false, "\(name)") }
      ids.insert(event["id"]?.string ?? "")
      #expect(event["time"]?.string.flatMap { Timestamp($0) } != nil)
      #expect(event["datacontenttype"]?.string == "application/json" && event["data"]?.object != nil)
      #expect(event["dataschema"]?.string.flatMap { URL(string: $0) }?.scheme == "urn")
      for member in event.members where member.name != "data" {
        #expect(member.name.wholeMatch(of: /[a-z0-9]{1,20}/) != nil && member.value.string?.isEmpty == false)
      }
    }
    #expect(ids.count == end.lines.count, "source and id together are unique")
  }

  @Test("A position that the log never had is refused, since whoever asks has seen another past")
  func beyond() async throws {
    try await stage.expect(0, "import", try stage.write("users.csv", Export(count: 2).csv))
    let size = try stage.size()
    try await stage.expect(0, "log", "follow", "--from", String(size + 1), "--until-end")
    let end = try await stage.expect(65, "log", "follow", "--from", String(size + 2))
    #expect(end.errors.contains("PL-0320"))
    try await stage.expect(64, "log", "follow", "--from", "0")
  }

  /// Appends about 10 MB.
  private func grow(_ ledger: OpenLedger) async throws {
    let value: JSONValue = [
      "name": .string(String(repeating: "x", count: 50_000)), "format": "csv", "count": 1,
    ]
    let data = value.canonicalBytes
    let ids = EventIDGenerator()
    let events = (0..<200).map { _ in
      NewEvent(
        id: ids.next(at: ledger.clock()), type: "report.exported", occurred: ledger.clock(), actor: "test",
        data: data)
    }
    try await ledger.log.append([StreamAppend(stream: "operators", events: events)])
  }

  private static func memory(_ process: Int) -> Int {
    let status = FileManager.default.contents(atPath: "/proc/\(process)/status") ?? Data()
    let text = String(decoding: status, as: UTF8.self)
    let line = text.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return line.flatMap { Int($0.filter(\.isNumber)) } ?? 0
  }

  private static func waiting(_ descriptor: Int32) -> Int32 {
    var count: Int32 = 0
    _ = ioctl(descriptor, UInt(FIONREAD), &count)
    return count
  }

  @Test("A reader that waits holds it back: its memory does not grow, and nothing is lost; one that goes away ends it")
  func slowReader() async throws {
    let ledger = try stage.open()
    defer { try? ledger.close() }
    try await grow(ledger)
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    // The other commands of this process must not hold it open.
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    let (reading, writing) = (ends[0], ends[1])
    let stage = stage
    let result = try await Subprocess.run(
      .path(FilePath(try Program.path())),
      arguments: Arguments(["log", "follow", "--ledger", stage.ledgerFolder]), input: .none,
      output: .fileDescriptor(FileDescriptor(rawValue: writing), closeAfterSpawningProcess: true), error: .discarded
    ) { execution in
      do {
        let process = Int(execution.processIdentifier.value)
        try await eventually("the pipe is full") { Self.waiting(reading) >= 61_440 }
        let before = Self.memory(process)
        for _ in 0..<3 { try await grow(ledger) }
        try await eventually("it has had time to look") { Self.waiting(reading) >= 61_440 }
        let after = Self.memory(process)
        #expect(before > 1000 && after - before < 12_000, "from \(before) to \(after) KiB, over 30,000 KiB of events")
        // With the record of the look.
        let all = Int(try ledger.log.lastPosition())
        let read = Self.read(reading, lines: all)
        let positions = try Self.positions(read)
        #expect(all > 800 && positions == Array(1...Int64(all)))
        close(reading)
      } catch {
        close(reading)
        try? execution.send(signal: .kill)
        throw error
      }
    }
    #expect(result.terminationStatus == .exited(0))
  }

  /// Reads whole lines from a pipe.
  private static func read(_ descriptor: Int32, lines wanted: Int) -> [String] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    var lines = 0
    while lines < wanted {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count <= 0 { break }
      bytes += buffer[..<count]
      lines += buffer[..<count].count { $0 == UInt8(ascii: "\n") }
    }
    return bytes.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
  }
}
