import Base
import NIOCore
import NIOPosix
import Testing

@testable import Syslog

@Suite("A connection to a receiver that does not read", .timeLimit(.minutes(1)))
struct SyslogConnectionTests {
  /// Runs with a connection to a receiver that reads nothing until it is told to; its window holds a few thousand bytes.
  private func unread(_ body: (SyslogConnection, any Channel) async throws -> Void) async throws {
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
    let destination = try #require(SyslogDestination("tcp://127.0.0.1:\(port)"))
    let connection = try await SyslogConnection.open(destination)
    var iterator = accepted.makeAsyncIterator()
    let next = await iterator.next()
    let receiver = try #require(next)
    try await body(connection, receiver)
    await connection.close()
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

  @Test("a connection that ends meanwhile is lost")
  func lost() async throws {
    try await unread { connection, receiver in
      try await connection.send(Array(repeating: UInt8(ascii: "a"), count: 14_000))
      try await receiver.close().get()
      await #expect(throws: (any Error).self) { try await connection.settle(for: .seconds(1)) }
    }
  }
}
