import Base
public import JSON
public import Ledger

/// What is wrong with a configuration file.
public struct ConfigurationCheck {
  /// The file.
  public let file: String
  /// What is wrong with it, in the order of the places.
  public let findings: [ConfigurationFinding]

  /// Checks a file. Throws `FaultCode.configurationUnreadable`.
  public init(path: String) throws {
    file = path
    findings = Configuration.check(yaml: try OpenLedger.configurationText(path), file: path)
  }

  /// How it stands, in a sentence.
  public var sentence: String {
    findings.isEmpty ? "\(file): nothing is wrong." : "\(file): \(findings.count.of("mistake"))."
  }

  /// As a JSON object.
  public var json: JSONValue { ["file": .string(file), "findings": .array(findings.map(\.json))] }
}

extension ConfigurationFinding {
  /// As a JSON object.
  fileprivate var json: JSONValue {
    [
      "code": .string(fault.code.description), "column": JSONValue(orNull: fault.place?.column),
      "kind": .string(kind.rawValue), "line": JSONValue(orNull: fault.place?.line),
      "text": .string(fault.sentence),
    ]
  }
}
