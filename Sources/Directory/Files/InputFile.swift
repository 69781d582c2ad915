import Base
import Glibc
import Provisioning

/// Counts what is read in all files, reports it, and holds it against the limit.
final class Meter {
  private var bytes = 0
  private let total: Int
  private let limit: Int
  private let report: (DirectoryProgress) -> Void

  init(total: Int, limit: Int, report: @escaping (DirectoryProgress) -> Void) {
    self.total = total
    self.limit = limit
    self.report = report
  }

  /// False when the limit is passed: a file can grow after its size was looked up.
  func count(_ read: Int) -> Bool {
    bytes += read
    report(DirectoryProgress(bytes: bytes, total: total))
    return bytes <= limit
  }
}

/// An open regular file, read front to back in pieces.
final class InputFile {
  let path: String
  let size: Int
  private let descriptor: Int32
  private let meter: Meter
  private var piece = [UInt8](repeating: 0, count: 64 << 10)

  init(path: String, meter: Meter) throws {
    let descriptor: Int32
    do { descriptor = try OutsideFile.open(path) } catch let failure as OutsideFile.Failure {
      throw failure.kind == .notAFile ? InputPaths.notAFile(path) : InputPaths.unreadable(path)
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw InputPaths.unreadable(path) }
    self.path = path
    self.size = Int(status.st_size)
    self.descriptor = descriptor
    self.meter = meter
  }

  deinit { close(descriptor) }

  /// Appends the next piece, at most 64 KiB, and says whether there was one.
  func read(into bytes: inout [UInt8]) throws -> Bool {
    var filled = 0
    while filled < piece.count {
      let count = piece.withUnsafeMutableBytes {
        Glibc.read(descriptor, $0.baseAddress?.advanced(by: filled), $0.count - filled)
      }
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw InputPaths.unreadable(path) }
      if count == 0 { break }
      filled += count
    }
    guard filled > 0 else { return false }
    guard meter.count(filled) else {
      throw fault(.inputTooLarge, "the inputs have grown over the limit while they were read")
    }
    bytes.append(contentsOf: piece[..<filled])
    return true
  }

  func fault(_ code: FaultCode, _ sentence: String, line: Int? = nil) -> Fault {
    Fault(code, sentence, at: .init(file: path, line: line))
  }
}
