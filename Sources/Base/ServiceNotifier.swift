import Glibc

/// Tells the service manager how a service is (sd_notify(3)): one datagram a message, to the socket that it names.
///
/// What cannot be told is left untold: a service works without its manager.
public struct ServiceNotifier: Sendable {
  private let address: [UInt8]
  /// How often the manager wants to hear that the service lives; nil when it does not.
  public let watchdog: Duration?

  /// The manager that an environment names by `NOTIFY_SOCKET`, a path or a name that begins with `@`; nil when it names
  /// none. `WATCHDOG_USEC` counts when `WATCHDOG_PID` names no other process.
  public init?(environment: [String: String]) {
    guard let name = environment["NOTIFY_SOCKET"], let address = Self.address(name) else { return nil }
    self.address = address
    let isOurs = environment["WATCHDOG_PID"].map { $0 == "\(getpid())" } ?? true
    let span = environment["WATCHDOG_USEC"].flatMap { Int64($0) } ?? 0
    watchdog = isOurs && span > 0 ? .microseconds(span) : nil
  }

  /// The bytes of `sun_path`: an abstract name begins with a NUL and has none at its end (unix(7)).
  private static func address(_ name: String) -> [UInt8]? {
    guard name.count > 1, name.utf8.count < MemoryLayout.size(ofValue: sockaddr_un().sun_path) else { return nil }
    switch name.first {
    case "/": return Array(name.utf8) + [0]
    case "@": return [0] + name.utf8.dropFirst()
    default: return nil
    }
  }

  /// The service does its work.
  public func ready() { send("READY=1") }

  /// The service is about to end.
  public func stopping() { send("STOPPING=1") }

  /// The service lives.
  public func alive() { send("WATCHDOG=1") }

  /// What the service is at, in a line.
  public func status(_ text: String) {
    send("STATUS=\(text.split(whereSeparator: \.isNewline).joined(separator: " "))")
  }

  private func send(_ message: String) {
    let kind = Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
    let descriptor = socket(AF_UNIX, kind, 0)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    var name = sockaddr_un()
    name.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &name.sun_path) { $0.copyBytes(from: address) }
    let length = socklen_t(MemoryLayout.offset(of: \sockaddr_un.sun_path) ?? 2) + socklen_t(address.count)
    let bytes = Array(message.utf8)
    _ = withUnsafePointer(to: &name) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        sendto(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL), $0, length)
      }
    }
  }
}
