public import JSON

/// A value of the expression language. All but lists can be read as a text.
public enum ExpressionValue: Equatable, Sendable {
  /// None.
  case null
  /// A text.
  case text(String)
  /// A boolean; as a text `True` or `False`.
  case flag(Bool)
  /// A whole number.
  case number(Int64)
  /// A date and a time, UTC; as a text `M/d/yyyy h:mm:ss tt`.
  case moment(ExpressionMoment)
  /// Several values: texts, or objects such as app roles.
  case list([JSONValue])

  /// The value of a source attribute that JSON gives.
  public init(_ json: JSONValue?) {
    switch json {
    case nil, .null?: self = .null
    case .string(let text)?: self = .text(text)
    case .bool(let flag)?: self = .flag(flag)
    case .integer(let number)?: self = .number(number)
    case .decimal(let digits)?: self = .text(digits)
    case .array(let values)?: self = .list(values)
    case .object?: self = .list([json ?? .null])
    }
  }

  /// True for none, an empty text and an empty list.
  public var isEmpty: Bool {
    switch self {
    case .null: true
    case .text(let text): text.isEmpty
    case .list(let values): values.isEmpty
    case .flag, .number, .moment: false
    }
  }

  /// As a text; nil for none, and for several values.
  public var text: String? {
    switch self {
    case .null: nil
    case .text(let text): text
    case .flag(let flag): flag ? "True" : "False"
    case .number(let number): String(number)
    case .moment(let moment): moment.description
    // An object by itself has no text, and is a list of itself: to ask it would not end.
    case .list(let values): values.count == 1 && values[0].object == nil ? ExpressionValue(values[0]).text : nil
    }
  }

  /// As JSON: a text, an array, or null.
  public var json: JSONValue {
    if case .list(let values) = self { return .array(values.map { $0.object == nil ? Self.written($0) : $0 }) }
    return JSONValue(orNull: text)
  }

  private static func written(_ value: JSONValue) -> JSONValue { JSONValue(orNull: ExpressionValue(value).text) }

  /// Each of its values as a text: of a list all, of none nothing.
  var texts: [String] {
    if case .list(let values) = self { return values.compactMap { ExpressionValue($0).text } }
    return text.map { [$0] } ?? []
  }
}
