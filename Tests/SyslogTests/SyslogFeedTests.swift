import Base
import EventLog
import Exports
import Ledger
import NIOCore
import NIOSSL
import NetworkSupport
import Operations
import Provisioning
import Sealing
import Synchronization
import TestSupport
import Testing

@testable import Syslog

@Suite("CEF over syslog", .timeLimit(.minutes(1)))
struct SyslogFeedTests {
  private let place: TestLedger
  private let ledger: OpenLedger

  init() async throws {
    place = try TestLedger()
    ledger = try place.open()
    try await ledger.append(
      (1...30).map { Event(.cycle("c\($0)"), .cycleInterrupted(CycleInterrupted(position: 1))) }, actor: "operator:olga"
    )
  }

  private func feed(to destination: String, named name: String = "siem") throws -> SyslogFeed {
    var feed = SyslogFeed(
      of: ledger, named: name, to: try #require(SyslogDestination(destination)),
      ExportSettings(origin: "example.test/ledger", version: "1.0.0", target: "https://example.test"),
      Records(in: ledger, actor: "operator:olga"), logger: quiet)
    feed.settling = .zero
    return feed
  }

  /// The positions that a receiver got, in their order, from all connections; the first of these ends after so many.
  private func receive(
    tls: NIOSSLContext? = nil, endingAfter most: Int = .max,
    _ body: @Sendable @escaping (Int, AsyncStream<Int>) async throws -> Void
  ) async throws {
    let (positions, continuation) = AsyncStream.makeStream(of: Int.self)
    let left = Mutex(most)
    try await LoopbackServer.serving(tls: tls) { connection in
      let most = left.withLock { left in
        defer { left = .max }
        return left
      }
      try await connection.executeThenClose { inbound, _ in
        var (reader, count) = (FrameReader(), 0)
        for try await buffer in inbound {
          for message in try reader.take(buffer) {
            if count == most { return }
            count += 1
            continuation.yield(try FrameReader.position(of: message))
          }
        }
      }
    } _: { port in
      try await body(port, positions)
    }
  }

  /// Waits until it is recorded that a name went so far.
  private func marked(_ name: String, _ position: Int64) async throws {
    for try await _ in ledger.log.follow() where try NamedExport(name, in: ledger).next > position { return }
  }

  private func whole(_ port: Int, _ scheme: String, _ positions: AsyncStream<Int>, authorities: String?) async throws {
    var feed = try feed(to: "\(scheme)://localhost:\(port)")
    feed.authorities = authorities
    let run = Task { [feed] in try await feed.run() }
    var received: [Int] = []
    for await position in positions {
      received.append(position)
      if position == 30 { break }
    }
    #expect(received == Array(1...30))
    try await marked("siem", 30)
    run.cancel()
    try await run.value
  }

  @Test("every event arrives once, in its order, and the log says how far it went")
  func tcp() async throws {
    try await receive { port, positions in
      try await whole(port, "tcp", positions, authorities: nil)
    }
  }

  @Test("the same over TLS, from a host that proves its name")
  func tls() async throws {
    let authority = try TestAuthority()
    let file = try place.write("ca.pem", authority.pem)
    try await receive(tls: try authority.server("localhost")) { port, positions in
      try await whole(port, "tls", positions, authorities: file)
    }
  }

  @Test("a receiver that goes away gets again what was not recorded, and nothing is left out")
  func broken() async throws {
    try await receive(endingAfter: 10) { port, positions in
      var feed = try feed(to: "tcp://127.0.0.1:\(port)")
      (feed.patience, feed.settling) = (.milliseconds(1), .seconds(20))
      let run = Task { [feed] in try await feed.run() }
      var received: [Int] = []
      for await position in positions {
        received.append(position)
        if position == 30 { break }
      }
      #expect(received == Array(1...10) + Array(1...30))
      run.cancel()
      try? await run.value
    }
  }

  @Test("after a connection was cut it begins again before the mark: what was confirmed may not have been read")
  func overlap() async throws {
    try await receive(endingAfter: 30) { port, positions in
      var feed = try feed(to: "tcp://127.0.0.1:\(port)")
      (feed.patience, feed.overlap) = (.milliseconds(1), 5)
      let run = Task { [feed] in try await feed.run() }
      var received: [Int] = []
      // The feed's own record, which comes next, has the first connection ended.
      for await position in positions {
        received.append(position)
        if received.count == 35 { break }
      }
      #expect(received == Array(1...30) + Array(26...30))
      run.cancel()
      try await run.value
    }
  }

