import EventLog
public import Ledger
public import Provisioning
import Sealing

/// How far an export of a name went, as the log alone says.
public struct NamedExport: Equatable, Sendable {
  /// The name.
  public let name: String
  /// How often it was made.
  public let version: Int
  /// The newest one; nil for none.
  public let newest: ReportExported?

  /// Looks up a name. Throws the faults of the log.
  public init(_ name: String, in ledger: OpenLedger) throws {
    self.name = name
    let stream = Stream.export(name).description
    version = try ledger.log.version(of: stream)
    guard version > 0, let recorded = try ledger.log.read(stream: stream, fromVersion: version, limit: 1).first,
      case .reportExported(let exported) = try ledger.codec.decode(recorded).payload
    else {
      newest = nil
      return
    }
    newest = exported
  }

  /// The position of the first event that no export of the name holds.
  public var next: Int64 { (newest?.file?.last ?? 0) + 1 }
}
