/// Functions of dates. Intervals are written as Visual Basic writes them: yyyy, m, d, ww, h, n, s.
extension ExpressionFunction {
  static let dates: [ExpressionFunction] = [
    ExpressionFunction("CDate", [.needed("expression")]) { call, evaluator throws(ExpressionHalt) in
      try call.moment(0, &evaluator).map(ExpressionValue.moment) ?? .null
    },
    ExpressionFunction("DateAdd", [.needed("interval"), .needed("value", .number), .needed("dateTime")]) {
      call, evaluator throws(ExpressionHalt) in
      let unit = try call.unit(0, &evaluator)
      guard let count = try call.number(1, &evaluator), let moment = try call.moment(2, &evaluator) else {
        return .null
      }
      guard let sum = unit.add(count, to: moment) else { throw call.wrong("the date leaves the years 1 to 9999") }
      return .moment(sum)
    },
    ExpressionFunction("DateDiff", [.needed("interval"), .needed("date1"), .needed("date2")]) {
      call, evaluator throws(ExpressionHalt) in
      let unit = try call.unit(0, &evaluator)
      guard let from = try call.moment(1, &evaluator), let to = try call.moment(2, &evaluator) else { return .null }
      return .number(unit.count(from: from, to: to))
    },
    ExpressionFunction("DateFromNum", [.needed("value", .number)]) { call, evaluator throws(ExpressionHalt) in
      guard let ticks = try call.number(0, &evaluator) else { return .null }
      guard let moment = ExpressionMoment(ticks: ticks) else { throw call.wrong("the date leaves the years 1 to 9999") }
      return .moment(moment)
    },
    ExpressionFunction(
      "FormatDateTime",
      [.needed("source"), .optional("dateTimeStyles"), .optional("inputFormat"), .optional("outputFormat")]
    ) { call, evaluator throws(ExpressionHalt) in try call.formatted(&evaluator) },
    ExpressionFunction("Now", [], changesByItself: true) { _, evaluator throws(ExpressionHalt) in
      .moment(ExpressionMoment(evaluator.input.now))
    },
    ExpressionFunction("NumFromDate", [.needed("value")]) { call, evaluator throws(ExpressionHalt) in
      try call.moment(0, &evaluator).map { .number($0.ticks) } ?? .null
    },
  ]
}

extension CallArguments {
  fileprivate func unit(_ index: Int, _ evaluator: inout Evaluator) throws(ExpressionHalt) -> DateUnit {
    let text = try text(index, &evaluator) ?? ""
    guard let unit = DateUnit(rawValue: text) else {
      throw wrong(DateUnit.objection(to: text))
    }
    return unit
  }

  /// With three arguments the second is the form of the source (a form that Microsoft's pages show, too).
  fileprivate func formatted(_ evaluator: inout Evaluator) throws(ExpressionHalt) -> ExpressionValue {
    let value = try value(0, &evaluator)
    if value.isEmpty { return .null }
    let moment = try read(value, by: try text(count - 2, &evaluator), &evaluator)
    let form = try text(count - 1, &evaluator) ?? ""
    guard let pattern = DatePattern(form) else { throw wrong("`outputFormat` \(DatePattern.objection(to: form))") }
    return .text(pattern.write(moment))
  }

  private func read(
    _ value: ExpressionValue, by form: String?, _ evaluator: inout Evaluator
  ) throws(ExpressionHalt) -> ExpressionMoment {
    guard let form, !form.isEmpty else {
      guard let moment = try moment(0, &evaluator) else { throw wrong("the source is no date") }
      return moment
    }
    guard let pattern = DatePattern(form) else { throw wrong("`inputFormat` \(DatePattern.objection(to: form))") }
    guard let text = value.text, let moment = DateReader.read(text, by: pattern) else {
      throw wrong("\"\((value.text ?? "").shortened)\" does not have the form \(form.shortened)")
    }
    return moment
  }
}
