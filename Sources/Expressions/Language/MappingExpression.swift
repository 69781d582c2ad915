import Base

/// An expression of an attribute mapping: what a target attribute becomes for somebody, by the functions that Microsoft
/// Entra's provisioning service has (Microsoft Learn, "Reference for writing expressions for attribute mappings in
/// Microsoft Entra ID").
public struct MappingExpression: Equatable, Sendable {
  /// The number of characters that an expression may have (Microsoft Learn, "Known issues for provisioning in Microsoft
  /// Entra ID").
  public static let lengthLimit = 10_000

  /// The text as it was written.
  public let text: String
  let root: ExpressionNode

  /// Reads an expression. Throws an error that names the place.
  public init(_ text: String) throws(ExpressionError) {
    guard text.utf16.count <= Self.lengthLimit else {
      throw ExpressionError(
        "The expression has \(text.utf16.count) characters; \(Self.lengthLimit) are allowed.", at: ExpressionPlace())
    }
    self.text = text
    root = try ExpressionParser.parse(text)
  }

  /// An attribute as it is.
  public init(attribute name: String) {
    text = "[\(name)]"
    root = .attribute(name, ExpressionPlace())
  }

  /// A constant.
  public init(constant: String) {
    text = constant.expressionText
    root = .text(constant)
  }

  /// The source attributes that it reads, by name, and where each is first read.
  public var attributes: [String: ExpressionPlace] {
    root.parts.reduce(into: [:]) { found, part in
      if case .attribute(let name, let place) = part, found[name] == nil { found[name] = place }
    }
  }

  /// The functions that it calls, by name, and where each is first called.
  public var functions: [String: ExpressionPlace] {
    root.parts.reduce(into: [:]) { found, part in
      if case .call(let call) = part, found[call.function.name] == nil { found[call.function.name] = call.place }
    }
  }

  /// The texts and numbers that stand in it.
  public var texts: [String] {
    root.parts.compactMap { if case .text(let text) = $0 { text } else { nil } }
  }

  /// The function around all of it, where that gives several values, and its place; nil for any other.
  public var several: (name: String, place: ExpressionPlace)? {
    guard case .call(let call) = root, call.function.givesSeveral else { return nil }
    return (call.function.name, call.place)
  }

  /// True when its value may differ although nothing about the person changed: by the clock, or by chance.
  public var changesByItself: Bool {
    root.parts.contains { if case .call(let call) = $0 { call.function.changesByItself } else { false } }
  }

  /// Equal when the text is.
  public static func == (left: MappingExpression, right: MappingExpression) -> Bool {
    left.text.hasSameBytes(as: right.text)
  }
}

extension String {
  /// As a text of the expression language, in quotes.
  var expressionText: String {
    let escaped = parts(between: "\\").joined(separator: "\\\\")
    return "\"" + escaped.parts(between: "\"").joined(separator: "\\\"") + "\""
  }
}

extension ExpressionNode {
  /// As it would be written.
  var written: String {
    switch self {
    case .text(let text): text.expressionText
    case .attribute(let name, _): "[\(name)]"
    case .word(let word): word.rawValue
    case .comparison(let left, let sign, let right): "\(left.written) \(sign.rawValue) \(right.written)"
    case .call(let call):
      "\(call.function.name)(\(call.arguments.map { $0?.written ?? "" }.joined(separator: ", ")))"
    }
  }
}
