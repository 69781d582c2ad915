import Base
import EventLog
import Foundation
import JSON

/// What the second form seals: each member with a salt of its own, and the tree that commits to them.
///
/// The text is the canonical JSON array of `[name,salt,value]` in the canonical order of the names, with spaces behind it
/// up to a multiple of 64 bytes, so that its length tells little. Each of these arrays, byte by byte, is a leaf of the
/// tree. A salt is 16 random bytes in base64: without it, nobody can try out values against the leaf's hash, which the
/// proof of a neighbour shows.
struct SaltedMembers {
  /// The lengths of texts are multiples of this.
  static let block = 64
  /// The bytes of a salt.
  static let saltSize = 16

  /// The members in canonical order.
  let members: [JSONObject.Member]
  /// The text with its spaces.
  let text: [UInt8]
  private let salts: [UInt8]
  private let leaves: [Range<Int>]

  /// Salts members; `salts` holds 16 bytes for each, in canonical order.
  init(_ object: JSONObject, salts: [UInt8]) {
    members = object.canonicalMembers
    self.salts = salts
    var writer = JSONWriter(reserving: 512)
    var leaves: [Range<Int>] = []
    leaves.reserveCapacity(members.count)
    writer.raw("[")
    for (index, member) in members.enumerated() {
      if index > 0 { writer.raw(",") }
      let start = writer.bytes.count
      writer.leaf(member.name, Self.salt(index, of: salts), member.value)
      leaves.append(start..<writer.bytes.count)
    }
    writer.raw("]")
    self.leaves = leaves
    text = Self.padded(writer.bytes)
  }

  private static func padded(_ text: [UInt8]) -> [UInt8] {
    var text = text
    text.append(contentsOf: repeatElement(UInt8(ascii: " "), count: (block - text.count % block) % block))
    return text
  }

  private static func salt(_ index: Int, of salts: [UInt8]) -> ArraySlice<UInt8> {
    salts[index * saltSize..<(index + 1) * saltSize]
  }

  /// The salt of a member.
  func salt(of index: Int) -> [UInt8] { Array(Self.salt(index, of: salts)) }

  /// The bytes of a leaf on its own.
  static func leaf(_ name: String, salt: [UInt8], _ value: JSONValue) -> [UInt8] {
    var writer = JSONWriter(reserving: 256)
    writer.leaf(name, salt[...], value)
    return writer.bytes
  }

  /// The tree over the leaves.
  var tree: SmallTree { Self.tree(leaves, of: text) }

  private static func tree(_ leaves: [Range<Int>], of text: [UInt8]) -> SmallTree {
    text.withUnsafeBytes { text in
      SmallTree(leaves: leaves.map { Merkle.leaf(UnsafeRawBufferPointer(rebasing: text[$0])) })
    }
  }

  // MARK: Reading

  /// Reads a text with its salts; nil unless it is, byte by byte, one that this form writes: so nothing stands in it
  /// twice, and nothing beside it.
  init?(text: [UInt8]) {
    var object = JSONObject()
    var salts: [UInt8] = []
    let isRead: Void? = try? text.withUnsafeBufferPointer { text in
      try Leaf.each(in: text) { leaf in
        object[leaf.name] = leaf.value
        salts += String(decoding: text[leaf.salt], as: UTF8.self).dropFirst().dropLast().base64 ?? []
      }
    }
    guard isRead != nil, salts.count == object.members.count * Self.saltSize else { return nil }
    self.init(object, salts: salts)
    if self.text != text { return nil }
  }

  /// Writes the members of a text as a JSON object, in their order, which is the canonical one. Throws `JSONError`.
  static func write(_ text: Data, to writer: inout JSONWriter) throws {
    try text.withUnsafeBytes { text in
      let text = text.bindMemory(to: UInt8.self)
      var isFirst = true
      writer.raw("{")
      try Leaf.each(partsIn: text) { name, value in
        if !isFirst { writer.raw(",") }
        isFirst = false
        writer.raw(UnsafeBufferPointer(rebasing: text[name]))
        writer.raw(":")
        writer.raw(UnsafeBufferPointer(rebasing: text[value]))
      }
      writer.raw("}")
    }
  }

  /// The members of a text, the salts passed over, in the order of the text. Throws `JSONError`.
  static func members(of text: Data) throws -> JSONObject {
    var members = JSONObject()
    try text.withUnsafeBytes { text in
      try Leaf.each(in: text.bindMemory(to: UInt8.self)) { members.append(unique: $0.name, $0.value) }
    }
    return members
  }
}

/// A leaf as it stands in a text.
private struct Leaf {
  var name = ""
  /// Where the salt stands, with its quotes.
  var salt = 0..<0
  var value = JSONValue.null

  /// Calls `body` with every leaf of a text. Throws `JSONError`.
  static func each(in text: UnsafeBufferPointer<UInt8>, _ body: (Leaf) throws -> Void) throws {
    try JSONParser.read(text) { parser in
      try parser.array { parser in try body(Leaf(&parser)) }
      try parser.end()
    }
  }

  /// Calls `body` with where the name and the value of every leaf stand. Throws `JSONError`.
  static func each(partsIn text: UnsafeBufferPointer<UInt8>, _ body: (Range<Int>, Range<Int>) throws -> Void) throws {
    try JSONParser.read(text) { parser in
      try parser.array { parser in
        var (parts, name, value) = (0, 0..<0, 0..<0)
        try parser.array { parser in
          let part = try parser.skip()
          if parts == 0 { name = part } else { value = part }
          parts += 1
        }
        guard parts == 3 else { throw JSONError(.unexpected("three parts"), offset: parser.offset) }
        try body(name, value)
      }
      try parser.end()
    }
  }

  private init(_ parser: inout JSONParser) throws {
    var parts = 0
    try parser.array { parser in
      switch parts {
      case 0: name = try parser.string()
      case 1: salt = try parser.skip()
      default: value = try parser.value()
      }
      parts += 1
    }
    guard parts == 3 else { throw JSONError(.unexpected("three parts"), offset: parser.offset) }
  }
}

extension Substring {
  fileprivate var base64: [UInt8]? { Base64.decode(String(self)) }
}

extension JSONWriter {
  fileprivate mutating func leaf(_ name: String, _ salt: ArraySlice<UInt8>, _ value: JSONValue) {
    raw("[")
    string(name)
    raw(",\"")
    salt.withUnsafeBytes { base64($0) }
    raw("\",")
    self.value(value, canonical: true)
    raw("]")
  }
}
