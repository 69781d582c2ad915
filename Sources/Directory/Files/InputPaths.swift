import Base
import Glibc
import Provisioning

/// The files behind the paths that a user names.
enum InputPaths {
  struct Input: Equatable {
    var path: String
    var size: Int
    /// The folder that the file was found in, if the user named a folder.
    var folder: String?
  }

  /// Files stay in their order; a folder becomes its files in natural order. Nothing is opened: opening a pipe or a
  /// device can block, or do something.
  static func expand(_ paths: [String], limits: Limits) throws -> [Input] {
    guard !paths.isEmpty else { throw Fault(.inputUnreadable, "no input is named; name a file or a folder of pages") }
    var inputs: [Input] = []
    for path in paths {
      if let size = try size(of: path) {
        inputs.append(Input(path: path, size: size))
      } else {
        inputs += try files(in: path, limits: limits)
      }
      guard inputs.count <= limits.files else { throw tooMany(at: path, limits: limits) }
    }
    if inputs.reduce(0, { $0 + $1.size }) > limits.total {
      throw Fault(
        .inputTooLarge, "the inputs are larger than \(limits.total >> 20) MiB together", at: .init(file: paths[0]))
    }
    return inputs
  }

  /// The size of a regular file, or nil for a folder; everything else is refused.
  private static func size(of path: String) throws -> Int? {
    var status = stat()
    guard stat(path, &status) == 0 else { throw unreadable(path) }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return Int(status.st_size)
    case S_IFDIR: return nil
    default: throw notAFile(path)
    }
  }

  private static func files(in folder: String, limits: Limits) throws -> [Input] {
    var names: [String] = []
    guard let directory = opendir(folder) else { throw unreadable(folder) }
    defer { closedir(directory) }
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name.utf8.first == UInt8(ascii: ".") { continue }
      guard names.count < limits.files else { throw tooMany(at: folder, limits: limits) }
      names.append(name)
    }
    guard !names.isEmpty else {
      throw Fault(
        .inputEmpty, "the folder holds no page; name the folder that the pages were saved to", at: .init(file: folder))
    }
    return try names.sorted(by: naturallyPrecedes).map { name in
      let path = folder.utf8.last == UInt8(ascii: "/") ? folder + name : "\(folder)/\(name)"
      guard let size = try size(of: path) else {
        throw Fault(
          .inputNotAFile, "a folder inside a folder of pages is not read; name it itself", at: .init(file: path))
      }
      return Input(path: path, size: size, folder: folder)
    }
  }

  private static func tooMany(at path: String, limits: Limits) -> Fault {
    Fault(
      .inputTooLarge, "there are more than \(limits.files.of("file")); join the pages into fewer", at: .init(file: path)
    )
  }

  /// Reads `errno`, so it must be called right after the call that failed.
  static func unreadable(_ path: String) -> Fault {
    let reason = String(cString: strerror(errno))
    return Fault(
      .inputUnreadable, "it cannot be read (\(reason)); check the path and its permissions", at: .init(file: path))
  }

  static func notAFile(_ path: String) -> Fault {
    Fault(.inputNotAFile, "it is a pipe, socket or device; save its content to a file first", at: .init(file: path))
  }
}

/// The order in which people number files: runs of digits by their value, everything else byte by byte.
func naturallyPrecedes(_ left: String, _ right: String) -> Bool {
  func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }
  var (a, b) = (Array(left.utf8)[...], Array(right.utf8)[...])
  while let first = a.first, let second = b.first {
    if isDigit(first), isDigit(second) {
      // Compared as texts without leading zeros: a run of digits may exceed any integer.
      let (one, two) = (a.prefix(while: isDigit), b.prefix(while: isDigit))
      a = a.dropFirst(one.count)
      b = b.dropFirst(two.count)
      let zero = UInt8(ascii: "0")
      let (x, y) = (one.drop { $0 == zero }, two.drop { $0 == zero })
      if x.count != y.count { return x.count < y.count }
      if !x.elementsEqual(y) { return x.lexicographicallyPrecedes(y) }
    } else if first != second {
      return first < second
    } else {
      a = a.dropFirst()
      b = b.dropFirst()
    }
  }
  if a.isEmpty != b.isEmpty { return a.isEmpty }
  return left.utf8.lexicographicallyPrecedes(right.utf8)
}
