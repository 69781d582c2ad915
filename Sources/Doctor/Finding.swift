import Base
public import JSON

/// One thing that was looked at, and how it is.
public struct Finding: Equatable, Sendable {
  /// How bad it is.
  public enum Severity: String, CaseIterable, Comparable, Sendable {
    /// As it should be.
    case ok
    /// Good to know.
    case notice
    /// Goes on for now; somebody should look.
    case warning
    /// Does not work, or must not stay so.
    case failure

    /// The better precedes the worse.
    public static func < (left: Severity, right: Severity) -> Bool {
      let order = Self.allCases
      return (order.firstIndex(of: left) ?? 0) < (order.firstIndex(of: right) ?? 0)
    }
  }

  /// A stable word for what was found.
  public var code: String
  /// How bad it is.
  public var severity: Severity
  /// What was found, in a sentence that names the thing.
  public var sentence: String
  /// What to do; nil when nothing is to be done.
  public var remedy: String?
  /// The numbers, names and moments of the sentence, each by itself; empty where it has none.
  public var facts: JSONValue

  init(
    _ severity: Severity, _ code: String, _ sentence: String, remedy: String? = nil, facts: JSONValue = [:]
  ) {
    self.code = code
    self.severity = severity
    self.sentence = sentence
    self.remedy = remedy
    self.facts = facts
  }

  /// As a JSON object.
  public var json: JSONValue {
    [
      "code": .string(code), "severity": .string(severity.rawValue), "sentence": .string(sentence),
      "remedy": remedy.map(JSONValue.string) ?? .null, "facts": facts,
    ]
  }
}
