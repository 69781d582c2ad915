public import NIOCore
import NIOPosix
public import NIOSSL

/// A listener on a free port of loopback, for one test.
public enum LoopbackServer {
  /// One connection's bytes.
  public typealias Connection = NIOAsyncChannel<ByteBuffer, ByteBuffer>

  /// Serves connections as long as `body` runs, which is given the port; behind TLS when there is a context.
  public static func serving<Result: Sendable>(
    tls: NIOSSLContext? = nil, _ serve: @Sendable @escaping (Connection) async throws -> Void,
    _ body: @Sendable @escaping (Int) async throws -> Result
  ) async throws -> Result {
    let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .bind(host: "127.0.0.1", port: 0) { channel in
        channel.eventLoop.makeCompletedFuture {
          if let tls { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls)) }
          return try Connection(wrappingChannelSynchronously: channel)
        }
      }
    let port = server.channel.localAddress?.port ?? 0
    return try await withThrowingTaskGroup(of: Result?.self) { group in
      group.addTask {
        try await server.executeThenClose { connections in
          try await withThrowingDiscardingTaskGroup { group in
            for try await connection in connections {
              group.addTask { try? await serve(connection) }
            }
          }
        }
        return nil
      }
      group.addTask { try await body(port) }
      defer { group.cancelAll() }
      while let outcome = try await group.next() {
        if let result = outcome { return result }
      }
      throw CancellationError()
    }
  }

  /// Passes what arrives on to a port of loopback, and back, until either side ends; `opened` runs once the way stands.
  public static func relay(
    _ inbound: inout NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator,
    _ outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>, to port: Int, opened: () async throws -> Void = {}
  ) async throws {
    let other = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .connect(host: "127.0.0.1", port: port) { channel in
        channel.eventLoop.makeCompletedFuture { try Connection(wrappingChannelSynchronously: channel) }
      }
    try await other.executeThenClose { back, forth in
      try await opened()
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
          for try await bytes in back { try await outbound.write(bytes) }
          outbound.finish()
        }
        while let bytes = try await inbound.next() { try await forth.write(bytes) }
        group.cancelAll()
      }
    }
  }

  /// TLS in front of a port of loopback that speaks none.
  public static func securing<Result: Sendable>(
    port: Int, with context: NIOSSLContext, _ body: @Sendable @escaping (Int) async throws -> Result
  ) async throws -> Result {
    try await serving(tls: context) { connection in
      try await connection.executeThenClose { inbound, outbound in
        var arriving = inbound.makeAsyncIterator()
        try await relay(&arriving, outbound, to: port)
      }
    } _: { port in
      try await body(port)
    }
  }
}
