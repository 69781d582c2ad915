import Foundation

/// `Replace`, which does one of five things by which of its slots are filled.
enum ReplaceFunction {
  static let function = ExpressionFunction(
    "Replace",
    [
      .needed("source"), .optional("oldValue"), .optional("regexPattern", .pattern), .optional("regexGroupName"),
      .optional("replacementValue"), .optional("replacementAttributeName"), .optional("template"),
    ]
  ) { call, evaluator throws(ExpressionHalt) in
    let slots = try ReplaceSlots(call, &evaluator)
    guard let result = try slots.result(call) else { return .null }
    return .text(result)
  }
}

/// What stands in the slots.
private struct ReplaceSlots {
  let source: String?
  let oldValue: String?
  let pattern: DotNetPattern?
  let group: String?
  let replacement: String?
  let otherAttribute: String?
  let hasOtherAttribute: Bool
  let template: String?

  init(_ call: CallArguments, _ evaluator: inout Evaluator) throws(ExpressionHalt) {
    source = try call.text(0, &evaluator)
    oldValue = try call.filled(1, &evaluator)
    pattern = try call.pattern(2, &evaluator)
    group = try call.filled(3, &evaluator)
    replacement = call.node(4) == nil ? nil : try call.text(4, &evaluator) ?? ""
    hasOtherAttribute = call.node(5) != nil
    otherAttribute = try call.text(5, &evaluator)
    template = call.node(6) == nil ? nil : try call.text(6, &evaluator) ?? ""
  }

  func result(_ call: CallArguments) throws(ExpressionHalt) -> String? {
    if let pattern {
      if let group, hasOtherAttribute { return try other(pattern, group, call) }
      guard let replacement else { throw call.wrong("`regexPattern` needs `replacementValue` beside it") }
      guard let source else { return nil }
      if let group { return try replacing(group, in: source, pattern, with: replacement, call) }
      return try replacing(pattern, in: source, with: replacement, call)
    }
    guard let oldValue else { throw call.wrong("`oldValue` or `regexPattern` is needed") }
    guard let source else { return nil }
    if let template { return try call.joined(template.parts(between: oldValue), source) }
    guard let replacement else { throw call.wrong("`oldValue` needs `replacementValue` or `template` beside it") }
    return try call.joined(source.parts(between: oldValue), replacement)
  }

  /// The source; of an empty one the group of the other attribute.
  private func other(
    _ pattern: DotNetPattern, _ group: String, _ call: CallArguments
  ) throws(ExpressionHalt) -> String? {
    if let source, !source.isEmpty { return source }
    guard let otherAttribute else { return nil }
    let match = try matches(pattern, otherAttribute, call).first
    return try match.flatMap { match throws(ExpressionHalt) in try place(of: group, in: match, call) }
      .flatMap(otherAttribute.part)
  }

  private func replacing(
    _ group: String, in text: String, _ pattern: DotNetPattern, with replacement: String, _ call: CallArguments
  ) throws(ExpressionHalt) -> String {
    var ranges: [NSRange] = []
    for match in try matches(pattern, text, call) {
      if let range = try place(of: group, in: match, call) { ranges.append(range) }
    }
    return try text.replacing(ranges, for: call) { $1 += replacement }
  }

  private func replacing(
    _ pattern: DotNetPattern, in text: String, with replacement: String, _ call: CallArguments
  ) throws(ExpressionHalt) -> String {
    let found = try matches(pattern, text, call)
    let template = ReplacementTemplate(replacement)
    return try text.replacing(found.map(\.range), for: call) { template.append(to: &$1, for: found[$0], in: text) }
  }

  private func place(
    of group: String, in match: DotNetPattern.Match, _ call: CallArguments
  ) throws(ExpressionHalt) -> NSRange? {
    if let range = match.named[group] { return range.location == NSNotFound ? nil : range }
    guard let number = Int(group), match.groups.indices.contains(number) else {
      throw call.wrong("the pattern has no group `\(group.shortened)`")
    }
    return match.groups[number].location == NSNotFound ? nil : match.groups[number]
  }

  private func matches(
    _ pattern: DotNetPattern, _ text: String, _ call: CallArguments
  ) throws(ExpressionHalt) -> [DotNetPattern.Match] {
    do throws(PatternFlaw) { return try pattern.matches(in: text) } catch { throw call.wrong(error) }
  }
}

extension CallArguments {
  /// A text that is not empty; nil for none.
  fileprivate func filled(_ index: Int, _ evaluator: inout Evaluator) throws(ExpressionHalt) -> String? {
    guard let text = try text(index, &evaluator), !text.isEmpty else { return nil }
    return text
  }

  /// The pattern of a slot: read with the expression when it stands there as a text, else now.
  fileprivate func pattern(_ index: Int, _ evaluator: inout Evaluator) throws(ExpressionHalt) -> DotNetPattern? {
    if let pattern = call.pattern { return pattern }
    guard let text = try filled(index, &evaluator) else { return nil }
    do throws(PatternFlaw) { return try DotNetPattern(text) } catch { throw wrong(error) }
  }

  fileprivate func wrong(_ flaw: PatternFlaw) -> ExpressionHalt {
    .failure(ExpressionError("`\(call.function.name)`: \(flaw.sentence)", at: call.place))
  }
}

extension String {
  /// With other texts at some places, which are in order and do not overlap; `append` adds the one for a place to what is there.
  /// Halts as soon as it is larger than a value may be.
  fileprivate func replacing(
    _ ranges: [NSRange], for call: CallArguments, with append: (Int, inout String) -> Void
  ) throws(ExpressionHalt) -> String {
    var result = ""
    var end = 0
    for (index, range) in ranges.enumerated() where range.location >= end {
      result += part(NSRange(location: end, length: range.location - end)) ?? ""
      append(index, &result)
      if result.utf8.count > Evaluator.sizeLimit { throw call.tooLarge }
      end = range.location + range.length
    }
    return result + (part(NSRange(location: end, length: utf16.count - end)) ?? "")
  }
}
