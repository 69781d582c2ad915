import Foundation

extension String {
  /// A part by UTF-16 units, cut at the end of the text. Half a character is dropped.
  func units(from start: Int, count: Int) -> String {
    if let plain = PlainText(self) { return plain.part(from: start, count: count) }
    let all = utf16
    // An index that is moved by more than there is traps.
    let begin = min(start, all.count)
    let first = all.index(all.startIndex, offsetBy: begin)
    let last = all.index(first, offsetBy: min(count, all.count - begin))
    return String(decoding: all[first..<last].wholeCharacters, as: UTF16.self)
  }

  /// The place, from 1, where a text first stands from a number of UTF-16 units on; 0 where it does not.
  func place(of sought: String, from start: Int, folding: Bool) -> Int {
    let text = self as NSString
    guard start <= text.length else { return 0 }
    if sought.isEmpty { return start + 1 }
    let options: NSString.CompareOptions = folding ? [.caseInsensitive, .literal] : [.literal]
    let range = text.range(
      of: sought, options: options, range: NSRange(location: start, length: text.length - start))
    return range.location == NSNotFound ? 0 : range.location + 1
  }

  /// In lower case, letter by letter; nil for a culture that is none.
  func lowered(in culture: String?) -> String? {
    if culture == nil, let plain = PlainText(self) { return plain.lowered }
    return cased(culture, ["I": "ı", "İ": "i"]) { $0.lowercaseMapping }
  }

  /// In upper case, letter by letter; nil for a culture that is none.
  func raised(in culture: String?) -> String? {
    if culture == nil, let plain = PlainText(self) { return plain.raised }
    return cased(culture, ["i": "İ", "ı": "I"]) { $0.uppercaseMapping }
  }

  /// Cultures differ by the letters of Turkish and Azerbaijani alone.
  private func cased(
    _ culture: String?, _ turkic: [Unicode.Scalar: Unicode.Scalar],
    _ mapping: (Unicode.Scalar.Properties) -> String
  ) -> String? {
    guard let culture, !culture.isEmpty else { return mapped([:], mapping) }
    let parts = culture.split(separator: "-", omittingEmptySubsequences: false)
    guard culture.utf8.count <= 16, parts.allSatisfy({ (2...8).contains($0.count) && $0.allSatisfy(\.isLetter) }) else {
      return nil
    }
    let isTurkic = ["tr", "az"].contains(parts[0].lowercased())
    return mapped(isTurkic ? turkic : [:], mapping)
  }

  /// .NET maps a letter to a letter: ß stays, since its upper case is two.
  private func mapped(
    _ special: [Unicode.Scalar: Unicode.Scalar], _ mapping: (Unicode.Scalar.Properties) -> String
  ) -> String {
    var text = String.UnicodeScalarView()
    for scalar in unicodeScalars {
      if let other = special[scalar] {
        text.append(other)
        continue
      }
      let mapped = mapping(scalar.properties).unicodeScalars
      text.append(mapped.count == 1 ? mapped.first ?? scalar : scalar)
    }
    return String(text)
  }

  /// Without white space at both ends.
  var trimmedOfWhitespace: String {
    trimmedOfPlainWhitespace ?? trimmingCharacters(in: .whitespacesAndNewlines)
  }
}

extension Substring.UTF16View {
  /// Without half a surrogate pair at either end.
  fileprivate var wholeCharacters: Substring.UTF16View {
    var units = self
    if let first = units.first, UTF16.isTrailSurrogate(first) { units = units.dropFirst() }
    if let last = units.last, UTF16.isLeadSurrogate(last) { units = units.dropLast() }
    return units
  }
}
