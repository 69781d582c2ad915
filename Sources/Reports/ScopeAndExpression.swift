public import Expressions
public import JSON
public import Provisioning

extension ExpressionOutcome {
  /// As a JSON object.
  public var json: JSONValue {
    [
      "flow": .string(flow), "redacted": .bool(isRedacted), "steps": .array(steps.map(\.json)), "value": value.json,
    ]
  }

  /// What becomes of the attribute, in a sentence.
  public var sentence: String {
    switch result {
    case .value(.null): "The attribute has no value, and is not sent."
    case .value(let value): "value: \(value.written)"
    case .ignoreAttribute: "The attribute is left out."
    case .ignoreObject: "The person is left out."
    }
  }

  private var value: ExpressionValue { if case .value(let value) = result { value } else { .null } }

  private var flow: String {
    switch result {
    case .value: "value"
    case .ignoreAttribute: "ignoreAttribute"
    case .ignoreObject: "ignoreObject"
    }
  }
}

extension ExpressionOutcome.Step {
  fileprivate var json: JSONValue { ["call": .string(call), "value": value.json] }
}

extension ExpressionValue {
  /// As a person reads it: a text in quotes.
  public var written: String {
    switch self {
    case .null: "no value"
    case .list(let values): "{\(values.map { ExpressionValue($0).written }.joined(separator: ", "))}"
    default: "\"\(text ?? "")\""
    }
  }
}

extension ScopingVerdict {
  /// What decides, in brackets behind a sentence: of whoever is in, the groups that hold; else the clauses that do not.
  var grounds: String {
    let told = groups.filter { $0.holds == isInScope }.map { group in
      let clauses = group.clauses.filter { $0.holds == isInScope }.map(\.sentence)
      return "\(group.name): \(clauses.joined(separator: ", "))"
    }
    return told.isEmpty ? "" : " (\(told.joined(separator: "; ")))"
  }

  /// Whether and why, a line a clause.
  public var lines: [String] {
    let head = isInScope.map { $0 ? "in scope" : "out of scope" } ?? "undecided: a pattern takes too long"
    if groups.isEmpty, isAssigned == nil { return ["\(head): there is no filter, so everybody is"] }
    let assignment = isAssigned.map { ["  \($0 ? "yes" : "no ") assigned to the application"] } ?? []
    return [head] + assignment
      + groups.flatMap { group in
        ["  \(Self.word(group.holds)) \(group.name)"]
          + group.clauses.map { "    \(Self.word($0.holds)) \($0.sentence)" }
      }
  }

  private static func word(_ holds: Bool?) -> String { holds.map { $0 ? "yes" : "no " } ?? "?  " }
}
