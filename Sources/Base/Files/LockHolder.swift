import Glibc

/// The process that holds one of the ledger's locks.
public struct LockHolder: Equatable, Sendable {
  /// The process; 0 when it has not said which.
  public var process: Int32
  /// True when it is stopped (SIGSTOP, a debugger): it keeps the lock, since it may go on at any moment.
  public var isStopped: Bool

  /// The process with a number, as /proc shows it now.
  public init(_ process: Int32) {
    self.process = process
    isStopped = Self.state(of: process).map { "Tt".utf8.contains($0) } ?? false
  }

  /// A holder of which both is known.
  public init(process: Int32, isStopped: Bool) {
    self.process = process
    self.isStopped = isStopped
  }

  /// The letter for a process's state in /proc/PID/stat (proc_pid_stat(5)); nil when there is no such process, or it is
  /// another container's.
  private static func state(of process: Int32) -> UInt8? {
    guard process > 0 else { return nil }
    let descriptor = open("/proc/\(process)/stat", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 256)
    let count = read(descriptor, &bytes, bytes.count)
    // The name before it stands in parentheses and may hold some itself.
    guard count > 0, let end = bytes.prefix(count).lastIndex(of: UInt8(ascii: ")")), end + 2 < count else { return nil }
    return bytes[end + 2]
  }

  /// Who it is and what that means for whoever waits: "process 12 is at work", or that it is stopped, and the way out.
  public var sentence: String {
    guard isStopped else { return "process \(process) is at work" }
    return """
      process \(process) is stopped; it keeps the lock, since it may go on sending; continue it with \
      `kill -CONT \(process)` or end it
      """
  }
}
