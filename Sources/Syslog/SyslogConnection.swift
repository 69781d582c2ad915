public import Base
import Glibc
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// One connection to a receiver of syslog messages.
public final class SyslogConnection: Sendable {
  /// So many bytes have to be taken within the limit.
  private static let piece = 16_384

  private let channel: any Channel
  private let cause: FirstError
  private let limit: Duration

  private init(_ channel: any Channel, _ cause: FirstError, _ limit: Duration) {
    (self.channel, self.cause, self.limit) = (channel, cause, limit)
  }

  /// Connects within ten seconds; `authorities` is a file of certificates in PEM form that are trusted beside the system's, and
  /// `limit` how long the receiver may take nothing, the handshake of TLS included.
  ///
  /// Throws `FaultCode.certificatesUnusable` for such a file, what the network says, and `CancellationError`.
  public static func open(
    _ destination: SyslogDestination, authorities: String? = nil, limit: Duration = .seconds(60)
  ) async throws -> SyslogConnection {
    let cause = FirstError()
    let connecting = connect(destination, destination.isEncrypted ? try context(authorities) : nil, cause)
    do {
      return SyslogConnection(try await connecting.get(within: limit), cause, limit)
    } catch let error as NIOConnectionError {
      throw Unreachable(reason: error.connectionErrors.first.map { "\($0.error)" } ?? "no address is known")
    } catch {
      // Whoever does not wait any longer wants none that comes about later.
      connecting.whenSuccess { $0.close(promise: nil) }
      throw error
    }
  }

  /// Nobody answers.
  struct Unreachable: Error, CustomStringConvertible {
    let reason: String
    var description: String { "nobody answers: \(reason)" }
  }

  /// The receiver takes nothing.
  struct Silent: Error, CustomStringConvertible {
    let limit: Duration
    var description: String { "it was silent for \(limit)" }
  }

  private static func connect(
    _ destination: SyslogDestination, _ context: NIOSSLContext?, _ cause: FirstError
  ) -> EventLoopFuture<any Channel> {
    ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .connectTimeout(.seconds(10))
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          if let context {
            let name = destination.host.isAddress ? nil : destination.host
            try channel.pipeline.syncOperations.addHandler(NIOSSLClientHandler(context: context, serverHostname: name))
          }
          try channel.pipeline.syncOperations.addHandler(cause)
        }
      }
      .connect(host: destination.host, port: destination.port)
  }

  private static func context(_ authorities: String?) throws -> NIOSSLContext {
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.minimumTLSVersion = .tlsv12
    if let authorities {
      do {
        configuration.additionalTrustRoots = [.certificates(try NIOSSLCertificate.fromPEMFile(authorities))]
      } catch {
        throw Fault(
          .certificatesUnusable, "The file \(authorities) holds no certificates in PEM form; name another one.")
      }
    }
    return try NIOSSLContext(configuration: configuration)
  }

  /// Whether the receiver has not ended it.
  public var isOpen: Bool { channel.isActive }

  /// Sends bytes; they have left this program when it returns. Throws what the network says, and `CancellationError`.
  public func send(_ bytes: [UInt8]) async throws {
    for start in stride(from: 0, to: bytes.count, by: Self.piece) {
      let piece = ByteBuffer(bytes: bytes[start..<min(start + Self.piece, bytes.count)])
      try await telling { try await channel.writeAndFlush(piece).get(within: limit) }
    }
  }

  /// That a connection is closed says nothing; what it was closed for does.
  private func telling(_ body: () async throws -> Void) async throws {
    do {
      try await body()
    } catch let error as CancellationError {
      throw error
    } catch {
      throw cause.error ?? error
    }
  }

  /// Returns once the other machine has confirmed every byte, and has not ended the connection for a time after that.
  ///
  /// Throws `Lost`, `Silent`, what the network says, and `CancellationError`.
  func settle(for span: Duration) async throws {
    try await telling {
      try await drain()
      for _ in 0..<20 where isOpen { try await Task.sleep(for: span / 20) }
      guard isOpen else { throw Lost() }
    }
  }

  /// Waits for the queue to be empty, as long as it becomes shorter.
  private func drain() async throws {
    var (least, since) = (Int.max, ContinuousClock.now)
    while isOpen {
      let left = try await unconfirmed()
      if left == 0 { return }
      if left < least { (least, since) = (left, ContinuousClock.now) }
      if ContinuousClock.now - since > limit { throw Silent(limit: limit) }
      try await Task.sleep(for: .milliseconds(20))
    }
  }

  /// The bytes that wait in the kernel's queue until the other machine confirms them. Throws what the network says.
  func unconfirmed() async throws -> Int {
    try await channel.eventLoop.submit { [channel] in
      try channel.pipeline.syncOperations.withUnsafeTransportIfAvailable { (socket: NIOBSDSocket.Handle) in
        try Self.queue(of: socket)
      } ?? 0
    }.get()
  }

  /// What of a socket's bytes is not sent, or not acknowledged (SIOCOUTQ: tcp(7)).
  private static func queue(of socket: NIOBSDSocket.Handle) throws -> Int {
    var count: CInt = 0
    guard ioctl(socket, UInt(TIOCOUTQ), &count) == 0 else { throw Lost() }
    return Int(count)
  }

  /// The receiver ended the connection.
  struct Lost: Error, CustomStringConvertible {
    var description: String { "the connection was ended" }
  }

  /// Ends it, and does not wait for the receiver.
  public func close() { channel.close(promise: nil) }
}

/// Remembers the first error that a connection met, such as what TLS has against the other side.
private final class FirstError: ChannelInboundHandler, Sendable {
  typealias InboundIn = ByteBuffer

  private let first = Mutex<(any Error)?>(nil)

  var error: (any Error)? { first.withLock { $0 } }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    first.withLock { $0 = $0 ?? error }
  }
}

extension EventLoopFuture where Value: Sendable {
  /// The result, unless it takes too long or the task is cancelled. Throws `SyslogConnection.Silent` and `CancellationError`.
  fileprivate func get(within limit: Duration) async throws -> Value {
    let promise = eventLoop.makePromise(of: Value.self)
    cascade(to: promise)
    let alarm = eventLoop.scheduleTask(in: TimeAmount(limit)) { promise.fail(SyslogConnection.Silent(limit: limit)) }
    defer { alarm.cancel() }
    return try await withTaskCancellationHandler {
      try await promise.futureResult.get()
    } onCancel: {
      promise.fail(CancellationError())
    }
  }
}

extension String {
  /// Whether it is an address in figures, for which no name can be asked.
  fileprivate var isAddress: Bool { (try? SocketAddress(ipAddress: self, port: 0)) != nil }
}
