public import Base
import EventLog
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
/// As a file it is NDJSON: one line that says of which log and how far, then one a person.
public struct ErasureList: Equatable, Sendable {
  /// The name of the log.
  public var origin: String
  /// The position up to which every erasure is listed.
  public var through: Int64
  /// When the list was brought that far.
  public var time: Timestamp
  /// The erasures, in the order of their positions.
  public var entries: [ErasedAlias]

  private static let format = "provledger-erasures/1"
  /// Some 500,000 erasures.
  private static let limit = 64 << 20
  private static let lineLimit = 4096

  /// The text of the file.
  public var text: String {
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
    guard json["format"]?.string == Self.format, let origin = json["origin"]?.string,
      let through = json["through"]?.string.flatMap({ Int64($0) }), through >= 0,
      let time = json["time"]?.string.flatMap({ Timestamp($0) })
    else { return nil }
    self.init(origin: origin, through: through, time: time, entries: [])
  }

  init(origin: String, through: Int64, time: Timestamp, entries: [ErasedAlias]) {
    self.origin = origin
    self.through = through
    self.time = time
    self.entries = entries
  }
}

extension Ledger {
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

  /// Brings a list that is kept outside up to date; each anchor that is a file has one beside it.
  ///
  /// Whoever is in the file stays in it, also when this ledger was restored and does not know the erasure. The file is
  /// replaced whole and durably. Throws `FaultCode.erasuresInvalid` for a file that holds something else or the list of
  /// another log, `.backupFile`, and the faults of the log.
  public func keepErasures(in file: String) throws {
    var list = try erasureList()
    if FileManager.default.fileExists(atPath: file) {
      let kept = try ErasureList(file: file)
      guard kept.origin == list.origin else {
        throw Fault(.erasuresInvalid, "\(file) lists the erasures of the log \(kept.origin); name another file.")
      }
      let known = Set(list.entries.map(\.alias))
      list.entries += kept.entries.filter { !known.contains($0.alias) }
      // A log that was put back to an earlier state may not know of erasures that the list claims to be complete with.
      if kept.through > list.through { (list.through, list.time) = (kept.through, kept.time) }
      list.entries.sort { ($0.position, $0.alias) < ($1.position, $1.alias) }
    }
    do {
      try PrivateFile.write(Array(list.text.utf8), path: file)
    } catch let failure as PrivateFile.Failure {
      throw Fault(.backupFile, "\(file) cannot be written: \(failure.text). Check the mount and its permissions.")
    }
  }
}
