import Base
import NIOCore
import NIOPosix
import Testing

@testable import Syslog

@Suite("A connection to a receiver that does not read", .timeLimit(.minutes(1)))
struct SyslogConnectionTests {
  /// Runs with a connection to a receiver that reads nothing until it is told to; its window holds a few thousand bytes.
  private func unread(
    _ scheme: String = "tcp", limit: Duration = .seconds(60),
    _ body: (SyslogConnection, any Channel) async throws -> Void
  ) async throws {
    let (accepted, continuation) = AsyncStream.makeStream(of: (any Channel).self)
    let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.socketOption(.so_rcvbuf), value: 2048)
      .childChannelOption(.autoRead, value: false)
      .childChannelInitializer { channel in
        continuation.yield(channel)
        return channel.eventLoop.makeSucceededVoidFuture()
      }
      .bind(host: "127.0.0.1", port: 0).get()
    let port = try #require(server.localAddress?.port)
    let destination = try #require(SyslogDestination("\(scheme)://127.0.0.1:\(port)"))
    let connection = try await SyslogConnection.open(destination, limit: limit)
    var iterator = accepted.makeAsyncIterator()
    let next = await iterator.next()
    let receiver = try #require(next)
    try await body(connection, receiver)
    connection.close()
    try? await receiver.close().get()
    try await server.close().get()
  }

  @Test("what the other machine has not confirmed does not count as sent, until it has")
  func unconfirmed() async throws {
    try await unread { connection, receiver in
      try await connection.send(Array(repeating: UInt8(ascii: "a"), count: 14_000))
      let left = try await connection.unconfirmed()
      #expect(left > 0)
      try await receiver.setOption(.autoRead, value: true).get()
      try await connection.settle(for: .zero)
      let rest = try await connection.unconfirmed()
      #expect(rest == 0)
    }
  }

  @Test(
    "a write has an end, and so has the handshake before it", arguments: [("tcp", 16_777_216), ("tls", 1)])
  func silent(scheme: String, count: Int) async throws {
    try await unread(scheme, limit: .milliseconds(100)) { connection, _ in
      let bytes = Array(repeating: UInt8(ascii: "a"), count: count)
      await #expect(throws: SyslogConnection.Silent.self) { try await connection.send(bytes) }
    }
  }

  @Test("so has the wait for what the other machine does not confirm")
  func undrained() async throws {
    try await unread(limit: .milliseconds(100)) { connection, _ in
      try await connection.send(Array(repeating: UInt8(ascii: "a"), count: 14_000))
      await #expect(throws: SyslogConnection.Silent.self) { try await connection.settle(for: .zero) }
    }
  }

  @Test("whoever ends the feed ends its wait", arguments: [("tcp", 16_777_216), ("tls", 1)])
  func cancelled(scheme: String, count: Int) async throws {
    try await unread(scheme) { connection, _ in
      let bytes = Array(repeating: UInt8(ascii: "a"), count: count)
      let sending = Task { try await connection.send(bytes) }
      sending.cancel()
      await #expect(throws: CancellationError.self) { try await sending.value }
    }
  }

  @Test("a connection that ends meanwhile is lost")
  func lost() async throws {
    try await unread { connection, receiver in
      try await connection.send(Array(repeating: UInt8(ascii: "a"), count: 14_000))
      try await receiver.close().get()
      await #expect(throws: (any Error).self) { try await connection.settle(for: .seconds(1)) }
    }
  }
}
