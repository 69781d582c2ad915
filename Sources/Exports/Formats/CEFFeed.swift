public import Base
public import EventLog
import Provisioning
public import Sealing

/// Events as lines of CEF, as they come.
public final class CEFFeed {
  /// A line, when it happened, and how much somebody should care (RFC 5424, section 6.2.1).
  public typealias Line = (text: String, time: Timestamp, severity: Int)

  private let log: Log
  private let codec: EventCodec
  private let settings: ExportSettings
  private let fold: ExportFold

  /// A feed of a log.
  public init(log: Log, codec: EventCodec, _ settings: ExportSettings) {
    (self.log, self.codec, self.settings) = (log, codec, settings)
    fold = ExportFold(log, codec)
  }

  /// The lines of the next events, in their order. Throws the faults of the log and of unsealing.
  public func lines(of events: [RecordedEvent]) throws -> [Line] {
    try codec.forgetErased(in: log)
    return try zip(events, codec.decode(events)).map { recorded, logged in
      let event = try fold.take(recorded, logged).hiding(settings.privacy)
      return (CEFLines.line(event, settings), event.row.occurred, Severity(event).syslog)
    }
  }
}

extension Severity {
  /// Informational, notice, warning, alert.
  fileprivate var syslog: Int {
    switch self {
    case .informational: 6
    case .low: 5
    case .medium: 4
    case .high: 1
    }
  }
}
