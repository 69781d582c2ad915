import Provisioning

/// When cycles run by themselves.
public struct CycleConfiguration: Equatable, Sendable {
  /// Minutes from one cycle to the next, 1 to 1440: Microsoft Entra's own interval by default.
  public var everyMinutes = 40
  /// Minutes from one look for leavers to the next, between two cycles, 1 to 1440; 0 for none.
  public var leaversEveryMinutes = 5
  /// The folder into which exports are dropped, absolute or in the ledger's folder; nil for none.
  public var folder: String?

  /// The defaults.
  public init() {}

  /// Reads `cycles`.
  init(_ mapping: MappingReader) {
    var reader = mapping
    everyMinutes = reader.number("everyMinutes", in: 1...1440, default: 40)
    leaversEveryMinutes = reader.number("leaversEveryMinutes", in: 0...1440, default: 5)
    let folder = reader.text("folder", default: "")
    self.folder = folder.isEmpty ? nil : folder
    reader.finish()
  }
}
