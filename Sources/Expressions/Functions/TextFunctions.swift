/// Functions that make a text of a text. Places and lengths count UTF-16 units, as .NET does; what is cut through the
/// middle of a character is dropped. Of no text they make none, unless they say otherwise.
extension ExpressionFunction {
  static let text: [ExpressionFunction] = [
    ExpressionFunction("Append", [.needed("source"), .needed("suffix")]) {
      call, evaluator throws(ExpressionHalt) in
      guard let source = try call.text(0, &evaluator) else { return .null }
      return .text(source + (try call.text(1, &evaluator) ?? ""))
    },
    ExpressionFunction("Left", [.needed("String"), .needed("NumChars", .number)]) {
      call, evaluator throws(ExpressionHalt) in
      guard let text = try call.text(0, &evaluator) else { return .text("") }
      guard let count = try call.count(1, &evaluator), count >= 0 else { return .text(text) }
      return .text(text.units(from: 0, count: count))
    },
    ExpressionFunction("Mid", [.needed("source"), .needed("start", .number), .needed("length", .number)]) {
      call, evaluator throws(ExpressionHalt) in
      guard let text = try call.text(0, &evaluator) else { return .null }
      guard let start = try call.count(1, &evaluator), let length = try call.count(2, &evaluator) else { return .null }
      guard start >= 1, length >= 0 else { throw call.wrong("`start` counts from 1, and `length` from 0") }
      return .text(text.units(from: start - 1, count: length))
    },
    ofText("NormalizeDiacritics", Diacritics.removed),
    ExpressionFunction("PCase", [.needed("source"), .optional("wordSeparators")]) {
      call, evaluator throws(ExpressionHalt) in
      guard let text = try call.text(0, &evaluator) else { return .null }
      return .text(TitleCase.of(text, separators: try call.text(1, &evaluator)))
    },
    ofText("StripSpaces") { String($0.unicodeScalars.filter { $0 != " " }) },
    ExpressionFunction("ToLower", [.needed("source"), .optional("culture")]) {
      call, evaluator throws(ExpressionHalt) in try call.cased(&evaluator) { $0.lowered(in: $1) }
    },
    ExpressionFunction("ToUpper", [.needed("source"), .optional("culture")]) {
      call, evaluator throws(ExpressionHalt) in try call.cased(&evaluator) { $0.raised(in: $1) }
    },
    ofText("Trim") { $0.trimmedOfWhitespace },
    ExpressionFunction("Word", [.needed("String"), .needed("WordNumber", .number), .needed("Delimiters")]) {
      call, evaluator throws(ExpressionHalt) in
      guard let text = try call.text(0, &evaluator), let number = try call.count(1, &evaluator), number >= 1 else {
        return .text("")
      }
      let delimiters = Set((try call.text(2, &evaluator) ?? "").unicodeScalars)
      let words = text.unicodeScalars.split { delimiters.contains($0) }
      return .text(number <= words.count ? String(words[number - 1]) : "")
    },
    ExpressionFunction(
      "InStr",
      [.needed("value1"), .needed("value2"), .optional("start", .number), .optional("compareType")]
    ) { call, evaluator throws(ExpressionHalt) in
      guard let text = try call.text(0, &evaluator) else { return .null }
      let sought = try call.text(1, &evaluator) ?? ""
      let start = try call.count(2, &evaluator) ?? 1
      guard start >= 1 else { throw call.wrong("`start` counts from 1") }
      return .number(Int64(text.place(of: sought, from: start - 1, folding: try call.ignoresCase(3, &evaluator))))
    },
    ReplaceFunction.function,
    ExpressionFunction("Redact", [.needed("value")]) { call, evaluator throws(ExpressionHalt) in
      evaluator.isRedacted = true
      return try call.value(0, &evaluator)
    },
  ]
}

extension ExpressionFunction {
  /// A function that makes a text of the one text that it takes.
  static func ofText(_ name: String, _ make: @escaping @Sendable (String) -> String) -> ExpressionFunction {
    ExpressionFunction(name, [.needed("source")]) { call, evaluator throws(ExpressionHalt) in
      guard let text = try call.text(0, &evaluator) else { return .null }
      return .text(make(text))
    }
  }
}

extension CallArguments {
  fileprivate func cased(
    _ evaluator: inout Evaluator, _ make: (String, String?) -> String?
  ) throws(ExpressionHalt) -> ExpressionValue {
    guard let text = try text(0, &evaluator) else { return .null }
    let culture = try self.text(1, &evaluator)
    guard let made = make(text, culture) else {
      throw wrong("\"\((culture ?? "").shortened)\" is no culture; write one such as tr-TR")
    }
    return .text(made)
  }

  /// Which of the two ways to compare an argument names; by case unless it says otherwise.
  fileprivate func ignoresCase(_ index: Int, _ evaluator: inout Evaluator) throws(ExpressionHalt) -> Bool {
    switch try text(index, &evaluator) {
    case nil, "", "vbBinaryCompare", "0": return false
    case "vbTextCompare", "1": return true
    default: throw wrong("`compareType` is vbTextCompare or vbBinaryCompare")
    }
  }
}
