import Base
import Crypto
import Foundation
import JSON
import LogSupport
import Testing

@testable import EventLog
@testable import Sealing

@Suite("A proof that opens some of an event") struct OpenedProofTests {
  private let folder: Folder
  private let log: Log
  private let codec: EventCodec
  private let subject: Subject
  private let key: LogKey
  private var stream: String { "user/\(subject.alias)" }

  init() throws {
    folder = try Folder()
    log = try folder.open()
    let keys = try folder.openKeys()
    codec = EventCodec(keys: keys, clock: { moment })
    subject = try #require(try keys.subjects(for: ["ada"])["ada"])
    key = try LogKey(origin: "example.org/test")
  }

  private func record(_ userName: String) async throws -> RecordedEvent {
    var new = event(subject: subject.alias)
    let members = JSONObject(present: [("userName", .string(userName)), ("displayName", "Ada Example")])
    new.data =
      Array("{\"sealed\":".utf8) + (try Sealer.seal(members, for: subject, stream: stream, event: new.id))
      + Array("}".utf8)
    let positions = try await log.append([.init(stream: stream, events: [new])])
    return try #require(try log.read(from: positions[0], limit: 1).first)
  }

  private func sign() async throws -> SignedCheckpoint {
    try await log.checkpoint(origin: "example.org/test", signedBy: [key], known: [key.verifier])
  }

  private func proof(of recorded: RecordedEvent, carryingEntry: Bool = true) async throws -> EventProof {
    let signed = try await sign()
    return EventProof(
      entry: carryingEntry ? recorded.entry : nil,
      proof: try log.inclusionProof(of: recorded.position, size: signed.size), checkpoint: signed)
  }

  private func opened(_ recorded: RecordedEvent, _ members: [String]) async throws -> OpenedProof {
    OpenedProof(
      proof: try await proof(of: recorded),
      disclosures: try members.map { try codec.disclose(member: $0, of: recorded) })
  }

  private func refusal(_ json: JSONValue) -> FaultCode? {
    Fault.code { _ = try OpenedProof(json.canonicalBytes, named: "p") }
  }

  @Test("its file reads back, holds with the log's key alone, and opens nothing else") func file() async throws {
    let made = try await opened(try await record("ada@example.org"), ["userName"])
    let bytes = made.json.canonicalBytes
    #expect(OpenedProof.looksLike(bytes) && !OpenedProof.looksLike(Array(made.proof.text.utf8)))
    let read = try OpenedProof(bytes, named: "p")
    #expect(read == made)
    try read.verify(with: [key.verifier])
    #expect(read.disclosures.map(\.value) == ["ada@example.org"])
    #expect(!String(decoding: bytes, as: UTF8.self).contains("Ada Example"))
  }

  @Test("it holds for no other log, no other entry, and no other event's member") func otherThings() async throws {
    let (first, second) = (try await record("ada@example.org"), try await record("ada@new.example.org"))
    let made = try await opened(first, ["userName", "displayName"])
    try made.verify(with: [key.verifier])
    let stranger = try LogKey(origin: "example.org/test").verifier
    #expect(Fault.code { try made.verify(with: [stranger]) } == .noteUnsigned)
    let mixed = OpenedProof(
      proof: made.proof, disclosures: [try codec.disclose(member: "userName", of: second)])
    #expect(Fault.code { try mixed.verify(with: [key.verifier]) } == .disclosureInvalid)
    let other = EventProof(entry: second.entry, proof: made.proof.proof, checkpoint: made.proof.checkpoint)
    let moved = OpenedProof(proof: other, disclosures: made.disclosures)
    #expect(Fault.code { try moved.verify(with: [key.verifier]) } == .proofFails)
    let bare = OpenedProof(proof: try await proof(of: first, carryingEntry: false), disclosures: made.disclosures)
    #expect(Fault.code { try bare.verify(with: [key.verifier]) } == .proofFails)
  }

  @Test("a file with a part too few, too many or of another kind is refused") func malformed() async throws {
    let made = try await opened(try await record("ada@example.org"), ["userName"])
    let whole = try #require(made.json.object)
    let disclosure = try #require(made.disclosures.first).json
    let wrong: [String: [JSONValue]] = [
      "form": ["provledger-opened/v2", 1], "proof": [1, .null],
      "disclosures": [.null, "x", .array(Array(repeating: disclosure, count: 257)), [[]], [["form": "x"]]],
    ]
    #expect(Set(wrong.keys) == Set(whole.members.map(\.name)))
    for (name, values) in wrong {
      for value in values + [nil] {
        var object = whole
        object[name] = value
        #expect(refusal(.object(object)) == .disclosureInvalid, "\(name)")
      }
    }
    var more = whole
    more["more"] = true
    #expect(refusal(.object(more)) == .disclosureInvalid && refusal([]) == .disclosureInvalid)
    for bytes in [[], Array("{".utf8), made.json.canonicalBytes + Array(repeating: 0x20, count: OpenedProof.limit)] {
      #expect(Fault.code { _ = try OpenedProof(bytes, named: "p") } == .disclosureInvalid)
    }
  }

  @Test("what it carries as its proof must be one, and of an event") func otherProof() async throws {
    _ = try await record("ada@example.org")
    let old = try await sign()
    let made = try await opened(try await record("ada@new.example.org"), ["userName"])
    let growth = GrowthProof(
      proof: try log.consistencyProof(old: old.size, new: made.proof.checkpoint.size),
      checkpoint: made.proof.checkpoint)
    var object = try #require(made.json.object)
    object["proof"] = .string(growth.text)
    #expect(refusal(.object(object)) == .disclosureInvalid)
    object["proof"] = "no proof"
    #expect(refusal(.object(object)) == .proofInvalid)
  }
}
