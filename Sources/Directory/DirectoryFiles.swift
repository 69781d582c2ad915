import Base
public import Provisioning

/// The forms of a directory export that `DirectoryFiles` reads.
public enum DirectoryFormat: String, CaseIterable, Sendable {
  /// The CSV of *Download users* in the Entra admin center (RFC 4180, comma only).
  case csv
  /// One Microsoft Graph user object a line.
  case ndjson
  /// Saved pages of Microsoft Graph's `/users`, or of `/users/delta`: which of the two, the pages say themselves.
  case graph
  /// Saved pages of Microsoft Graph's `/users/delta`; anything else is refused.
  case delta
}

/// How far reading is.
public struct DirectoryProgress: Equatable, Sendable {
  /// The bytes read so far, in all files.
  public var bytes: Int
  /// The bytes that all files had when reading began.
  public var total: Int
}

/// Reads directory exports from files: untrusted, bounded before they are parsed, complete or refused.
public enum DirectoryFiles {
  /// Reads one export.
  ///
  /// One CSV or NDJSON file is streamed. Graph pages may be many files, in the order of `paths`; a folder stands for
  /// all its files, hidden ones aside, `page2` before `page10`.
  ///
  /// - Parameters:
  ///   - paths: Files, or folders of pages.
  ///   - format: The form, or nil to tell it from the content.
  ///   - progress: Called after each piece of at most 64 KiB, on the caller's thread.
  /// - Returns: What the files say.
  /// - Throws: `Fault` with a PL-01xx code; its exit status is that of bad input.
  public static func read(
    paths: [String], format: DirectoryFormat? = nil, progress: @escaping (DirectoryProgress) -> Void = { _ in }
  ) throws -> DirectoryReading {
    try read(paths: paths, format: format, limits: Limits(), progress: progress)
  }

  static func read(
    paths: [String], format: DirectoryFormat?, limits: Limits,
    progress: @escaping (DirectoryProgress) -> Void = { _ in }
  ) throws -> DirectoryReading {
    let inputs = try InputPaths.expand(paths, limits: limits)
    let meter = Meter(total: inputs.reduce(0) { $0 + $1.size }, limit: limits.total, report: progress)
    var answer = GraphAnswer(limits: limits)
    for input in inputs {
      let file = try InputFile(path: input.path, meter: meter)
      let head = try TextHead(file)
      switch try format ?? DirectoryFormat(of: head) {
      case .csv:
        try refuseCompany(of: input, among: inputs, form: "a CSV")
        return try UserCSV.read(head, limits: limits)
      case .ndjson:
        try refuseCompany(of: input, among: inputs, form: "an NDJSON file")
        return try UserLines.read(head, limits: limits)
      case .graph, .delta:
        try answer.add(GraphPage(head, limits: limits))
      }
    }
    return try answer.reading(mustBeDelta: format == .delta)
  }

  /// CSV and NDJSON are whole snapshots: a second input beside one would be another snapshot, or half of one.
  private static func refuseCompany(of input: InputPaths.Input, among inputs: [InputPaths.Input], form: String) throws {
    if let folder = input.folder {
      throw Fault(
        .inputFormat, "the folder \(folder) may hold Graph pages only, and this is \(form); name the file itself",
        at: .init(file: input.path))
    }
    if inputs.count > 1 {
      throw Fault(
        .inputFormat, "\(form) is a whole export and must be the only input; import the others by themselves",
        at: .init(file: input.path))
    }
  }
}
