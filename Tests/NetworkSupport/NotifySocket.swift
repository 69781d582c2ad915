import Glibc
import Synchronization

/// The side of a service manager: a datagram socket that hears what services tell (sd_notify(3)).
public final class NotifySocket: Sendable {
  private let descriptor: Int32
  private let kept = Mutex<[String]>([])

  /// Listens at a path, or at an abstract name that begins with `@`; nil where that cannot be.
  public init?(_ name: String) {
    descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = name.hasPrefix("@") ? [0] + Array(name.utf8.dropFirst()) : Array(name.utf8) + [0]
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    let length = socklen_t(2 + bytes.count)
    let bound = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) }
    }
    if bound != 0 { return nil }
  }

  deinit { close(descriptor) }

  /// What was told so far, in order.
  public var messages: [String] {
    kept.withLock { kept in
      var buffer = [UInt8](repeating: 0, count: 4096)
      while case let count = recv(descriptor, &buffer, buffer.count, 0), count >= 0 {
        kept.append(String(decoding: buffer[..<count], as: UTF8.self))
      }
      return kept
    }
  }
}
