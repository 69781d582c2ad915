import Base
public import EventLog
public import JSON

/// What an evidence pack was found to prove, with no ledger at hand: that each event in it is the log's, that none of a
/// person's is passed over, and that the report's rows and numbers follow from them.
public struct ProvedPack: Equatable, Sendable {
  /// The report's name.
  public let report: String
  /// The rows that follow from the events.
  public let rows: Int
  /// The events that are proved to be the log's.
  public let events: Int
  /// How many of them are opened in part.
  public let opened: Int
  /// Events whose names stay closed, since they are sealed in a form that is opened whole or not at all.
  public let notOpened: [Int64]
  /// The part of the log that the report is about: its first positions.
  public let size: Int64
  /// The checkpoint that all of it rests on.
  public let checkpoint: SignedCheckpoint

  /// Whether its page was made anew, too: not where another version of the program made it, nor of a sample.
  public let hasPage: Bool

  /// Checks the bytes of a pack; `name` is the file as faults call it. `keys` are the log's, got another way than with the
  /// pack; `program` is this program's version.
  ///
  /// Throws `FaultCode.proofInvalid` for what is no pack, `.noteUnsigned` and `.proofFails` for one that does not hold.
  public init(_ archive: [UInt8], named name: String, keys: [VerifierKey], program: String) throws {
    let reader = try PackReader(archive, named: name, program: program)
    try reader.checkFiles()
    checkpoint = try reader.checkpoint(keys)
    size = try reader.checkPart(of: checkpoint)
    let recorded = try reader.events(under: checkpoint, through: size)
    try reader.checkNames(recorded)
    let disclosed = try reader.disclosed(recorded)
    notOpened = reader.notOpened
    rows = try reader.checkRows(recorded, disclosed)
    (report, events, opened) = (reader.report, recorded.count, disclosed.count)
    hasPage = reader.isOwn && !reader.isSampled
  }

  /// As a JSON object.
  public var json: JSONValue {
    [
      "proved": "report", "origin": .string(checkpoint.checkpoint.origin), "report": .string(report),
      "rows": .string(String(rows)), "events": .string(String(events)), "opened": .string(String(opened)),
      "page": .bool(hasPage), "notOpened": .array(notOpened.map { .string(String($0)) }),
      "logSize": .string(String(size)),
      "size": .string(String(checkpoint.size)),
    ]
  }

  /// In lines.
  public var lines: [String] {
    let origin = checkpoint.checkpoint.origin
    let closed = notOpened.map(String.init).joined(separator: ", ")
    return [
      "proved: \(events.of("event")) in the log \(origin) of \(checkpoint.size.of("event"))",
      "proved: the \(rows.of("row")) of the report \(report) follow from them, as of the first \(size.of("event"))",
    ] + (hasPage ? [] : ["not compared: what is for reading alone, \(EvidencePack.Name.page) before all"])
      + (notOpened.isEmpty ? [] : ["proved but not opened, so that no name follows from it: \(closed)"])
  }
}
