/// Why bytes are not the JSON that was expected, and where.
public struct JSONError: Error, Equatable, Sendable {
  /// What is wrong.
  public enum Reason: Equatable, Sendable {
    /// The document ends before it is complete.
    case truncated
    /// A byte that the grammar does not allow here; the text names what was expected.
    case unexpected(String)
    /// An object has the same member name twice.
    case duplicateName(String)
    /// A string escapes half of a surrogate pair.
    case loneSurrogate
    /// A string is not valid UTF-8.
    case invalidUTF8
    /// Arrays and objects are nested deeper than the limit.
    case tooDeep(limit: Int)
    /// More follows after the end of the document.
    case trailing
  }

  /// What is wrong.
  public var reason: Reason
  /// The offset of the offending byte, from 0.
  public var offset: Int

  /// An error at an offset.
  public init(_ reason: Reason, offset: Int) {
    self.reason = reason
    self.offset = offset
  }

  /// One clause without a place, such as `the JSON ends before it is complete`.
  public var clause: String {
    switch reason {
    case .truncated: "the JSON ends before it is complete"
    case .unexpected(let wanted): "expected \(wanted)"
    case .duplicateName(let name): "the member \"\(name)\" appears twice in one object"
    case .loneSurrogate: "a string holds one half of a surrogate pair"
    case .invalidUTF8: "a string is not valid UTF-8"
    case .tooDeep(let limit): "the nesting is deeper than \(limit) levels"
    case .trailing: "more text follows after the end of the document"
    }
  }
}
