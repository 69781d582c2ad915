/// One way to write events down.
protocol RecordWriter {
  /// What stands before the first record.
  var head: String { get }
  /// The record of an event, with its end; nil for an event that the format has no place for, empty for one that is kept for
  /// a later record.
  mutating func record(of event: ExportedEvent) -> String?
  /// What stands behind the last record.
  mutating func end() -> String
}

extension RecordWriter {
  var head: String { "" }
  mutating func end() -> String { "" }
}

extension ExportFormat {
  /// What writes the format; nil for what is not made of events one by one.
  func writer(_ settings: ExportSettings) -> (any RecordWriter)? {
    switch self {
    case .ndjson, .vanta, .sqlite: nil
    case .csv: EventCSV()
    case .cloudevents: CloudEventBatches(settings)
    case .ocsf: OCSFLines(settings)
    case .asim: ASIMLines(settings)
    case .cef: CEFLines(settings)
    case .entra: EntraJSON(settings)
    case .entraChanges: EntraCSV.Changes(settings: settings)
    case .entraSteps: EntraCSV.Steps(settings: settings)
    case .entraProperties: EntraCSV.Properties(settings: settings)
    case .sentinel: SentinelLines(settings)
    }
  }
}
