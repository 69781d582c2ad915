import Base

/// A proof read from a file, of either kind.
public enum ProofBundle: Equatable, Sendable {
  /// The most bytes that a file has: an entry in base64, some hashes and a note are less.
  public static let limit = 262_144

  /// That an event is in the log.
  case event(EventProof)
  /// That the log grew and nothing else.
  case growth(GrowthProof)

  /// Reads a file of either kind, told by its first line. Throws `FaultCode.proofInvalid` and
  /// `FaultCode.noteInvalid`; `name` is the file as the fault calls it.
  public init(_ bytes: [UInt8], named name: String) throws {
    let file = try ProofFile(bytes, named: name)
    if file.head.first == EventProof.header {
      self = .event(try EventProof(file))
    } else if file.head.first?.hasPrefix(GrowthProof.header) == true {
      self = .growth(try GrowthProof(file))
    } else {
      throw file.refuse("its first line is of no kind that is known")
    }
  }
}

/// The two halves of a proof's file: lines, and the note behind the first blank line.
struct ProofFile {
  let name: String
  let head: [String]
  private let note: ArraySlice<UInt8>

  init(_ bytes: [UInt8], named name: String) throws {
    self.name = name
    let blank = bytes.indices.dropLast().first { bytes[$0] == 0x0A && bytes[$0 + 1] == 0x0A }
    head =
      String(validating: bytes[..<(blank ?? 0)], as: UTF8.self)?
      .split(separator: "\n", omittingEmptySubsequences: false).map(String.init) ?? []
    note = bytes[((blank ?? -2) + 2)...]
    guard bytes.count <= ProofBundle.limit, blank != nil else {
      throw refuse("it has no blank line before a checkpoint")
    }
  }

  func refuse(_ what: String) -> Fault {
    Fault(.proofInvalid, "\(name) is no proof: \(what). Make it again with `provledger log prove`.")
  }

  func number(_ text: Substring) -> Int64? {
    Int64(text).flatMap { $0 >= 0 && String($0) == text ? $0 : nil }
  }

  func hashes(_ lines: ArraySlice<String>) throws -> [Digest32] {
    guard lines.count <= 64 else { throw refuse("it has more than 64 hashes") }
    return try lines.map { line in
      guard let hash = Digest32(base64: line) else { throw refuse("a line is no hash of 32 bytes in base64") }
      return hash
    }
  }

  func checkpoint() throws -> SignedCheckpoint { try SignedCheckpoint(SignedNote(note, named: "The note in \(name)")) }
}
