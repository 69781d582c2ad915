import Base
public import Provisioning

/// The forms of a directory export that are read.
public enum DirectoryFormat: String, CaseIterable, Sendable {
  /// The CSV of *Download users* in the Entra admin center (RFC 4180, comma only).
  case csv
  /// One Microsoft Graph user object a line.
  case ndjson
  /// All user objects in one JSON array, as command lines print them.
  case array
  /// Saved pages of Microsoft Graph's `/users`, or of `/users/delta`: which of the two, the pages say themselves.
  case graph
  /// Saved pages of Microsoft Graph's `/users/delta`; anything else is refused.
  case delta
}

/// Export files and folders of pages, in the order in which they are named; a folder stands for all its files, hidden ones
/// aside, `page2` before `page10`.
public struct DirectoryFiles: DirectorySource {
  private let inputs: [InputPaths.Input]
  private var opened = 0

  /// The files behind some paths; none is opened yet. Throws `Fault` with a PL-01xx code.
  public init(paths: [String]) throws { try self.init(paths: paths, limits: Limits()) }

  init(paths: [String], limits: Limits) throws { inputs = try InputPaths.expand(paths, limits: limits) }

  /// The bytes of all files when they were looked up.
  public var size: Int { inputs.reduce(0) { $0 + $1.size } }

  /// Opens the next file.
  public mutating func next() throws -> (any DirectoryPage)? {
    guard opened < inputs.count else { return nil }
    defer { opened += 1 }
    let input = inputs[opened]
    let company = input.folder.map(PageCompany.folder) ?? (inputs.count == 1 ? .none : .others)
    return try FilePage(path: input.path, company: company)
  }

  /// Reads one export from files, as `DirectoryReader` does.
  public static func read(
    paths: [String], format: DirectoryFormat? = nil, attributes: [DirectoryAttribute] = [],
    progress: @escaping (DirectoryProgress) -> Void = { _ in }
  ) throws -> DirectoryReading {
    try DirectoryReader.read(DirectoryFiles(paths: paths), format: format, attributes: attributes, progress: progress)
  }
}
