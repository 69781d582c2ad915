public import JSON
public import Ledger
import Provisioning

/// What a report rests on: whose events, and which sealed members have to be opened for its rows to be read off them.
public struct Grounds: Equatable, Sendable {
  /// Everybody who has a row, by alias. All their events up to the report's moment are given, so that none can be passed over.
  public var people: Set<String> = []
  /// Streams of others that rows rest on: of operators, of the target. All their events are given too.
  public var streams: Set<String> = []
  /// The sealed members that are opened, by the position of their event.
  public var opened: [Int64: Set<String>] = [:]
  /// Who of them was erased, at whatever time.
  public var erased: Set<String> = []
}

/// A report that an evidence pack can hold.
public protocol EvidencedReport: LedgerReport {
  /// The report, and what it rests on. Throws the faults of log, keys and views.
  func packed(of ledger: OpenLedger) throws -> PackedReport
}

/// A report as it goes into a pack.
public struct PackedReport: Sendable {
  /// The report.
  public let document: ReportDocument
  /// What it rests on.
  public let grounds: Grounds
  /// The question.
  public let query: ReportQuery
  /// The question as others can put it again: with the part of the log that it is about, as `asOfPosition`.
  public let parameters: JSONObject
}

extension UserObserved {
  /// The sealed member of an observation that holds the names.
  static let namingMember = "attributes"
  /// The one that holds the id in the directory.
  static let idMember = "id"
}

extension RemoteAccount {
  /// The sealed member of an event that holds the account as TeamViewer showed it.
  static let sealedMember = "account"
}
