import Base
import Crypto
import Foundation
import JSON
import LogSupport
import Provisioning
import Testing

@testable import EventLog
@testable import Sealing

@Suite("Disclosing one sealed member") struct DisclosureTests {
  private let folder: Folder
  private let keys: SubjectKeys
  private let codec: EventCodec
  private let subject: Subject
  private let log: Log
  private var stream: String { "user/\(subject.alias)" }

  init() throws {
    folder = try Folder()
    log = try folder.open()
    keys = try folder.openKeys()
    codec = EventCodec(keys: keys, clock: { moment })
    subject = try #require(try keys.subjects(for: ["ada"])["ada"])
  }

  /// `count` members, of all kinds of value.
  private static func members(_ count: Int) -> JSONObject {
    let values: [JSONValue] = ["ada@example.org", true, .null, .integer(-7), ["a": ["b"]], .decimal("1.50"), ""]
    return JSONObject(present: (0..<count).map { ("m\u{e9}\($0)", values[$0 % values.count]) })
  }

  private func record(_ sealed: (EventID) throws -> [UInt8]) async throws -> RecordedEvent {
    var new = event(subject: subject.alias)
    new.data = Array("{\"sealed\":".utf8) + (try sealed(new.id)) + Array("}".utf8)
    let positions = try await log.append([.init(stream: stream, events: [new])])
    return try #require(try log.read(from: positions[0], limit: 1).first)
  }

  private func record(_ members: JSONObject) async throws -> RecordedEvent {
    try await record { try Sealer.seal(members, for: subject, stream: stream, event: $0) }
  }

  private func commit(of recorded: RecordedEvent) throws -> Digest32 {
    let sealed = try #require(try JSONParser.parse(recorded.envelope().data)["sealed"])
    return try #require(sealed["commit"]?.string.flatMap { Digest32(base64: $0) })
  }

  @Test("each member of an event verifies, and survives its JSON", arguments: [1, 2, 3, 4, 7, 8, 9])
  func each(count: Int) async throws {
    let members = Self.members(count)
    let recorded = try await record(members)
    for member in members.members {
      let disclosure = try codec.disclose(member: member.name, of: recorded)
      #expect(disclosure.value == member.value)
      #expect(disclosure.event == recorded.id && disclosure.stream == stream && disclosure.subject == subject.alias)
      try disclosure.verify(in: recorded.entry)
      try disclosure.verify(against: try commit(of: recorded))
      let read = try Disclosure(json: disclosure.json.canonicalBytes)
      #expect(read == disclosure)
      try read.verify(in: recorded.entry)
    }
  }

  @Test("it tells nothing of the other members")
  func others() async throws {
    let members = JSONObject(present: [("mail", "ada@example.org"), ("name", "Ada Example")])
    let recorded = try await record(members)
    let disclosure = try codec.disclose(member: "mail", of: recorded)
    let text = disclosure.json.text
    let other = try codec.disclose(member: "name", of: recorded)
    #expect(text.contains("ada@example.org") && !text.contains("Ada") && !text.contains("name"))
    #expect(!text.contains(Data(other.salt).base64EncodedString()) && disclosure.salt != other.salt)
    let leaf = Merkle.leaf(SaltedMembers.leaf("name", salt: other.salt, other.value))
    #expect(disclosure.path == [SmallTree.Sibling(leaf, isLeft: false)])
  }

  // MARK: What is refused

