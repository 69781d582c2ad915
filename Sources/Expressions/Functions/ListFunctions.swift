import Base
import JSON

/// Functions of several values. One value counts as a list of one.
extension ExpressionFunction {
  static let lists: [ExpressionFunction] = [
    ExpressionFunction("Count", [.needed("attribute")]) { call, evaluator throws(ExpressionHalt) in
      .number(Int64(try call.values(0, &evaluator).count))
    },
    ExpressionFunction("Item", [.needed("attribute"), .needed("index", .number)]) {
      call, evaluator throws(ExpressionHalt) in
      let values = try call.values(0, &evaluator)
      guard let index = try call.count(1, &evaluator), index >= 1 else { throw call.wrong("`index` counts from 1") }
      return index <= values.count ? ExpressionValue(values[index - 1]) : .null
    },
    ExpressionFunction("Join", [.needed("separator"), .needed("source1"), .optional("source2")], then: .repeated) {
      call, evaluator throws(ExpressionHalt) in
      let separator = try call.text(0, &evaluator) ?? ""
      var parts: [String] = []
      for index in 1..<max(call.count, 1) { parts += try call.texts(index, &evaluator).filter { !$0.isEmpty } }
      return parts.isEmpty ? .null : .text(try call.joined(parts, separator))
    },
    ExpressionFunction("RemoveDuplicates", [.needed("attribute")], givesSeveral: true) {
      call, evaluator throws(ExpressionHalt) in
      var seen = Set<ByteKey>()
      let kept = try call.texts(0, &evaluator).filter { seen.insert(ByteKey($0)).inserted }
      return kept.isEmpty ? .null : .list(kept.map(JSONValue.string))
    },
    ExpressionFunction("Split", [.needed("source"), .needed("delimiter")], givesSeveral: true) {
      call, evaluator throws(ExpressionHalt) in
      guard let text = try call.text(0, &evaluator) else { return .null }
      let delimiter = try call.text(1, &evaluator) ?? ""
      let parts = delimiter.isEmpty ? [text] : text.parts(between: delimiter)
      return .list(parts.map { .string($0.trimmedOfWhitespace) })
    },
  ]
}

extension CallArguments {
  fileprivate func values(_ index: Int, _ evaluator: inout Evaluator) throws(ExpressionHalt) -> [JSONValue] {
    let value = try value(index, &evaluator)
    if case .list(let values) = value { return values }
    return value.text.map { [.string($0)] } ?? []
  }
}