  @Test("after a restart it goes on where the log says")
  func restart() async throws {
    try await receive { port, positions in
      var iterator = positions.makeAsyncIterator()
      let first = try feed(to: "tcp://127.0.0.1:\(port)")
      let run = Task { try await first.run() }
      try await marked("siem", 30)
      run.cancel()
      try await run.value
      let next = Int(try NamedExport("siem", in: ledger).next)
      while let position = await iterator.next(), position < next - 1 {}
      try await ledger.append([Event(.ledger, .lossAccepted(LossAccepted(seen: 2, newest: 1)))], actor: "operator:olga")
      let second = try feed(to: "tcp://127.0.0.1:\(port)")
      let again = Task { try await second.run() }
      var after: [Int] = []
      while after.last.map({ $0 < next + 1 }) ?? true, let position = await iterator.next() {
        // The first feed may have sent its own record.
        after.append(position)
      }
      #expect(Set(after).isSuperset(of: [next, next + 1]) && after.allSatisfy { $0 >= next })
      again.cancel()
      try await again.value
    }
  }

  @Test("how far a feed went is no reason to record how far another one did")
  func answers() async throws {
    var mark = Mark(from: try NamedExport("siem", in: ledger))
    let start = try ledger.log.lastPosition() + 1
    for name in ["siem", "other"] {
      let file = ExportedFile(digest: "00", first: 1, last: 30, privacy: "clear")
      let records = Records(in: ledger, actor: "operator:olga")
      try await records.mark(ReportExported(name: name, format: "cef", count: 30, file: file), since: 0)
    }
    let marks = try ledger.log.read(from: start).filter { $0.stream.hasPrefix("export/") }
    #expect(marks.count == 2)
    mark.take(marks, marks.map(\.entry))
    #expect(!mark.isDue)
    let old = try ledger.log.read(limit: 1)
    mark.take(old, old.map(\.entry))
    #expect(mark.isDue)
  }

  @Test("a receiver that says nothing is tried anew, and keeps nobody who wants to end")
  func silence() async throws {
    let (attempts, continuation) = AsyncStream.makeStream(of: Void.self)
    try await LoopbackServer.serving { connection in
      continuation.yield()
      try await connection.executeThenClose { inbound, _ in for try await _ in inbound {} }
    } _: { port in
      var feed = try feed(to: "tls://localhost:\(port)")
      (feed.patience, feed.limit) = (.milliseconds(1), .milliseconds(100))
      let run = Task { [feed] in try await feed.run() }
      var iterator = attempts.makeAsyncIterator()
      for _ in 1...3 { _ = await iterator.next() }
      run.cancel()
      try await run.value
    }
  }

  @Test("a server that cannot prove its name gets nothing, and it is said what is wrong")
  func stranger() async throws {
    let (authority, other) = (try TestAuthority(), try TestAuthority(name: "Other"))
    try await refuses(authority, named: "localhost", trusting: other, "CERTIFICATE_VERIFY_FAILED")
    try await refuses(authority, named: "other.example", trusting: authority, "find localhost in certificate")
  }

  private func refuses(
    _ authority: TestAuthority, named name: String, trusting other: TestAuthority, _ words: String
  ) async throws {
    let file = try place.write("ca.pem", other.pem)
    try await receive(tls: try authority.server(name)) { port, _ in
      let destination = try #require(SyslogDestination("tls://localhost:\(port)"))
      let connection = try await SyslogConnection.open(destination, authorities: file)
      do {
        try await connection.send(Array("1 a".utf8))
        Issue.record("it was sent")
      } catch {
        #expect("\(error)".contains(words))
      }
    }
  }
}

/// Messages out of frames that count their octets.
private struct FrameReader {
  struct Malformed: Error {}

  private var rest: [UInt8] = []

  mutating func take(_ buffer: ByteBuffer) throws -> [String] {
    rest += Array(buffer.readableBytesView)
    var messages: [String] = []
    while let blank = rest.firstIndex(of: UInt8(ascii: " ")) {
      guard let count = Int(String(decoding: rest[..<blank], as: UTF8.self)) else { throw Malformed() }
      guard rest.count > blank + count else { break }
      messages.append(String(decoding: rest[(blank + 1)...(blank + count)], as: UTF8.self))
      rest.removeFirst(blank + 1 + count)
    }
    return messages
  }

  static func position(of message: String) throws -> Int {
    guard message.hasPrefix("<110>1 ") || message.hasPrefix("<109>1 "),
      let value = message.firstMatch(of: #/ cn1=(\d+) /#)?.output.1, let position = Int(value)
    else { throw Malformed() }
    return position
  }
}
