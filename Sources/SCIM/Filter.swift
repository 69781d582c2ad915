import Base
import JSON

/// A filter of one comparison with a string (RFC 7644 section 3.4.2.2): all that TeamViewer's SCIM page documents,
/// and all that Entra needs to match a user.
public struct Filter: Equatable, Sendable {
  /// The comparisons that TeamViewer documents.
  public enum Operator: String, CaseIterable, Sendable {
    /// Equal.
    case eq
    /// Not equal.
    case ne
    /// Contains.
    case co
    /// Starts with.
    case sw
    /// Ends with.
    case ew
  }

  /// The attribute, as it was written: `userName`, `emails.value`.
  public var attribute: String
  /// The comparison.
  public var `operator`: Operator
  /// The string to compare with.
  public var value: String

  /// The bytes that a filter's text may have.
  public static let byteLimit = 4096

  /// A filter.
  public init(_ attribute: String, _ operator: Operator, _ value: String) {
    self.attribute = attribute
    self.operator = `operator`
    self.value = value
  }

  /// The text of the filter; the value is a JSON string, so that quotes and backslashes in it are escaped.
  public var text: String {
    var writer = JSONWriter(reserving: value.utf8.count + 2)
    writer.string(value)
    return "\(attribute) \(`operator`.rawValue) \(String(decoding: writer.bytes, as: UTF8.self))"
  }

  /// Reads one comparison. Operators are case-insensitive (RFC 7644 section 3.4.2.2).
  ///
  /// Throws `filter` for a text longer than `byteLimit`, other operators, `and`, `or`, `not`, brackets, and a value
  /// that is no JSON string.
  public init(parsing text: String) throws(SCIMParseError) {
    guard text.utf8.count <= Self.byteLimit else { throw .filter("is longer than \(Self.byteLimit) bytes") }
    var rest = Array(text.utf8)[...]
    func word() -> String {
      rest = rest.drop { $0 == UInt8(ascii: " ") }
      let word = rest.prefix { $0 != UInt8(ascii: " ") }
      rest = rest.dropFirst(word.count)
      return String(decoding: word, as: UTF8.self)
    }
    attribute = word()
    guard Self.isAttributePath(attribute) else { throw .filter("begins with no attribute name") }
    guard let comparison = Operator(rawValue: word().asciiLowercased) else {
      throw .filter("has no operator eq, ne, co, sw or ew")
    }
    self.operator = comparison
    guard let parsed = try? JSONParser.parse(rest, depthLimit: 1), case .string(let value) = parsed else {
      throw .filter("does not end with one string in double quotes")
    }
    self.value = value
  }

  /// RFC 7644 figure 1: letters, digits, `-`, `_`, with `.` and `:` between the parts; begins with a letter.
  private static func isAttributePath(_ text: String) -> Bool {
    let letters = CharacterSet.letters
    guard let first = text.utf8.first, letters.contains(first | 0x20) else { return false }
    let parts = text.utf8.split(omittingEmptySubsequences: false) { CharacterSet.separators.contains($0) }
    return parts.allSatisfy { part in
      !part.isEmpty && part.allSatisfy { letters.contains($0 | 0x20) || CharacterSet.inner.contains($0) }
    }
  }

  private enum CharacterSet {
    static let letters = UInt8(ascii: "a")...UInt8(ascii: "z")
    static let inner = Array("0123456789-_".utf8)
    static let separators = Array(".:".utf8)
  }
}
