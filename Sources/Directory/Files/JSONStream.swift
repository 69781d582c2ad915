import Base
import JSON

/// Splits a JSON document that comes in pieces: the objects of its one array, which is the document itself or its member
/// `value`, and the members beside that.
///
/// It holds no bytes: whoever asks has those from the next part on, and more of them when one is not whole. An object is
/// bounded, and so are all members beside the array together. A number that ends where the bytes end may go on.
struct JSONStream {
  /// What comes next: where it lies in the bytes at hand.
  enum Part: Equatable {
    /// An object of the array.
    case element(Range<Int>)
    /// A member beside the array.
    case member(String, Range<Int>)
    /// The end of the document: nothing but white space follows.
    case end
  }

  /// Why a document that is JSON, as far as it was read, is not of this shape.
  struct Misfit: Error, Equatable {
    enum Kind: Equatable {
      /// The document is neither an object nor an array.
      case noDocument
      /// The member `value` is no array.
      case noArray
      /// An element is no object.
      case noObject
      /// An element is larger than the bound.
      case largeElement
      /// The members beside the array are larger than the bound.
      case largeMembers
    }

    var kind: Kind
    /// Where it begins in the bytes at hand.
    var offset: Int
  }

  /// What may come next.
  private enum Place {
    case document, firstMember, member, afterMember, firstElement, element, afterElement, nothing
  }

  private let elementBound: Int
  /// How much of the members' bound is left.
  private var memberBound: Int
  private var place = Place.document
  private var names = Set<ByteKey>()
  private var isObject = false
  /// Where the next part begins in the bytes at hand: those before it are not needed any more.
  private(set) var position: Int
  /// True when the array was there.
  private(set) var hasArray = false

  /// A document that begins at an offset in the first bytes, and the bytes that an object, and all members beside the
  /// array, may have.
  init(at start: Int = 0, elementBound: Int, memberBound: Int) {
    position = start
    self.elementBound = elementBound
    self.memberBound = memberBound
  }

  /// The bytes before `position` are gone: what followed them is at the beginning now.
  mutating func drop() { position = 0 }

  /// The next part; nil when it is not whole yet, as it cannot be when `isEnd` says that no more bytes come. Throws
  /// `JSONError` with an offset in these bytes, or `Misfit`.
  mutating func next(in bytes: [UInt8], isEnd: Bool) throws -> Part? {
    do {
      return try bytes.withUnsafeBufferPointer { buffer in
        while true {
          if let part = try step(buffer, isEnd) { return part }
        }
      }
    } catch let error as JSONError where error.reason == .truncated && !isEnd {
      return nil
    }
  }

  /// Takes what comes next; nil when that is no part. What is not whole is not taken.
  private mutating func step(_ bytes: UnsafeBufferPointer<UInt8>, _ isEnd: Bool) throws -> Part? {
    guard let byte = passSpace(bytes) else {
      if place == .nothing, isEnd { return .end }
      throw JSONError(.truncated, offset: bytes.count)
    }
    switch place {
    case .document: try open(byte)
    case .firstMember where byte == UInt8(ascii: "}"), .firstElement where byte == UInt8(ascii: "]"): close()
    case .firstMember: place = .member
    case .firstElement: place = .element
    case .member: return try member(bytes, isEnd)
    case .element: return try element(bytes, byte)
    case .afterMember: try goOn(byte, .member, "}", "a comma or the end of the object")
    case .afterElement: try goOn(byte, .element, "]", "a comma or the end of the array")
    case .nothing: throw JSONError(.trailing, offset: position)
    }
    return nil
  }

  private mutating func passSpace(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt8? {
    while position < bytes.count, isSpace(bytes[position]) { position += 1 }
    return position < bytes.count ? bytes[position] : nil
  }

  // MARK: Brackets

  private mutating func open(_ byte: UInt8) throws {
    isObject = byte == UInt8(ascii: "{")
    guard isObject || byte == UInt8(ascii: "[") else { throw Misfit(kind: .noDocument, offset: position) }
    hasArray = !isObject
    place = isObject ? .firstMember : .firstElement
    position += 1
  }

  /// Ends the array or, where none is open, the document.
  private mutating func close() {
    let isArray = place == .firstElement || place == .afterElement
    place = isArray && isObject ? .afterMember : .nothing
    position += 1
  }

  private mutating func goOn(_ byte: UInt8, _ next: Place, _ bracket: Unicode.Scalar, _ wanted: String) throws {
    if byte == UInt8(ascii: bracket) { return close() }
    guard byte == UInt8(ascii: ",") else { throw JSONError(.unexpected(wanted), offset: position) }
    place = next
    position += 1
  }

  // MARK: What stands between them

  private mutating func element(_ bytes: UnsafeBufferPointer<UInt8>, _ byte: UInt8) throws -> Part {
    guard byte == UInt8(ascii: "{") else { throw Misfit(kind: .noObject, offset: position) }
    let length = try parse(bytes, atMost: elementBound, else: .largeElement) { try $0.skip().upperBound }
    defer { position += length }
    place = .afterElement
    return .element(position..<position + length)
  }

  private mutating func member(_ bytes: UnsafeBufferPointer<UInt8>, _ isEnd: Bool) throws -> Part? {
    let start = position
    let (name, value) = try parse(bytes, atMost: memberBound, else: .largeMembers) { parser in
      let name = try parser.name()
      let first = try parser.peek()
      if name == "value", first != UInt8(ascii: "[") {
        throw Misfit(kind: .noArray, offset: start + parser.offset)
      }
      // Of the array only its bracket.
      return (name, name == "value" ? parser.offset..<parser.offset + 1 : try parser.skip())
    }
    let end = start + value.upperBound
    if end == bytes.count, !isEnd { throw JSONError(.truncated, offset: end) }
    guard names.insert(ByteKey(name)).inserted else { throw JSONError(.duplicateName(name), offset: start) }
    memberBound -= value.upperBound
    position = end
    hasArray = hasArray || name == "value"
    place = name == "value" ? .firstElement : .afterMember
    return name == "value" ? nil : .member(name, start + value.lowerBound..<end)
  }

  /// Parses from the position on; an error's offset is one in all bytes. What is larger than the bound is refused as soon
  /// as that is certain, however the bytes come.
  private func parse<Result>(
    _ bytes: UnsafeBufferPointer<UInt8>, atMost bound: Int, else kind: Misfit.Kind,
    _ body: (inout JSONParser) throws -> Result
  ) throws -> Result {
    let rest = bytes[position...].prefix(bound + 1)
    do {
      return try JSONParser.read(UnsafeBufferPointer(rebasing: rest)) { parser in
        let result = try body(&parser)
        if parser.offset > bound { throw Misfit(kind: kind, offset: position) }
        return result
      }
    } catch let error as JSONError {
      if error.reason == .truncated, rest.count > bound { throw Misfit(kind: kind, offset: position) }
      throw JSONError(error.reason, offset: position + error.offset)
    }
  }
}
