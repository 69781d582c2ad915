import Base
import Foundation

/// A text with signature lines under it (C2SP signed-note).
public struct SignedNote: Equatable, Sendable {
  /// One signature line.
  public struct Signature: Equatable, Sendable {
    /// The name of the key that made it.
    public let name: String
    /// The first four bytes tell the key, the rest is what it signed.
    public let bytes: [UInt8]

    var line: String { "— \(name) \(Data(bytes).base64EncodedString())\n" }
  }

  /// What is signed: one or more lines, each with its line feed.
  public let text: String
  /// The signatures, of several keys perhaps; at least one.
  public private(set) var signatures: [Signature]

  /// The most bytes that a note may have; a checkpoint has some hundred.
  public static let limit = 65_536

  /// The most bytes that are read of a file of notes: some 200,000 checkpoints.
  static let fileLimit = 48 << 20

  /// A text signed by some keys; at least one. Throws what the keys do.
  package init(_ text: String, signedBy keys: [LogKey]) throws {
    self.text = text
    signatures = try keys.map { Signature(name: $0.verifier.name, bytes: try $0.sign(Array(text.utf8))) }
  }

  /// Reads a note. Throws `FaultCode.noteInvalid`, which says what is wrong; `name` is the note as the fault calls it.
  public init(_ bytes: some Collection<UInt8>, named name: String = "The note") throws {
    func refuse(_ what: String) -> Fault {
      Fault(.noteInvalid, "\(name) is no signed note: \(what). Fetch it again from where it was kept.")
    }
    guard bytes.count <= Self.limit else { throw refuse("it has more than \(Self.limit) bytes") }
    guard let whole = String(validating: bytes, as: UTF8.self) else { throw refuse("it is not UTF-8") }
    guard !bytes.contains(where: { $0 < 0x20 && $0 != 0x0A }) else { throw refuse("it holds a control character") }
    let lines = whole.split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.last == "" else { throw refuse("its last line has no end") }
    guard let blank = lines.dropLast().lastIndex(of: ""), blank > 0 else {
      throw refuse("no blank line divides text and signatures")
    }
    text = lines[..<blank].map { $0 + "\n" }.joined()
    signatures = try lines[(blank + 1)...].dropLast().map { line in
      guard let signature = Signature(line: line) else { throw refuse("a signature line is malformed") }
      return signature
    }
    guard !signatures.isEmpty else { throw refuse("it has no signature") }
  }

  /// The names of the keys that signed it, among those that are given.
  ///
  /// Signatures of other keys are not looked at. Throws `FaultCode.noteUnsigned` when a signature of a given key is
  /// wrong, or none of them signed: then nothing that the text says may be believed.
  @discardableResult
  public func verify(with keys: [VerifierKey]) throws -> [String] {
    let bytes = Array(text.utf8)
    var signers: [String] = []
    for signature in signatures {
      for key in keys where key.name == signature.name && key.id.elementsEqual(signature.bytes.prefix(4)) {
        guard key.verifies(signature.bytes.dropFirst(4), text: bytes) else {
          throw Fault(
            .noteUnsigned,
            "A signature of \(key.name) on the note is wrong: the note was changed, or is a forgery. Do not believe it."
          )
        }
        signers.append(key.name)
      }
    }
    guard !signers.isEmpty else {
      let known = keys.map(\.name).joined(separator: ", ")
      throw Fault(.noteUnsigned, "None of the keys given (\(known)) signed the note. Name the log's key with --key.")
    }
    return signers
  }

  /// What follows the first signatures: where reading begins amid a note, the first whole one.
  static func behindFirst(of bytes: [UInt8]) -> ArraySlice<UInt8> {
    var rest = bytes[...]
    var isSigned = false
    while let end = rest.firstIndex(of: 0x0A) {
      let isSignature = rest.starts(with: Signature.mark)
      if isSigned, !isSignature { return rest }
      isSigned = isSigned || isSignature
      rest = rest[(end + 1)...]
    }
    return []
  }

  /// The notes of a file that holds several, one after the other, with or without blank lines between them.
  ///
  /// Throws as reading one does, with the line at which the bad one begins.
  public static func all(in bytes: [UInt8], named name: String) throws -> [SignedNote] {
    var notes: [SignedNote] = []
    var start: Int?
    var line = 1
    var first = 1
    var isSigned = false
    func end(_ end: Int) throws {
      guard let begin = start else { return }
      notes.append(try SignedNote(bytes[begin..<end], named: "\(name), line \(first),"))
      start = nil
      isSigned = false
    }
    var offset = 0
    while offset < bytes.count {
      let stop = bytes[offset...].firstIndex(of: 0x0A).map { $0 + 1 } ?? bytes.count
      let isSignature = bytes[offset..<stop].starts(with: Signature.mark)
      if isSigned, !isSignature { try end(offset) }
      if start == nil, stop - offset > 1 { (start, first) = (offset, line) }
      if start != nil { isSigned = isSigned || isSignature }
      offset = stop
      line += 1
    }
    try end(bytes.count)
    return notes
  }
}

extension SignedNote: CustomStringConvertible {
  /// The note as a file holds it.
  public var description: String { text + "\n" + signatures.map(\.line).joined() }
}

extension SignedNote.Signature {
  static let mark = Array("— ".utf8)

  init?(line: Substring) {
    let parts = line.split(separator: " ", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0] == "—", VerifierKey.isName(String(parts[1])),
      let data = Data(base64Encoded: String(parts[2])), data.count > 4,
      // One signature has one form: a note with another is another note.
      data.base64EncodedString() == parts[2]
    else { return nil }
    name = String(parts[1])
    bytes = Array(data)
  }
}
