import Base
public import EventLog
public import JSON

/// One event, proved to be the log's, and what some of its sealed members say: a file that is checked without the log and
/// without any key that opens something. Nothing else of the event, or of any other, can be read by it.
public struct OpenedProof: Equatable, Sendable {
  /// The most bytes that a file has: a proof, and what it discloses.
  public static let limit = 2 * ProofBundle.limit
  /// The most members that are disclosed by one file; an event has fewer.
  private static let mostMembers = 256
  private static let form = "provledger-opened/v1"

  /// That the event is in the log; it carries the entry.
  public let proof: EventProof
  /// What the members say.
  public let disclosures: [Disclosure]

  /// A proof, and what it discloses.
  public init(proof: EventProof, disclosures: [Disclosure]) {
    self.proof = proof
    self.disclosures = disclosures
  }

  /// As a JSON object: the proof is the text of its own file.
  public var json: JSONValue {
    [
      "disclosures": .array(disclosures.map(\.json)), "form": .string(Self.form), "proof": .string(proof.text),
    ]
  }

  /// True for the bytes of a file that may be one of this kind.
  public static func looksLike(_ bytes: [UInt8]) -> Bool { bytes.first == UInt8(ascii: "{") }

  /// Reads what `json` wrote, and nothing else beside it; `name` is the file as faults call it.
  ///
  /// Throws `FaultCode.disclosureInvalid`, and as `ProofBundle` does.
  public init(_ bytes: [UInt8], named name: String) throws {
    guard bytes.count <= Self.limit, let object = try? JSONParser.parse(bytes).object, object.members.count == 3,
      object["form"]?.string == Self.form, let proof = object["proof"]?.string,
      let disclosures = object["disclosures"]?.array, disclosures.count <= Self.mostMembers
    else { throw Disclosure.invalid("in \(name) is of no form that this program knows") }
    guard case .event(let event) = try ProofBundle(Array(proof.utf8), named: name) else {
      throw Disclosure.invalid("in \(name) comes with a proof of something else than an event")
    }
    self.init(proof: event, disclosures: try disclosures.map { try Disclosure($0) })
  }

  /// Checks all of it: the event is the log's, and says what is disclosed.
  ///
  /// Throws as `EventProof.verify` does, and `FaultCode.disclosureInvalid`.
  public func verify(with keys: [VerifierKey]) throws {
    try proof.verify(with: keys)
    guard let entry = proof.entry else { throw Disclosure.invalid("comes without the entry that it is about") }
    for disclosure in disclosures { try disclosure.verify(in: entry) }
  }
}
