import Base

/// What no attribute could mend is told when the expression is read, and not of each person.
extension ExpressionFunction {
  /// Throws what is wrong with the texts and numbers that stand in a call.
  func checkConstants(of call: ExpressionCall) throws(ExpressionError) {
    if name == "FormatDateTime", call.arguments.count < 3 || call.arguments[call.arguments.count - 1] == nil {
      throw ExpressionError("`\(signature)` needs `outputFormat`, which is missing.", at: call.place, .arguments)
    }
    for (index, argument) in call.arguments.enumerated() {
      guard case .text(let text) = argument, let flaw = flaw(of: text, at: index, of: call.arguments.count) else {
        continue
      }
      throw ExpressionError("`\(name)`: \(flaw).", at: call.place, .arguments)
    }
    if name == "RandomString", call.arguments.allSatisfy(Self.isConstant) { try tryOut(call) }
  }

  private func flaw(of text: String, at index: Int, of count: Int) -> String? {
    switch (name, index) {
    case ("FormatDateTime", count - 2) where !text.isEmpty: flaw(ofForm: text, "inputFormat")
    case ("FormatDateTime", count - 1): flaw(ofForm: text, "outputFormat")
    case ("Item", 1), ("Mid", 1), ("InStr", 2):
      (Int64(text) ?? 1) < 1 ? "`\(parameter(index)?.name ?? "index")` counts from 1" : nil
    case ("Mid", 2): (Int64(text) ?? 0) < 0 ? "`length` counts from 0" : nil
    case ("DateAdd", 0), ("DateDiff", 0): DateUnit(rawValue: text) == nil ? DateUnit.objection(to: text) : nil
    default: nil
    }
  }

  private func flaw(ofForm text: String, _ parameter: String) -> String? {
    DatePattern(text) == nil ? "`\(parameter)` \(DatePattern.objection(to: text))" : nil
  }

  private static func isConstant(_ argument: ExpressionNode?) -> Bool {
    switch argument {
    case .text?, nil: true
    default: false
    }
  }

  /// Calls it once, with chances that nobody gets.
  private func tryOut(_ call: ExpressionCall) throws(ExpressionError) {
    let input = ExpressionInput(now: Timestamp(milliseconds: 0), chance: SeededGenerator(seed: 0)) { _ in .null }
    var evaluator = Evaluator(input: input, keepsSteps: false)
    do throws(ExpressionHalt) {
      _ = try body(CallArguments(call: call), &evaluator)
    } catch {
      guard case .failure(let failure) = error else { return }
      throw ExpressionError(failure.sentence, at: failure.place, .arguments)
    }
  }
}
