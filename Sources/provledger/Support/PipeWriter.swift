import Base
import Glibc
import Provisioning

/// Writes to standard output no faster than it is read: a reader that waits holds the writer back.
///
/// It never stays inside a blocking write, so that a cancelled task ends although nobody reads. A pipe that is ready takes
/// `PIPE_BUF` bytes without blocking (poll(2), pipe(7)).
struct PipeWriter {
  private static let piece = 4096
  /// How long a task that was cancelled waits for the reader to take the rest of the line, in milliseconds.
  private static let grace = 2000

  /// Nobody reads the pipe any more, in a process that heeds no SIGPIPE.
  struct ReaderGone: Error {}

  /// Whether nobody reads the pipe any more; false for a file.
  static func isReaderGone(_ descriptor: Int32 = STDOUT_FILENO) -> Bool {
    var request = pollfd(fd: descriptor, events: 0, revents: 0)
    return poll(&request, 1, 0) > 0 && request.revents & Int16(POLLERR) != 0
  }

  /// Writes all bytes. A reader that went away ends the process by SIGPIPE, or is thrown as `ReaderGone` where that is
  /// ignored. Throws `FaultCode.outputUnwritable`, and `CancellationError` when the task was cancelled and the reader takes
  /// nothing.
  static func write(_ bytes: [UInt8], to descriptor: Int32 = STDOUT_FILENO) throws {
    var rest = bytes[...]
    var patience = grace
    while !rest.isEmpty {
      var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      let ready = poll(&request, 1, 100)
      if ready == 0 || (ready < 0 && errno == EINTR) {
        if Task.isCancelled {
          patience -= 100
          if patience <= 0 { throw CancellationError() }
        }
        continue
      }
      let count = rest.prefix(piece).withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR || errno == EAGAIN { continue }
      if count < 0, errno == EPIPE { throw ReaderGone() }
      guard count > 0 else {
        throw Fault(
          .outputUnwritable, "The output cannot be written: \(String(cString: strerror(errno))). Check where it goes.")
      }
      rest = rest.dropFirst(count)
    }
  }
}
