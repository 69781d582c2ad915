import Base
import Crypto
import EventLog
import Foundation
import JSON

/// A sealed value as it stands in an event: read, and not opened yet. It lives only as long as the bytes that it was read from.
struct SealedValue {
  static let nonceSize = 12
  fileprivate static let tagSize = 16

  private let parts: Parts
  private let stream: String
  private let event: EventID

  /// Reads the bytes of a sealed value. Throws `FaultCode.sealBroken` for anything that is none.
  init(_ bytes: UnsafeBufferPointer<UInt8>, stream: String, event: EventID) throws {
    guard let parts = try? Parts(bytes), parts.isWhole else { throw Self.broken("is not one of ours", stream, event) }
    self.parts = parts
    self.stream = stream
    self.event = event
  }

  /// Whose key it needs.
  var alias: String { String(decoding: parts.subject, as: UTF8.self) }

  /// The root of the members' tree, in base64; nil in the first form.
  var commit: String? { parts.commit.map { String(decoding: $0, as: UTF8.self) } }

  static func broken(_ what: String, _ stream: String, _ event: EventID) -> Fault {
    Fault(
      .sealBroken,
      """
      A sealed value of event \(event) in stream \(stream) \(what): it was changed or moved, or keys.sqlite belongs \
      to another ledger. Run `provledger verify`.
      """)
  }

  // MARK: Opening

  /// The members, under the subject's key. Throws `FaultCode.sealBroken`.
  func members(_ key: SymmetricKey) throws -> JSONObject {
    let text = try text(key)
    if parts.commit != nil, let members = try? SaltedMembers.members(of: text) { return members }
    if parts.commit == nil, let members = try? JSONParser.parse(text).object { return members }
    throw Self.broken("holds no members", stream, event)
  }

  /// Writes the members as a JSON object, byte by byte as they were sealed: no value is made of them. Throws
  /// `FaultCode.sealBroken`.
  func write(_ key: SymmetricKey, to writer: inout JSONWriter) throws {
    let text = try text(key)
    // The first form seals the object itself.
    if parts.commit == nil { return text.withUnsafeBytes { writer.raw($0) } }
    do { try SaltedMembers.write(text, to: &writer) } catch is JSONError {
      throw Self.broken("holds no members", stream, event)
    }
  }

  /// The members with their salts, held against the commitment; nil in the first form, which has none. Throws
  /// `FaultCode.sealBroken`.
  func saltedMembers(_ key: SymmetricKey) throws -> SaltedMembers? {
    guard let commit else { return nil }
    guard let members = SaltedMembers(text: Array(try text(key))), members.tree.root.text == commit else {
      throw Self.broken("does not hold what it commits to", stream, event)
    }
    return members
  }

  private func text(_ key: SymmetricKey) throws -> Data {
    guard let combined = parts.combined else {
      throw Self.broken("is not one of ours", stream, event)
    }
    do {
      let box = try AES.GCM.SealedBox(combined: combined)
      let key = parts.commit == nil ? key : EventKey.derive(of: event, from: key)
      return try AES.GCM.open(box, using: key, authenticating: Self.associated(stream, event, commit: parts.commit))
    } catch {
      throw Self.broken("does not authenticate", stream, event)
    }
  }

  // MARK: Parts

  /// What the tag covers beside the ciphertext.
  static func associated(_ stream: String, _ event: EventID, commit: String?) -> [UInt8] {
    guard var commit else { return associated(stream, event, commit: UnsafeBufferPointer?.none) }
    return commit.withUTF8 { associated(stream, event, commit: $0) }
  }

  private static func associated(_ stream: String, _ event: EventID, commit: UnsafeBufferPointer<UInt8>?) -> [UInt8] {
    var text = JSONWriter(reserving: 192)
    if commit == nil { text.raw("ledger-sealed/v1\n") } else { text.raw("ledger-sealed/v2\n") }
    text.raw(stream)
    text.raw("\n")
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 36) { id in
      event.write(to: UnsafeMutableRawBufferPointer(id))
      text.raw(UnsafeBufferPointer(id))
    }
    if let commit {
      text.raw("\n")
      text.raw(commit)
    }
    return text.bytes
  }
}

/// The members of a sealed value, where they lie.
private struct Parts {
  private typealias Text = UnsafeBufferPointer<UInt8>

  private let bytes: UnsafeBufferPointer<UInt8>
  private var algorithm: Range<Int>?
  private var places: (ciphertext: Range<Int>?, commit: Range<Int>?, nonce: Range<Int>?, subject: Range<Int>?)

  /// Throws for what is no object of members that are known, each at most once.
  init(_ bytes: UnsafeBufferPointer<UInt8>) throws {
    self.bytes = bytes
    try JSONParser.read(bytes) { parser in
      try parser.members { parser, name in try read(name, &parser) }
      try parser.end()
    }
  }

  private mutating func read(_ name: UnsafeBufferPointer<UInt8>, _ parser: inout JSONParser) throws {
    let value = try parser.plainString()
    func take(_ place: inout Range<Int>?) throws {
      guard place == nil else { throw JSONError(.unexpected("each member once"), offset: parser.offset) }
      place = value
    }
    if name.isText("alg") { return try take(&algorithm) }
    if name.isText("ciphertext") { return try take(&places.ciphertext) }
    if name.isText("commit") { return try take(&places.commit) }
    if name.isText("nonce") { return try take(&places.nonce) }
    if name.isText("subject") { return try take(&places.subject) }
    throw JSONError(.unexpected("another member of a sealed value"), offset: parser.offset)
  }

  private func text(_ place: Range<Int>?) -> Text { Text(rebasing: bytes[place ?? 0..<0]) }

  private var isFirstForm: Bool { text(algorithm).isText("A256GCM") }

  /// Whether all members of one of the forms are there, of the lengths that they must have.
  var isWhole: Bool {
    guard isFirstForm || text(algorithm).isText("A256GCM-EVENT") && places.commit != nil else { return false }
    return places.subject != nil && Base64.count(of: text(places.nonce)) == SealedValue.nonceSize
      && Base64.count(of: text(places.ciphertext)) ?? 0 >= SealedValue.tagSize
  }

  /// The alias whose key it needs.
  var subject: UnsafeBufferPointer<UInt8> { text(places.subject) }

  /// The commitment; nil in the first form, which has none.
  var commit: UnsafeBufferPointer<UInt8>? { isFirstForm ? nil : text(places.commit) }

  /// Nonce, ciphertext and tag, as CryptoKit wants them; nil unless they are base64.
  var combined: [UInt8]? {
    let (size, ciphertext) = (SealedValue.nonceSize, text(places.ciphertext))
    guard let count = Base64.count(of: ciphertext) else { return nil }
    var isGood = true
    let combined = [UInt8](unsafeUninitializedCapacity: size + count) { bytes, written in
      let bytes = UnsafeMutableRawBufferPointer(bytes)
      isGood =
        Base64.decode(text(places.nonce), to: bytes)
        && Base64.decode(ciphertext, to: UnsafeMutableRawBufferPointer(rebasing: bytes[size...]))
      written = size + count
    }
    return isGood ? combined : nil
  }
}

extension Digest32 {
  /// As `base64`, without Foundation's way over `Data`: it is written with every event.
  var text: String {
    var writer = JSONWriter(reserving: 44)
    withBytes { writer.base64($0) }
    return String(decoding: writer.bytes, as: UTF8.self)
  }
}
