import ArgumentParser
import Base
import EventLog
import Ledger
import Operations
import Provisioning

/// What every look at many people's data takes: it goes on record before the first of it is shown.
struct LookOptions: ParsableArguments {
  @Flag(
    help: "Where the ledger can only be read: look all the same. Nothing is recorded, and the output says so first.")
  var unrecorded = false

  /// Records a look; `count` is the number of rows, `filter` what was asked for, `person` the one who is shown where it is one.
  /// `isText` is for output that people read.
  func record(
    _ name: String, count: Int?, filter: String? = nil, of ledger: OpenLedger, person: String? = nil,
    isText: Bool = false
  ) async throws {
    try await record(of: ledger, isText: isText) { records in
      let position = try ledger.log.lastPosition()
      try await records.view(DataViewed(name: name, count: count, position: position, filter: filter), of: person)
    }
  }

  /// Records that something is taken out, and what was asked for, as `record` does; the checkpoint after it covers that.
  /// Without `count` all of the log is, its own record included.
  func export(
    _ name: String, _ verb: String, format: String, count: Int?, filter: String, of ledger: OpenLedger,
    person: String? = nil, isText: Bool = false
  ) async throws {
    try await record(of: ledger, isText: isText) { records in
      // Who it was stands before it.
      if count == nil { try await records.identify() }
      let count = try count ?? Int(ledger.log.lastPosition()) + Records.eventsOfAnExport
      let viewed = DataViewed(name: verb, count: count, position: try ledger.log.lastPosition(), filter: filter)
      try await records.export(name, format: format, count: count, viewed: viewed, of: person)
      try await ledger.checkpoint()
    }
  }

  /// Has `write` record something, where that can be done. Throws `FaultCode.lookUnrecorded` where it cannot and nobody
  /// said that it need not.
  func record(of ledger: OpenLedger, isText: Bool = false, _ write: (Records) async throws -> Void) async throws {
    guard let protection = ledger.protection else {
      return try await write(Records(ledger))
    }
    guard unrecorded else { throw protection.unrecorded }
    let words = "UNRECORDED: \(protection.sentence)"
    if isText { Output.line(words) } else { Output.notice(words) }
  }
}
