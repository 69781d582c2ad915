import Base
public import Provisioning

/// How far reading is.
public struct DirectoryProgress: Equatable, Sendable {
  /// The bytes read so far, in all pages.
  public var bytes: Int
  /// The bytes that all pages had when reading began.
  public var total: Int
}

/// Reads a directory export from a source: untrusted, bounded before it is parsed, complete or refused.
public enum DirectoryReader {
  /// Reads one export. A CSV, NDJSON or JSON array is one page and whole; Graph pages may be many, in their order.
  ///
  /// `format` is the form, or nil to tell it from the content; `attributes` are read beside the standard ones; `progress` is called after each piece of at most 64 KiB, on
  /// the caller's thread. Throws `Fault` with a PL-01xx code; its exit status is that of bad input.
  public static func read(
    _ source: some DirectorySource, format: DirectoryFormat? = nil, attributes: [DirectoryAttribute] = [],
    progress: @escaping (DirectoryProgress) -> Void = { _ in }
  ) throws -> DirectoryReading {
    try read(source, format: format, limits: Limits(reading: attributes), progress: progress)
  }

  static func read(
    _ source: some DirectorySource, format: DirectoryFormat?, limits: Limits,
    progress: @escaping (DirectoryProgress) -> Void = { _ in }
  ) throws -> DirectoryReading {
    var source = source
    let meter = Meter(total: source.size, limit: limits.total, report: progress)
    var answer = GraphAnswer(limits: limits)
    while let page = try source.next() {
      let head = try TextHead(MeteredPage(page, meter))
      switch try format ?? DirectoryFormat(of: head) {
      case .csv:
        try requireSoleInput(page, form: "a CSV")
        return try UserCSV.read(head, limits: limits)
      case .ndjson:
        try requireSoleInput(page, form: "an NDJSON file")
        return try UserLines.read(head, limits: limits)
      case .array:
        try requireSoleInput(page, form: "a JSON array")
        try answer.add(GraphPage(head, limits: limits))
      case .graph, .delta:
        try answer.add(GraphPage(head, limits: limits))
      }
    }
    return try answer.reading(mustBeDelta: format == .delta)
  }

  /// A whole snapshot: a second input beside one would be another snapshot, or half of one.
  private static func requireSoleInput(_ page: any DirectoryPage, form: String) throws {
    switch page.company {
    case .none: return
    case .folder(let folder):
      throw Fault(
        .inputFormat, "the folder \(folder) may hold Graph pages only, and this is \(form); name the file itself",
        at: .init(file: page.name))
    case .others:
      throw Fault(
        .inputFormat, "\(form) is a whole export and must be the only input; import the others by themselves",
        at: .init(file: page.name))
    }
  }
}

/// Counts what is read of all pages, reports it, and holds it against the limit.
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

/// A page whose pieces are counted.
final class MeteredPage {
  private let page: any DirectoryPage
  private let meter: Meter

  init(_ page: any DirectoryPage, _ meter: Meter) {
    self.page = page
    self.meter = meter
  }

  var name: String { page.name }
  var size: Int? { page.size }

  func read(into bytes: inout [UInt8]) throws -> Bool {
    let before = bytes.count
    guard try page.read(into: &bytes) else { return false }
    guard meter.count(bytes.count - before) else {
      throw fault(.inputTooLarge, "the inputs have grown over the limit while they were read")
    }
    return true
  }

  func fault(_ code: FaultCode, _ sentence: String, line: Int? = nil) -> Fault {
    Fault(code, sentence, at: .init(file: name, line: line))
  }
}

/// What an export may be at most; more is refused before it is parsed. Bytes unless said otherwise.
struct Limits {
  /// The attributes that are read of each object.
  var attributes = DirectoryAttribute.standard
  /// One line of a CSV or NDJSON file; what stands beside the users of a Graph page.
  var line = 1 << 20
  /// One file with a Graph page, which may be a single line.
  var page = 1 << 30
  /// All files together.
  var total = 4 << 30
  /// The number of files.
  var files = 10_000
  /// The number of objects, repetitions in a delta included.
  var objects = 1_000_000
  /// One object in JSON, one CSV row.
  var object = 32 << 10
  /// One attribute's text, one link.
  var value = 8 << 10
  /// An object id, in characters.
  var id = 128
  /// What cannot be read of an object counts as not said, and is told: one odd object must not keep everybody's leavers from
  /// being seen. Otherwise it is a fault.
  var isTolerant = false

  /// The standard ones.
  init() {}

  /// Others beside the standard ones.
  init(reading attributes: [DirectoryAttribute]) { self.attributes += attributes }

  /// Those of a directory that is read as it is: nobody can mend its answer.
  static func live(reading attributes: [DirectoryAttribute]) -> Limits {
    var limits = Limits(reading: attributes)
    limits.isTolerant = true
    limits.object = 1 << 20
    return limits
  }
}
