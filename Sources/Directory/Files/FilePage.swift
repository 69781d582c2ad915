import Base
import Glibc
import Provisioning

/// An open regular file as a page.
final class FilePage: DirectoryPage {
  let name: String
  let size: Int?
  let company: PageCompany
  private let descriptor: Int32
  private var piece = [UInt8](repeating: 0, count: 64 << 10)

  init(path: String, company: PageCompany = .none) throws {
    let descriptor: Int32
    do { descriptor = try OutsideFile.open(path) } catch let failure as OutsideFile.Failure {
      throw failure.kind == .notAFile ? InputPaths.notAFile(path) : InputPaths.unreadable(path)
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw InputPaths.unreadable(path) }
    name = path
    size = Int(status.st_size)
    self.company = company
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  func read(into bytes: inout [UInt8]) throws -> Bool {
    var filled = 0
    while filled < piece.count {
      let count = piece.withUnsafeMutableBytes {
        Glibc.read(descriptor, $0.baseAddress?.advanced(by: filled), $0.count - filled)
      }
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw InputPaths.unreadable(name) }
      if count == 0 { break }
      filled += count
    }
    bytes.append(contentsOf: piece[..<filled])
    return filled > 0
  }
}
