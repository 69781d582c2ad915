import Base
import Crypto
import EventLog
import Foundation
import JSON

/// A sealed value as it stands in an event: read, and not opened yet.
struct SealedValue {
  static let nonceSize = 12
  private static let tagSize = 16

  /// Whose key it needs.
  let alias: String
  /// The root of the members' tree, in base64; nil in the first form.
  let commit: String?
  /// Nonce, ciphertext and tag.
  private let combined: Data
  private let stream: String
  private let event: EventID

  /// Reads the bytes of a sealed value. Throws `FaultCode.sealBroken` for anything that is none.
  init(_ bytes: UnsafeBufferPointer<UInt8>, stream: String, event: EventID) throws {
    guard let parts = try? Parts(bytes), let commit = parts.committed, let alias = parts.subject,
      let nonce = parts.nonce, nonce.count == Self.nonceSize,
      let ciphertext = parts.ciphertext, ciphertext.count >= Self.tagSize
    else { throw Self.broken("is not one of ours", stream, event) }
    self.alias = alias
    self.commit = commit
    var combined = Data(capacity: Self.nonceSize + ciphertext.count)
    combined.append(contentsOf: nonce)
    combined.append(contentsOf: ciphertext)
    self.combined = combined
    self.stream = stream
    self.event = event
  }

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
    if commit != nil, let members = try? SaltedMembers.members(of: text) { return members }
    if commit == nil, let members = try? JSONParser.parse(text).object { return members }
    throw Self.broken("holds no members", stream, event)
  }

  /// Writes the members as a JSON object, byte by byte as they were sealed: no value is made of them. Throws
  /// `FaultCode.sealBroken`.
  func write(_ key: SymmetricKey, to writer: inout JSONWriter) throws {
    let text = try text(key)
    // The first form seals the object itself.
    if commit == nil { return text.withUnsafeBytes { writer.raw($0) } }
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
    do {
      let box = try AES.GCM.SealedBox(combined: combined)
      let key = commit == nil ? key : EventKey.derive(of: event, from: key)
      return try AES.GCM.open(box, using: key, authenticating: Self.associated(stream, event, commit: commit))
    } catch {
      throw Self.broken("does not authenticate", stream, event)
    }
  }

  // MARK: Parts

  /// What the tag covers beside the ciphertext.
  static func associated(_ stream: String, _ event: EventID, commit: String?) -> [UInt8] {
    var text = JSONWriter(reserving: 192)
    if commit == nil { text.raw("ledger-sealed/v1\n") } else { text.raw("ledger-sealed/v2\n") }
    text.raw(stream)
    text.raw("\n")
    text.raw(event.description)
    if let commit {
      text.raw("\n")
      text.raw(commit)
    }
    return text.bytes
  }
}

/// The members of a sealed value, read without making a text of its bytes.
private struct Parts {
  private(set) var subject: String?
  private(set) var nonce: [UInt8]?
  private(set) var ciphertext: [UInt8]?
  private var algorithm: String?
  private var commit: String?

  /// Throws for what is no object of members that are known, each at most once.
  init(_ bytes: UnsafeBufferPointer<UInt8>) throws {
    try JSONParser.read(bytes) { parser in
      try parser.object { parser, name in try read(name, &parser) }
      try parser.end()
    }
  }

  private mutating func read(_ name: String, _ parser: inout JSONParser) throws {
    switch name {
    case "alg" where algorithm == nil: algorithm = try parser.string()
    case "ciphertext" where ciphertext == nil: ciphertext = try parser.base64()
    case "commit" where commit == nil: commit = try parser.string()
    case "nonce" where nonce == nil: nonce = try parser.base64()
    case "subject" where subject == nil: subject = try parser.string()
    default: throw JSONError(.unexpected("another member of a sealed value"), offset: parser.offset)
    }
  }

  /// The commitment, nil in the first form; no optional at all for a form that is unknown.
  var committed: String?? {
    switch algorithm {
    case "A256GCM": .some(nil)
    case "A256GCM-EVENT": commit.map { .some($0) }
    default: nil
    }
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
