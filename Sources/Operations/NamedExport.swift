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

  /// Whether a text can be a name: letters, digits, `.`, `_` and `-`, at most 64 of them.
  public static func isName(_ text: String) -> Bool {
    (1...64).contains(text.utf8.count)
      && text.utf8.allSatisfy {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0 | 0x20)
          || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
          || [UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-")].contains($0)
      }
  }
}
