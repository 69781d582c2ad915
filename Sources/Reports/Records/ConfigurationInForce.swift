import Base
public import JSON
public import Ledger
public import Provisioning

/// The configuration that is in force: every setting with its value, and whether the log has it yet.
public struct ConfigurationInForce {
  /// The file.
  public let file: String
  /// The settings, by their paths.
  public let settings: [EffectiveSettings.Setting]
  /// Since when the log has this text; nil while it has another, or none.
  public let recorded: LoggedEvent?

  /// What is in force in a ledger. Throws the faults of log and keys.
  public init(_ ledger: OpenLedger) throws {
    file = OpenLedger.configurationPath(in: ledger.folder)
    settings = EffectiveSettings.of(ledger.configurationText)
    let newest = try ConfigurationHistory.recorded(in: ledger.log, ledger.codec).last
    recorded = newest.flatMap { $0.text.hasSameBytes(as: ledger.configurationText) ? $0.0 : nil }
  }

  /// How it stands, in a sentence.
  public var sentence: String {
    guard let recorded else {
      return "\(file) is not recorded as it stands; the next command that uses it records it."
    }
    return "\(file), in force since \(recorded.time), by \(recorded.actor) [\(recorded.position)]"
  }

  /// The settings as rows: path, value, and the default where it is another.
  public var rows: [[String]] {
    settings.map { [$0.path, Self.words($0.value), $0.isChanged ? $0.standard.map(Self.words) ?? "-" : ""] }
  }

  private static func words(_ value: JSONValue) -> String {
    switch value {
    case .string(let text): text.isEmpty ? "\"\"" : text
    default: value.text
    }
  }

  /// As a JSON object.
  public var json: JSONValue {
    [
      "actor": JSONValue(orNull: recorded?.actor.description), "file": .string(file),
      "position": JSONValue(orNull: recorded.map { String($0.position) }),
      "settings": .array(
        settings.map { ["default": $0.standard ?? .null, "setting": .string($0.path), "value": $0.value] }),
      "time": JSONValue(orNull: recorded?.time.description),
    ]
  }
}
