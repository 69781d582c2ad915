/// The arguments of one call, evaluated as they are asked for, so that what is not chosen costs nothing and cannot fail.
struct CallArguments {
  let call: ExpressionCall

  /// How many there are, empty slots counted.
  var count: Int { call.arguments.count }

  /// The part at an index; nil for an empty slot.
  func node(_ index: Int) -> ExpressionNode? { index < count ? call.arguments[index] : nil }

  /// What halts an evaluation because of this call.
  func wrong(_ what: String) -> ExpressionHalt {
    .failure(ExpressionError("`\(call.function.name)`: \(what).", at: call.place))
  }

  /// A value; none for an empty slot.
  func value(_ index: Int, _ evaluator: inout Evaluator) throws(ExpressionHalt) -> ExpressionValue {
    guard let node = node(index) else { return .null }
    return try evaluator.value(node)
  }

  /// A text; nil for none.
  func text(_ index: Int, _ evaluator: inout Evaluator) throws(ExpressionHalt) -> String? {
    let value = try value(index, &evaluator)
    if case .list(let values) = value, values.count > 1 {
      throw wrong("`\(name(index))` has \(values.count) values where one is needed; choose with Item or join with Join")
    }
    return value.text
  }

  /// Texts with another between each two. Halts before it makes one that is larger than a value may be.
  func joined(_ parts: [String], _ separator: String) throws(ExpressionHalt) -> String {
    let size = parts.reduce(separator.utf8.count * max(0, parts.count - 1)) { $0 + $1.utf8.count }
    guard size <= Evaluator.sizeLimit else { throw tooLarge }
    return parts.joined(separator: separator)
  }

  /// What halts an evaluation because of the size of this call's value.
  var tooLarge: ExpressionHalt { wrong("the value is larger than 64 KiB") }

  /// Several texts: those of a list, or one.
  func texts(_ index: Int, _ evaluator: inout Evaluator) throws(ExpressionHalt) -> [String] {
    try value(index, &evaluator).texts
  }

  /// A whole number; nil for none.
  func number(_ index: Int, _ evaluator: inout Evaluator) throws(ExpressionHalt) -> Int64? {
    guard let text = try text(index, &evaluator), !text.isEmpty else { return nil }
    guard let number = Int64(text) else { throw wrong("`\(name(index))` is \"\(text.shortened)\", no whole number") }
    return number
  }

  /// A number of characters or a place among them, of which no text has more than there are bytes.
  func count(_ index: Int, _ evaluator: inout Evaluator) throws(ExpressionHalt) -> Int? {
    try number(index, &evaluator).map { Int(clamping: $0) }
  }

  /// A date; nil for none.
  func moment(_ index: Int, _ evaluator: inout Evaluator) throws(ExpressionHalt) -> ExpressionMoment? {
    let value = try value(index, &evaluator)
    if case .moment(let moment) = value { return moment }
    guard let text = value.text, !text.isEmpty else { return nil }
    guard let moment = WrittenDate.read(text) else { throw wrong("\"\(text.shortened)\" is no date that is known") }
    return moment
  }

  private func name(_ index: Int) -> String { call.function.parameter(index)?.name ?? "argument \(index + 1)" }
}

extension String {
  /// The beginning, for an error's sentence.
  var shortened: String { count <= 40 ? self : String(prefix(40)) + "…" }
}
