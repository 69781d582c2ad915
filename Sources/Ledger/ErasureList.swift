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
  private static let limit = 256 << 20

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

  /// Reads a file's bytes. Throws `FaultCode.erasuresInvalid` with the line.
  public init(_ bytes: [UInt8], file: String) throws {
    func refuse(_ line: Int, _ what: String) -> Fault {
      Fault(
        .erasuresInvalid, "The line is no part of a list of erasures: \(what). Fetch the list again.",
        at: Fault.Place(file: file, line: line))
    }
    guard bytes.count <= Self.limit else { throw refuse(1, "the file is too large") }
    // A last line without its end was cut off while it was written.
    guard bytes.last == UInt8(ascii: "\n") else { throw refuse(1, "the file is empty or its end is missing") }
    let lines = bytes.dropLast().split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    func json(_ index: Int) throws -> JSONValue {
      guard let value = try? JSONParser.parse(lines[index], depthLimit: 2) else { throw refuse(index + 1, "no JSON") }
      return value
    }
    let head = try json(0)
    guard head["format"]?.string == Self.format, let origin = head["origin"]?.string,
      let through = head["through"]?.string.flatMap({ Int64($0) }),
      let time = head["time"]?.string.flatMap({ Timestamp($0) })
    else { throw refuse(1, "it must name format, origin, through and time") }
    self.origin = origin
    self.through = through
    self.time = time
    entries = try lines.indices.dropFirst().map { index in
      let line = try json(index)
      guard let alias = line["alias"]?.string, !alias.contains("/"), Stream("user/\(alias)") == .user(alias),
        let position = line["position"]?.string.flatMap({ Int64($0) }),
        let time = line["time"]?.string.flatMap({ Timestamp($0) }),
        let reason = line["reason"]?.string.flatMap({ ErasureReason($0) })
      else { throw refuse(index + 1, "it must name alias, position, time and reason") }
      return ErasedAlias(alias: alias, position: position, time: time, reason: reason)
    }
  }

  /// Reads a file. Throws `FaultCode.erasuresInvalid`.
  public init(file: String) throws {
    guard let data = FileManager.default.contents(atPath: file) else {
      throw Fault(.erasuresInvalid, "\(file) cannot be read; name the list of erasures that is kept with the anchors.")
    }
    try self.init(Array(data), file: file)
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
