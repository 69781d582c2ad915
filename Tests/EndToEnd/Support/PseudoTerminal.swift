import Foundation
import Glibc
import Subprocess
import Synchronization
import SystemPackage

/// A terminal of a chosen size that has no screen: what a process writes to it is kept (pts(4)).
final class PseudoTerminal: Sendable {
  struct Refused: Error {}

  private let master: Int32
  private let name: String
  private let written = Mutex<[UInt8]>([])

  init(columns: Int, lines: Int = 50) throws {
    master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    // TIOCSPTLCK and TIOCGPTN of ioctl_tty(2), which Glibc's module does not show.
    var (locked, number) = (Int32(0), Int32(0))
    guard master >= 0, ioctl(master, 0x4004_5431, &locked) == 0, ioctl(master, 0x8004_5430, &number) == 0 else {
      throw Refused()
    }
    name = "/dev/pts/\(number)"
    try resize(columns: columns, lines: lines)
  }

  deinit { Glibc.close(master) }

  /// Changes the size, as a person does with a window.
  func resize(columns: Int, lines: Int = 50) throws {
    var size = winsize(ws_row: UInt16(lines), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
    guard ioctl(master, UInt(TIOCSWINSZ), &size) == 0 else { throw Refused() }
  }

  /// What was written so far.
  var text: String { written.withLock { String(decoding: $0, as: UTF8.self) } }

  /// Types on it.
  func type(_ text: String) throws {
    let bytes = Array(text.utf8)
    guard write(master, bytes, bytes.count) == bytes.count else { throw Refused() }
  }

  /// Runs the program with standard output and error on the terminal, standard input too where somebody types, `body`
  /// meanwhile; gives how it ended.
  func run(
    _ arguments: [String], environment: [String: String] = [:], isTyped: Bool = false,
    during body: @escaping @Sendable (@Sendable (Signal) throws -> Void) async throws -> Void = { _ in }
  ) async throws -> TerminationStatus {
    let (output, errors) = (try slave(), try slave())
    let reader = Thread { [self] in copy() }
    reader.start()
    let end = try await Program.end(
      of: arguments, environment: Self.environment(environment), input: isTyped ? try slave() : nil, output: output,
      errors: errors, during: body)
    try await eventually("the terminal is read to its end") { reader.isFinished }
    return end
  }

  private func slave() throws -> FileDescriptor {
    try FileDescriptor.open(FilePath(name), .readWrite, options: .init(rawValue: O_NOCTTY | O_CLOEXEC))
  }

  private static func environment(_ more: [String: String]) -> Environment {
    var changes: [Environment.Key: String?] = [
      "PROVLEDGER_LEDGER": nil, "NO_COLOR": nil, "TERM": "xterm-256color", "TZ": "UTC",
    ]
    for (name, value) in more { changes[Environment.Key(stringLiteral: name)] = value }
    return .inherit.updating(changes)
  }

  /// Until the last process has closed it, which a read tells by EIO.
  private func copy() {
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = read(master, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return }
      written.withLock { $0 += buffer.prefix(count) }
    }
  }
}
