import Foundation
import Synchronization
import Testing

extension Stage {
  /// Ports that this process has given away.
  private static let given = Mutex(Set<UInt16>())

  /// A port for a server that is started some time later: free now, given to nobody else here, and none of those that the
  /// system gives to servers that ask for any.
  static func freePort() throws -> Int {
    for _ in 0..<100 {
      let port = UInt16.random(in: 10_000..<32_768)
      if given.withLock({ $0.insert(port).inserted }), try isFree(port) { return Int(port) }
    }
    struct NoFreePort: Error {}
    throw NoFreePort()
  }

  private static func isFree(_ port: UInt16) throws -> Bool {
    let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    try #require(socket >= 0)
    defer { close(socket) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    address.sin_port = port.bigEndian
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
        bind(socket, generic, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
  }
}
