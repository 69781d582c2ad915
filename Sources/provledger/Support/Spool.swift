import Base
import Foundation
import Glibc
import Provisioning

/// Standard input, kept in a private file so that it can be read as an export is: whole, and again.
struct Spool {
  /// As large as all files of an import may be together.
  private static let limit = 4 << 30

  private let folder: String
  /// The file.
  var path: String { "\(folder)/standard-input" }

  /// Copies standard input to its end. Throws `FaultCode.inputTooLarge`, and `FaultCode.inputUnreadable` where it cannot be read
  /// or kept, or is a terminal, on which nobody writes an export.
  init() throws {
    guard isatty(STDIN_FILENO) == 0 else {
      throw Fault(
        .inputUnreadable, "Standard input is a terminal; send an export to it: provledger import - < users.csv.")
    }
    folder = FileManager.default.temporaryDirectory.appending(path: "provledger-\(randomName())").path
    guard mkdir(folder, 0o700) == 0 else { throw Self.unkept(folder) }
    do { try copy() } catch {
      remove()
      throw error
    }
  }

  /// A fault of the file as one of what it was read from: whoever piped it knows no such file.
  func named(_ fault: Fault) -> Fault {
    var fault = fault
    fault.sentence = fault.sentence.replacing(path, with: "standard input")
    if let file = fault.place?.file { fault.place?.file = file.replacing(path, with: "standard input") }
    return fault
  }

  /// Takes the file away.
  func remove() { try? FileManager.default.removeItem(atPath: folder) }

  private func copy() throws {
    guard let file = try? PrivateFile.create(path) else { throw Self.unkept(path) }
    defer { close(file) }
    var total = 0
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(STDIN_FILENO, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw Self.unread }
      if count == 0 { return }
      total += count
      if total > Self.limit {
        throw Fault(.inputTooLarge, "Standard input is longer than 4 GiB; import files instead.")
      }
      do {
        try buffer.withUnsafeBytes {
          try PrivateFile.write(UnsafeRawBufferPointer(rebasing: $0.prefix(count)), to: file)
        }
      } catch { throw Self.unkept(path) }
    }
  }

  private static var unread: Fault {
    Fault(
      .inputUnreadable, "Standard input cannot be read (\(String(cString: strerror(errno)))); save it to a file first.")
  }

  private static func unkept(_ path: String) -> Fault {
    Fault(.inputUnreadable, "Standard input cannot be kept in \(path); set TMPDIR to a folder with room for it.")
  }
}
