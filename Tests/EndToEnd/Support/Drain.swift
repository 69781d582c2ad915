import Foundation
import Glibc
import Synchronization
import SystemPackage

/// Reads a pipe to its end, on a thread of its own.
final class Drain: Sendable {
  private let read = Mutex<(bytes: [UInt8], isFinished: Bool)>(([], false))

  /// Takes the pipe's end over.
  init(_ end: FileDescriptor) {
    Thread { [self] in copy(end) }.start()
  }

  var text: String { read.withLock { String(decoding: $0.bytes, as: UTF8.self) } }
  var isFinished: Bool { read.withLock { $0.isFinished } }

  private func copy(_ end: FileDescriptor) {
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = Glibc.read(end.rawValue, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      read.withLock { $0.bytes += buffer.prefix(count) }
    }
    try? end.close()
    read.withLock { $0.isFinished = true }
  }
}
