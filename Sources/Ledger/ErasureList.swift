public import Base
package import EventLog
import Foundation
import JSON
public import Provisioning
import Sealing

/// That somebody was erased, as it is kept outside the ledger: nothing in it tells a person.
public struct ErasedAlias: Equatable, Sendable {
  /// The random name in the log.
  public var alias: String
  /// Where `subject.erased` stands in the log.
  public var position: Int64
  /// When it was recorded.
  public var time: Timestamp
  /// Why.
  public var reason: ErasureReason
}

extension ErasedAlias {
  fileprivate init?(_ line: JSONValue) {
    guard let alias = line["alias"]?.string, !alias.contains("/"), Stream("user/\(alias)") == .user(alias),
      let position = line["position"]?.string.flatMap({ Int64($0) }), position > 0,
      let time = line["time"]?.string.flatMap({ Timestamp($0) }),
      let reason = line["reason"]?.string.flatMap({ ErasureReason($0) })
    else { return nil }
    self.init(alias: alias, position: position, time: time, reason: reason)
  }
}

/// The erasures of a ledger up to a position, kept outside it, so that a backup made before them can be restored without
/// bringing anybody back.
///
/// As a file it is NDJSON: one line that says of which log and how far, then one a person, then one with what the log's key
/// signed. A list without the last is as good as whoever keeps it.
public struct ErasureList: Equatable, Sendable {
  /// The name of the log.
  public var origin: String
  /// The position up to which every erasure is listed.
  public var through: Int64
  /// When the list was brought that far.
  public var time: Timestamp
  /// The erasures, in the order of their positions.
  public var entries: [ErasedAlias]
  /// What the log's key signed; nil when nothing is signed.
  private(set) var note: SignedNote?

  private static let format = "provledger-erasures/2"
  /// Those of former programs, which are not signed, too.
  private static let formats = ["provledger-erasures/1", format]
  /// Some 500,000 erasures.
  private static let limit = 64 << 20
  private static let lineLimit = 4096

  /// The text of the file.
  public var text: String {
    let signature: JSONValue? = note.map { ["note": .string($0.description)] }
    return content + (signature.map { $0.text + "\n" } ?? "")
  }

  /// What is signed: all lines but the last.
  private var content: String {
    let head: JSONValue = [
      "format": .string(Self.format), "origin": .string(origin), "through": .string(String(through)),
      "time": .string(time.description),
    ]
    let lines = entries.map { entry -> JSONValue in
      [
        "alias": .string(entry.alias), "position": .string(String(entry.position)),
        "time": .string(entry.time.description), "reason": .string(entry.reason.code),
      ]
    }
    return ([head] + lines).map { $0.text + "\n" }.joined()
  }

  /// Reads a file. Throws `FaultCode.erasuresInvalid` with the line.
  public init(file: String) throws {
    var reader = Reader(file: file)
    do {
      try OutsideFile.lines(file, limit: Self.limit, line: Self.lineLimit) { try reader.take($0, hasEnd: $1) }
    } catch let failure as OutsideFile.Failure {
      throw failure.fault(.erasuresInvalid, file, "name the list of erasures that is kept with the anchors.")
    }
    self = try reader.list()
  }

  /// Reads a file's bytes. Throws `FaultCode.erasuresInvalid` with the line.
  init(_ bytes: [UInt8], file: String) throws {
    var reader = Reader(file: file)
    var rest = bytes[...]
    while !rest.isEmpty {
      let end = rest.firstIndex(of: UInt8(ascii: "\n"))
      try reader.take(Array(rest[..<(end ?? rest.endIndex)]), hasEnd: end != nil)
      rest = rest[(end.map { $0 + 1 } ?? rest.endIndex)...]
    }
    self = try reader.list()
  }

  /// Takes a list line by line, so that what is no list is refused before it is held in memory.
  private struct Reader {
    let file: String
    private var count = 0
    private var read: ErasureList?

    init(file: String) { self.file = file }

    func list() throws -> ErasureList {
      guard let read else { throw refuse("the file is empty") }
      return read
    }

    mutating func take(_ line: [UInt8], hasEnd: Bool) throws {
      count += 1
      // A last line without its end was cut off while it was written.
      guard hasEnd else { throw refuse("its end is missing") }
      guard let json = try? JSONParser.parse(line, depthLimit: 2) else { throw refuse("no JSON") }
      guard read?.note == nil else { throw refuse("it stands behind the signature") }
      if read != nil, let text = json["note"]?.string {
        read?.note = try SignedNote(Array(text.utf8), named: "The signature of \(file)")
        return
      }
      guard read == nil else {
        guard let entry = ErasedAlias(json) else { throw refuse("it must name alias, position, time and reason") }
        read?.entries.append(entry)
        return
      }
      guard let head = ErasureList(head: json) else { throw refuse("it must name format, origin, through and time") }
      read = head
    }

