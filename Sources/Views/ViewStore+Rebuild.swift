import Base
import EventLog
import Foundation
import GRDB
public import JSON
import Provisioning

/// Rebuilding the views from the log alone, and comparing.
extension ViewStore {
  /// What a comparison of the live views with rebuilt ones found.
  public struct Comparison: Equatable, Sendable {
    /// The log position at which both stand.
    public var position: Int64
    /// The digest of the live views.
    public var live: String
    /// The digest of the rebuilt ones.
    public var rebuilt: String
    /// The tables that differ.
    public var differing: [String]

    /// True when both are the same.
    public var isEqual: Bool { differing.isEmpty }
  }

  /// Builds the views anew beside the live ones, compares, and puts the tables that differ into the live database in
  /// one transaction, while readers go on.
  ///
  /// Throws `FaultCode.viewsAhead` for views that know more than the log does, unless `acceptingLoss` says that somebody
  /// has decided about it: then a copy of them is kept beside, as `<name>.ahead-<position>`.
  public func rebuild(acceptingLoss: Bool = false, _ progress: (Int64) -> Void = { _ in }) throws -> Comparison {
    let (seen, newest) = (try position(), try log.lastPosition())
    if seen > newest {
      guard acceptingLoss else { throw Self.ahead(seen, of: newest, in: log) }
      try keepCopy(ahead: seen)
    }
    return try compare(install: true, progress)
  }

  /// Builds the views anew beside the live ones and compares.
  ///
  /// Throws `FaultCode.viewsAhead` for views that know more than the log does.
  public func check(_ progress: (Int64) -> Void = { _ in }) throws -> Comparison {
    let (seen, newest) = (try position(), try log.lastPosition())
    guard seen <= newest else { throw Self.ahead(seen, of: newest, in: log) }
    return isFixed ? try checkAside(progress) : try compare(install: false, progress)
  }

  private func compare(install: Bool, _ progress: (Int64) -> Void) throws -> Comparison {
    try withFresh { database in
      let (fresh, beside) = (database.queue, database.path)
      try build(fresh, upTo: log.lastPosition(), progress)
      // Rows that cannot even be read stop the live views where they stand: what differs then says so.
      do { try catchUp(inPlace: true) } catch let fault as Fault
        where [.viewsDamaged, .viewsAhead].contains(fault.code)
      {}
      return try self.database.writeWithoutTransaction { live in
        try live.execute(sql: "ATTACH DATABASE ? AS fresh", arguments: [beside])
        defer { try? live.execute(sql: "DETACH DATABASE fresh") }
        var comparison: Comparison?
        try live.inTransaction(.deferred) {
          // Takes the write lock of the live database alone: `immediate` would take that of `fresh` too, into which
          // the projection still writes. Nobody moves the live checkpoint from here on, so both get to one position.
          try live.execute(sql: "UPDATE main.checkpoint SET position = position")
          let position = try ViewsSQL.position(live)
          try build(fresh, upTo: position, progress)
          comparison = try Self.digests(live, fresh, position: position)
          if install {
            if comparison?.isEqual == false { shelf.clear() }
            try Self.install(comparison?.differing ?? [], live)
          }
          return .commit
        }
        guard let comparison else { throw Fault(.viewsDamaged, "The views could not be compared; try again.") }
        return comparison
      }
    }
  }

  func removeDatabase(_ path: String) throws {
    for suffix in ["", "-wal", "-shm"] where FileManager.default.fileExists(atPath: path + suffix) {
      try FileManager.default.removeItem(atPath: path + suffix)
    }
  }

  /// The digests of both, made at the same time. `fresh` is read by a connection of its own.
  private static func digests(_ live: Database, _ fresh: DatabaseQueue, position: Int64) throws -> Comparison {
    var mine: [String] = []
    let theirs = try Beside.run {
      try fresh.read(TableDigest.all)
    } while: {
      mine = try TableDigest.all(live)
    }
    return Comparison(position: position, live: mine, rebuilt: theirs)
  }
}

extension ViewStore.Comparison {
  /// From the digests of every table, in the order of `Projection.tables`.
  init(position: Int64, live: [String], rebuilt: [String]) {
    self.init(
      position: position, live: TableDigest.text(over: live), rebuilt: TableDigest.text(over: rebuilt),
      differing: zip(Projection.tables, zip(live, rebuilt)).filter { $1.0 != $1.1 }.map(\.0))
  }

  /// As a JSON object; `isInstalled` says whether the rebuilt views are in place.
  public func json(isInstalled: Bool) -> JSONValue {
    [
      "equal": .bool(isEqual), "position": .string(String(position)), "live": .string(live),
      "rebuilt": .string(rebuilt), "differing": .array(differing.map(JSONValue.string)),
      "installed": .bool(isInstalled),
    ]
  }
}
