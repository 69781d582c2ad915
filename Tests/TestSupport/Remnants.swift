import Foundation

/// A value that is still in a file, in some form.
public struct Remnant: Hashable, Sendable, CustomStringConvertible {
  /// The file's name.
  public var file: String
  /// The value.
  public var value: String
  /// The form in which it was found.
  public var form: String

  /// Says where what is.
  public var description: String { "\(value) in \(file) as \(form)" }
}

/// Looks for values in the raw bytes of every file of a folder, whatever the file's format.
public enum Remnants {
  /// The values that are there as UTF-8 (ASCII case ignored), UTF-16 of both byte orders, or within base64 of UTF-8.
  public static func of(_ values: [String], in folder: String) throws -> Set<Remnant> {
    let files = FileManager.default
    var found = Set<Remnant>()
    for name in try files.subpathsOfDirectory(atPath: folder) {
      guard let content = files.contents(atPath: "\(folder)/\(name)") else { continue }
      let folded = Data(content.map { (65...90).contains($0) ? $0 | 0x20 : $0 })
      for value in values {
        for (form, bytes, isFolded) in forms(of: value) where (isFolded ? folded : content).range(of: bytes) != nil {
          found.insert(Remnant(file: name, value: value, form: form))
        }
      }
    }
    return found
  }

  private static func forms(of value: String) -> [(form: String, bytes: Data, isFolded: Bool)] {
    var forms = [("UTF-8", Data(value.utf8.map { (65...90).contains($0) ? $0 | 0x20 : $0 }), true)]
    for (form, isLittle) in [("UTF-16LE", true), ("UTF-16BE", false)] {
      let bytes = value.utf16.flatMap { unit -> [UInt8] in
        let (low, high) = (UInt8(unit & 0xFF), UInt8(unit >> 8))
        return isLittle ? [low, high] : [high, low]
      }
      forms.append((form, Data(bytes), false))
    }
    // Base64 of a longer text shows the value in one of three shapes, by where it begins; the ends depend on neighbours.
    for lead in 0..<3 {
      let text = Data(Array(repeating: 0, count: lead) + Array(value.utf8)).base64EncodedString()
      let inner = text.prefix { $0 != "=" }.dropFirst(lead == 0 ? 0 : lead + 1).dropLast(1)
      if inner.utf8.count >= 8 { forms.append(("base64", Data(inner.utf8), false)) }
    }
    return forms
  }
}