    private func refuse(_ what: String) -> Fault {
      Fault(
        .erasuresInvalid, "The line is no part of a list of erasures: \(what). Fetch the list again.",
        at: Fault.Place(file: file, line: max(1, count)))
    }
  }

  private init?(head json: JSONValue) {
    guard let format = json["format"]?.string, Self.formats.contains(format), let origin = json["origin"]?.string,
      let through = json["through"]?.string.flatMap({ Int64($0) }), through >= 0,
      let time = json["time"]?.string.flatMap({ Timestamp($0) })
    else { return nil }
    self.init(origin: origin, through: through, time: time, entries: [])
  }

  /// Whether one of these keys signed exactly this list.
  package func isSigned(by keys: [VerifierKey]) -> Bool {
    note?.states(.erasures, content.utf8, of: origin, by: keys) ?? false
  }

  /// Signs the list as it is now. Throws `FaultCode.logKeyUnusable`.
  fileprivate mutating func sign(in ledger: OpenLedger) throws {
    note = try ledger.statement(.erasures, content.utf8)
  }

  init(origin: String, through: Int64, time: Timestamp, entries: [ErasedAlias]) {
    self.origin = origin
    self.through = through
    self.time = time
    self.entries = entries
  }
}

extension OpenLedger {
  /// Everybody whom this ledger's log says is erased, after a position. Throws the faults of the log.
  public func erasures(after position: Int64 = 0) throws -> [ErasedAlias] {
    var found: [ErasedAlias] = []
    var next = position + 1
    while true {
      let page = try log.read(types: [SubjectErased.type], from: next)
      guard let last = page.last else { return found }
      for recorded in page {
        let logged = try codec.decode(recorded)
        guard let alias = logged.subject, case .subjectErased(let erased) = logged.payload else { continue }
        found.append(
          ErasedAlias(alias: alias, position: recorded.position, time: recorded.time, reason: erased.reason))
      }
      next = last.position + 1
    }
  }

  /// The list of all erasures so far. Throws the faults of the log.
  public func erasureList() throws -> ErasureList {
    // The size first: what is erased meanwhile may be in the list, but the list must not claim more than it has.
    let size = try log.lastPosition()
    return ErasureList(
      origin: configuration.origin, through: size, time: clock(), entries: try erasures())
  }

  /// Brings a list that is kept outside up to date, and signs it; each anchor that is a file has one beside it.
  ///
  /// Whoever is in the file stays in it, also when this ledger was restored and does not know the erasure, as long as the
  /// log's key signed the list: a line that somebody else put there would erase a living person at the next restore. The
  /// file is replaced whole and durably. Throws `FaultCode.erasuresInvalid` for a file that holds something else, the
  /// list of another log, or what nobody signed; `.backupFile`, `.logKeyUnusable`, and the faults of the log.
  public func keepErasures(in file: String) throws {
    var list = try erasureList()
    if FileManager.default.fileExists(atPath: file) { try list.take(over: try ErasureList(file: file), file, in: self) }
    try list.sign(in: self)
    do {
      try PrivateFile.write(Array(list.text.utf8), path: file)
    } catch let failure as PrivateFile.Failure {
      throw Fault(.backupFile, "\(file) cannot be written: \(failure.text). Check the mount and its permissions.")
    }
  }
}

extension ErasureList {
  /// Takes over what was kept and is not known here.
  fileprivate mutating func take(over kept: ErasureList, _ file: String, in ledger: OpenLedger) throws {
    guard kept.origin == origin else {
      throw Fault(.erasuresInvalid, "\(file) lists the erasures of the log \(kept.origin); name another file.")
    }
    let known = Set(entries.map(\.alias))
    let unknown = kept.entries.filter { !known.contains($0.alias) }
    if unknown.isEmpty, kept.through <= through { return }
    guard kept.isSigned(by: try ledger.verifierKeys()) else {
      throw Fault(
        .erasuresInvalid,
        "\(file) lists \(unknown.count.of("erasure")) that this log does not know, up to event \(kept.through), and the log's key did not sign it so: find out who wrote it, and name another file."
      )
    }
    entries += unknown
    // A log that was put back to an earlier state may not know of erasures that the list claims to be complete with.
    if kept.through > through { (through, time) = (kept.through, kept.time) }
    entries.sort { ($0.position, $0.alias) < ($1.position, $1.alias) }
  }
}
