public import Base
import Glibc
import NIOCore
import NIOPosix
import NIOSSL

/// One connection to a receiver of syslog messages.
public final class SyslogConnection: Sendable {
  private let channel: any Channel

  private init(_ channel: any Channel) { self.channel = channel }

  /// Connects within ten seconds; `authorities` is a file of certificates in PEM form that are trusted beside the system's.
  ///
  /// Throws `FaultCode.certificatesUnusable` for such a file, and what the network says.
  public static func open(_ destination: SyslogDestination, authorities: String? = nil) async throws -> SyslogConnection
  {
    let context = destination.isEncrypted ? try context(authorities) : nil
    do {
      return SyslogConnection(try await channel(destination, context))
    } catch let error as NIOConnectionError {
      throw Unreachable(reason: error.connectionErrors.first.map { "\($0.error)" } ?? "no address is known")
    }
  }

  /// Nobody answers.
  struct Unreachable: Error, CustomStringConvertible {
    let reason: String
    var description: String { "nobody answers: \(reason)" }
  }

  private static func channel(_ destination: SyslogDestination, _ context: NIOSSLContext?) async throws -> any Channel {
    try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .connectTimeout(.seconds(10))
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          guard let context else { return }
          let name = destination.host.isAddress ? nil : destination.host
          try channel.pipeline.syncOperations.addHandler(NIOSSLClientHandler(context: context, serverHostname: name))
        }
      }
      .connect(host: destination.host, port: destination.port).get()
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

  /// Sends bytes; they have left this program when it returns. Throws what the network says.
  public func send(_ bytes: [UInt8]) async throws {
    try await channel.writeAndFlush(ByteBuffer(bytes: bytes)).get()
  }

  /// Returns once the other machine has confirmed every byte, and has not ended the connection for a time after that.
  ///
  /// Throws `Lost`, what the network says, and `CancellationError`.
  func settle(for span: Duration) async throws {
    while isOpen, try await unconfirmed() > 0 { try await Task.sleep(for: .milliseconds(20)) }
    for _ in 0..<20 where isOpen { try await Task.sleep(for: span / 20) }
    guard isOpen else { throw Lost() }
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

  /// Ends it.
  public func close() async { try? await channel.close().get() }
}

extension String {
  /// Whether it is an address in figures, for which no name can be asked.
  fileprivate var isAddress: Bool { (try? SocketAddress(ipAddress: self, port: 0)) != nil }
}
