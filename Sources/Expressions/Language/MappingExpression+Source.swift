public import JSON

/// Expressions in the form of a synchronization schema (Microsoft Graph REST API v1.0, resource type
/// "attributeMappingSource").
extension MappingExpression {
  /// The attribute that it is, and nothing else; nil for another.
  public var attribute: String? {
    guard case .attribute(let name, _) = root, self == MappingExpression(attribute: name) else { return nil }
    return name
  }

  /// The constant that it is; nil for another.
  public var constant: String? {
    guard case .text(let text) = root, self == MappingExpression(constant: text) else { return nil }
    return text
  }

  /// As a source: its type, its name, its text, and what its functions are given.
  public var source: JSONValue {
    if let attribute { return root.source(type: "Attribute", name: attribute, text) }
    if let constant { return root.source(type: "Constant", name: constant, text) }
    return root.source(text)
  }

  /// Reads a source. Throws what is wrong with its text.
  public init?(source: JSONValue) throws(ExpressionError) {
    let text = source["expression"]?.string ?? ""
    switch source["type"]?.string?.lowercased() {
    case "attribute":
      guard let name = source["name"]?.string, !name.isEmpty else { return nil }
      self.init(attribute: name)
    case "constant":
      if let name = source["name"]?.string {
        self.init(constant: name)
      } else if text.isEmpty {
        return nil
      } else {
        try self.init(text)
      }
    case "function":
      if text.isEmpty { return nil }
      try self.init(text)
    default: return nil
    }
  }
}

extension ExpressionNode {
  fileprivate func source(type: String, name: String, _ text: String, _ parameters: [JSONValue] = []) -> JSONValue {
    [
      "expression": .string(text), "name": .string(name), "parameters": .array(parameters), "type": .string(type),
    ]
  }

  fileprivate func source(_ text: String) -> JSONValue {
    switch self {
    case .text(let constant): source(type: "Constant", name: constant, text)
    case .attribute(let name, _): source(type: "Attribute", name: name, text)
    case .word(let word): source(type: "Function", name: word.rawValue, text)
    case .comparison(let left, let sign, let right):
      source(
        type: "Function", name: sign.rawValue, text,
        [["key": "left", "value": left.source(left.written)], ["key": "right", "value": right.source(right.written)]])
    case .call(let call):
      source(
        type: "Function", name: call.function.name, text,
        call.arguments.enumerated().compactMap { index, argument in
          // An empty slot is left out, as the service leaves it out, but for one of a pair.
          let nothing: ExpressionNode? = call.isOfPair(index) ? .text("") : nil
          guard let part = argument ?? nothing else { return nil }
          return ["key": .string(call.key(of: index)), "value": part.source(part.written)]
        })
    }
  }
}

extension ExpressionCall {
  /// Whether an argument is one of the keys and values of `Switch`.
  fileprivate func isOfPair(_ index: Int) -> Bool { function.name == "Switch" && index >= 2 }

  /// The name that the service gives an argument when it has read the call.
  fileprivate func key(of index: Int) -> String {
    if isOfPair(index) { return "switchValue" }
    if function.name == "Replace", replacesText {
      if index == 1 { return "Find" }
      if index == 4 { return "Replacement" }
    }
    return function.parameter(index)?.name ?? "parameter"
  }

  /// Whether `Replace` puts one text in the place of another, which has names of its own.
  private var replacesText: Bool {
    arguments.indices.filter { arguments[$0] != nil } == [0, 1, 4]
  }
}