  @Test("a disclosure with any part changed is refused")
  func changed() async throws {
    let recorded = try await record(Self.members(5))
    let disclosure = try codec.disclose(member: "m\u{e9}1", of: recorded)
    let other = try await record(Self.members(5))
    let wrong: [String: [JSONValue]] = [
      "event": [.string(other.id.description), "x", .null], "stream": ["account/x", ""], "subject": ["x"],
      "member": ["m\u{e9}2", ""], "value": [false, "true", .null], "form": ["provledger-disclosure/v2", .null],
      "salt": [.string(Data(count: 16).base64EncodedString()), "AAAA", .null],
      "path": wrongPaths(try #require(disclosure.json["path"]?.array)),
    ]
    #expect(Set(wrong.keys) == Set(disclosure.json.object?.members.map(\.name) ?? []))
    for (name, values) in wrong {
      for value in values {
        var object = try #require(disclosure.json.object)
        object[name] = value
        #expect(refusal(JSONValue.object(object), recorded) == .disclosureInvalid, "\(name): \(value)")
      }
      var object = try #require(disclosure.json.object)
      object[name] = nil
      #expect(refusal(JSONValue.object(object), recorded) == .disclosureInvalid, "no \(name)")
    }
    #expect(refusal(disclosure.json, recorded) == nil)
    #expect(refusal(disclosure.json, other) == .disclosureInvalid)
    #expect(Fault.code { try disclosure.verify(in: []) } == .disclosureInvalid)
    #expect(Fault.code { try disclosure.verify(against: Merkle.emptyRoot) } == .disclosureInvalid)
  }

  private func wrongPaths(_ path: [JSONValue]) -> [JSONValue] {
    let other: JSONValue = ["left": .string(Merkle.emptyRoot.base64)]
    let sides = path.indices.map { index in
      var path = path
      let isLeft = path[index]["left"] != nil
      path[index] = [isLeft ? "right" : "left": path[index][isLeft ? "left" : "right"] ?? .null]
      return JSONValue.array(path)
    }
    return sides + [
      [], .array(path.dropLast()), .array(Array(path.dropFirst())), .array(path.reversed()), .array(path + [other]),
      .array(path.map { _ in other }), ["AAAA"], [["left": "AAAA"]], [["up": other["left"] ?? .null]], .null,
      .array((0..<33).map { _ in other }),
    ]
  }

  private func refusal(_ json: JSONValue, _ recorded: RecordedEvent) -> FaultCode? {
    Fault.code { try Disclosure(json: json.canonicalBytes).verify(in: recorded.entry) }
  }

  @Test("JSON that is none, has a part too many or is too long is refused")
  func unreadable() async throws {
    let disclosure = try codec.disclose(member: "m\u{e9}0", of: try await record(Self.members(1)))
    var object = try #require(disclosure.json.object)
    object["more"] = 1
    for bytes in [[], Array("{}".utf8), Array("[[[".utf8), JSONValue.object(object).canonicalBytes] {
      #expect(Fault.code { _ = try Disclosure(json: bytes) } == .disclosureInvalid)
    }
    let long = disclosure.json.canonicalBytes + Array(repeating: 0x20, count: 262_144)
    #expect(Fault.code { _ = try Disclosure(json: long) } == .disclosureInvalid)
  }

  private func fault(_ member: String, _ recorded: RecordedEvent) -> Fault? {
    do {
      _ = try codec.disclose(member: member, of: recorded)
      return nil
    } catch {
      return error as? Fault
    }
  }

  @Test("an event of the first form still opens, and cannot be disclosed by the member: it says so")
  func firstForm() async throws {
    let members = Self.members(3)
    let old = try await record { try FirstForm.seal(members, for: subject, stream: stream, event: $0) }
    let value = try #require(try JSONParser.parse(old.envelope().data)["sealed"])
    #expect(try keys.open(value.canonicalBytes, stream: stream, event: old.id) == .open(members))
    let fault = fault("m\u{e9}0", old)
    #expect(fault?.code == .disclosureImpossible)
    #expect(fault?.sentence.contains("sealed in the first form, which can only be opened whole") == true)
    // Nor does a disclosure of another event hold for it.
    let new = try codec.disclose(member: "m\u{e9}0", of: try await record(members))
    #expect(Fault.code { try new.verify(in: old.entry) } == .disclosureInvalid)
  }

  @Test("a member that is not there, an event without a sealed half, a subject that was erased: each is refused")
  func impossible() async throws {
    let recorded = try await record(Self.members(2))
    let missing = fault("mail", recorded)
    #expect(missing?.code == .disclosureImpossible && missing?.sentence.contains("m\u{e9}0, m\u{e9}1") == true)
    let positions = try await log.append([.init(stream: stream, events: [event()])])
    let clear = try #require(try log.read(from: positions[0], limit: 1).first)
    #expect(fault("a", clear)?.code == .disclosureImpossible)
    let before = try codec.disclose(member: "m\u{e9}0", of: recorded)
    try keys.erase([subject.alias])
    let erased = fault("m\u{e9}0", recorded)
    #expect(erased?.code == .disclosureImpossible && erased?.sentence.contains("erased") == true)
    // What was handed out stays with who has it.
    try before.verify(in: recorded.entry)
  }

  /// Only who has the key could make such an event.
  @Test("an event whose commitment is not that of its members is found out before anything is disclosed")
  func lie() async throws {
    let salted = SaltedMembers(Self.members(1), salts: Array(Example.salts[..<16]))
    let honest = String(decoding: salted.text, as: UTF8.self)
    let lies = [
      // Of other members; in an order or with a salt that the form does not write; with a name twice.
      #"[["a","gIGCg4SFhoeIiYqLjI2Ojw==",1]]"#,
      #"[["b","gIGCg4SFhoeIiYqLjI2Ojw==",1],["a","gIGCg4SFhoeIiYqLjI2Ojw==",1]]"#, #"[["a","AAAA",1]]"#,
      #"[["a","gIGCg4SFhoeIiYqLjI2Ojw==",1],["a","gIGCg4SFhoeIiYqLjI2Ojw==",2]]"#,
    ]
    let padded = lies.map { $0.padding(toLength: 128, withPad: " ", startingAt: 0) }
    for text in lies + padded + [honest + " ", " " + honest.dropLast()] {
      let recorded = try await record { id in try lying(text, commit: salted.tree.root.base64, id) }
      #expect(fault("a", recorded)?.code == .sealBroken, "\(text)")
    }
    let recorded = try await record { id in try lying(honest, commit: salted.tree.root.base64, id) }
    #expect(fault("m\u{e9}0", recorded) == nil)
  }

  private func lying(_ text: String, commit: String, _ id: EventID) throws -> [UInt8] {
    let box = try AES.GCM.seal(
      Array(text.utf8), using: EventKey.derive(of: id, from: subject.key), nonce: AES.GCM.Nonce(data: Example.nonce),
      authenticating: SealedValue.associated(stream, id, commit: commit))
    let value: JSONValue = [
      "alg": "A256GCM-EVENT", "ciphertext": .string((box.ciphertext + box.tag).base64EncodedString()),
      "commit": .string(commit), "nonce": .string(Data(Example.nonce).base64EncodedString()),
      "subject": .string(subject.alias),
    ]
    return value.canonicalBytes
  }
}
