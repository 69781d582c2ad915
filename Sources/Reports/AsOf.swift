public import Base
public import JSON
public import Ledger
import Views

/// A moment that is past, and the position in the log that it stands for: the last event that was recorded by then.
public struct AsOf: Equatable, Sendable {
  /// The moment.
  public let moment: Timestamp
  /// The position, from 1.
  public let position: Int64

  /// Finds the position in the log. Throws `FaultCode.momentUnknown` for a moment that is still to come, or before the first
  /// event.
  public init(_ moment: Timestamp, in ledger: OpenLedger) throws {
    self.moment = moment
    position = try ledger.views.position(asOf: moment, now: ledger.clock())
  }

  /// A moment whose position is known already.
  init(_ moment: Timestamp, position: Int64) {
    self.moment = moment
    self.position = position
  }

  /// In words.
  public var sentence: String { "\(moment) (event \(position))" }

  /// As a JSON object.
  public var json: JSONValue { ["time": .string(moment.description), "position": .string(String(position))] }
}
