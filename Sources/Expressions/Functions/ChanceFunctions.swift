import Base

/// Functions whose value is another at each call.
extension ExpressionFunction {
  static let chance: [ExpressionFunction] = [
    ExpressionFunction("Guid", [], changesByItself: true) { _, evaluator throws(ExpressionHalt) in
      .text(evaluator.input.chance.guid())
    },
    ExpressionFunction(
      "RandomString",
      [
        .needed("Length", .number), .needed("MinimumNumbers", .number), .needed("MinimumSpecialCharacters", .number),
        .needed("MinimumCapital", .number), .needed("MinimumLowerCase", .number), .optional("CharactersToAvoid"),
      ], changesByItself: true
    ) { call, evaluator throws(ExpressionHalt) in
      var counts: [Int] = []
      for index in 0..<5 { counts.append(try call.count(index, &evaluator) ?? 0) }
      let avoided = Set(try call.text(5, &evaluator) ?? "")
      return .text(try RandomCharacters(counts: counts, avoided: avoided, call).draw(&evaluator.input.chance))
    },
  ]
}

extension SeededGenerator {
  /// A random UUID, version 4, in lower case (RFC 9562 section 5.4).
  fileprivate mutating func guid() -> String {
    let high = next() & 0xffff_ffff_ffff_0fff | 0x4000
    let low = next() & 0x3fff_ffff_ffff_ffff | 0x8000_0000_0000_0000
    let digits = Array(Hex.text(high.bytes + low.bytes))
    return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(digits[$0]) }.joined(separator: "-")
  }
}

extension UInt64 {
  fileprivate var bytes: [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: self >> (56 - 8 * UInt64($0))) } }
}

/// Random characters of Windows' four kinds, at least so many of each.
private struct RandomCharacters {
  private static let limit = 256

  private let length: Int
  private let least: [Int]
  private let kinds: [[Character]]

  init(counts: [Int], avoided: Set<Character>, _ call: CallArguments) throws(ExpressionHalt) {
    length = counts[0]
    least = Array(counts[1...])
    kinds = [
      "0123456789", "~!@#$%^&*_-+=`|\\(){}[]:;\"'<>,.?/", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz",
    ].map { $0.filter { !avoided.contains($0) } }
    guard (1...Self.limit).contains(length), least.allSatisfy({ (0...Self.limit).contains($0) }) else {
      throw call.wrong("`Length` is 1 to \(Self.limit), and no minimum is negative")
    }
    guard least.reduce(0, +) <= length else { throw call.wrong("`Length` is less than the minima together") }
    guard zip(least, kinds).allSatisfy({ $0 == 0 || !$1.isEmpty }), kinds.contains(where: { !$0.isEmpty }) else {
      throw call.wrong("`CharactersToAvoid` leaves nothing of a kind that is needed")
    }
  }

  func draw(_ chance: inout SeededGenerator) -> String {
    var drawn = zip(least, kinds).flatMap { count, kind in
      (0..<count).compactMap { _ in kind.randomElement(using: &chance) }
    }
    let any = kinds.flatMap(\.self)
    while drawn.count < length, let character = any.randomElement(using: &chance) { drawn.append(character) }
    return String(drawn.shuffled(using: &chance))
  }
}
