import Base

/// Functions that ask whether something is there, and choose.
extension ExpressionFunction {
  static let choice: [ExpressionFunction] = [
    ExpressionFunction("Coalesce", [.needed("source1"), .optional("source2")], then: .repeated) {
      call, evaluator throws(ExpressionHalt) in
      for index in 0..<call.count {
        let value = try call.value(index, &evaluator)
        if value != .null { return value }
      }
      return .null
    },
    ExpressionFunction(
      "IIF", [.needed("condition", .condition), .needed("valueIfTrue"), .needed("valueIfFalse")]
    ) { call, evaluator throws(ExpressionHalt) in
      guard let node = call.node(0), let isTrue = try evaluator.condition(node) else { return .null }
      return try call.value(isTrue ? 1 : 2, &evaluator)
    },
    ExpressionFunction("IgnoreFlowIfNullOrEmpty", [.needed("expression")]) { call, evaluator throws(ExpressionHalt) in
      let value = try call.value(0, &evaluator)
      if value.isEmpty { throw .ignoreAttribute }
      return value
    },
    ExpressionFunction("IsNull", [.needed("Expression")]) { call, evaluator throws(ExpressionHalt) in
      .flag(try call.value(0, &evaluator) == .null)
    },
    ExpressionFunction("IsNullOrEmpty", [.needed("Expression")]) { call, evaluator throws(ExpressionHalt) in
      .flag(try call.value(0, &evaluator).isEmpty)
    },
    ExpressionFunction("IsPresent", [.needed("Expression")]) { call, evaluator throws(ExpressionHalt) in
      .flag(try !call.value(0, &evaluator).isEmpty)
    },
    ExpressionFunction("IsString", [.needed("Expression")]) { call, evaluator throws(ExpressionHalt) in
      .flag(try call.value(0, &evaluator).text != nil)
    },
    ExpressionFunction("Not", [.needed("source", .condition)]) { call, evaluator throws(ExpressionHalt) in
      .flag(try call.value(0, &evaluator).text != "True")
    },
    ExpressionFunction(
      "SelectUniqueValue", [.needed("uniqueValueRule1"), .needed("uniqueValueRule2")], then: .repeated, isTopOnly: true
    ) { call, evaluator throws(ExpressionHalt) in
      for index in 0..<call.count {
        guard let text = try call.text(index, &evaluator), !text.isEmpty else { continue }
        if !evaluator.input.isTaken(text) { return .text(text) }
      }
      throw call.wrong("every rule gives a value that somebody else has; add another rule")
    },
    ExpressionFunction(
      "Switch", [.needed("source"), .optional("defaultValue"), .needed("key1"), .optional("value1")], then: .pairs
    ) { call, evaluator throws(ExpressionHalt) in
      let source = try call.text(0, &evaluator) ?? ""
      for index in stride(from: 2, to: call.count, by: 2) {
        let key = try call.text(index, &evaluator) ?? ""
        if key.hasSameBytes(as: source) { return try call.value(index + 1, &evaluator) }
      }
      return try call.value(1, &evaluator)
    },
  ]
}
