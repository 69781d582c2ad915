import Base
import Crypto
import Foundation
import JSON
import LogSupport
import Testing

@testable import EventLog
@testable import Sealing

@Suite("Sealing") struct SealingTests {
  private let subject = Subject(alias: "aaaaaaaaaaaaaaaa", key: SymmetricKey(size: .bits256))
  private let id = ids.next(at: moment)

  private func seal(_ members: JSONObject, stream: String = "user/x") throws -> [UInt8] {
    try Sealer.seal(members, for: subject, stream: stream, event: id)
  }

  private func open(_ sealed: [UInt8], stream: String = "user/x", event: EventID? = nil) throws -> Sealer.Opened {
    try Sealer.open(sealed, stream: stream, event: event ?? id) { _ in subject.key }
  }

  private func text(_ count: Int) -> JSONObject {
    JSONObject(present: [("text", .string(String(repeating: "a", count: count)))])
  }

  // MARK: Written down. The values come from Python's hmac and hashlib, and from its AESGCM.

  @Test("the key of an event is the HMAC that is written down, and CryptoKit's")
  func eventKey() {
    let key = EventKey.derive(of: Example.id, from: Example.subject.key)
    #expect(
      key.withUnsafeBytes { Hex.text($0) } == "9541bf68500ec885770126cc899660b102ced4ff494ac9072b11ba93b8670925")
    for _ in 0..<100 {
      let (event, subject) = (ids.next(at: moment), SymmetricKey(size: .bits256))
      let code = HMAC<SHA256>.authenticationCode(
        for: Data("ledger-sealed/v2\n".utf8) + Data(event.bytes), using: subject)
      #expect(EventKey.derive(of: event, from: subject) == SymmetricKey(data: code))
    }
  }

  @Test("leaves, commitment, text and box are the ones that are written down")
  func written() throws {
    let members = SaltedMembers(Example.members, salts: Example.salts)
    let leaves = [
      #"["active","gIGCg4SFhoeIiYqLjI2Ojw==",true]"#, #"["displayName","kJGSk5SVlpeYmZqbnJ2enw==","Ada Example"]"#,
      #"["userName","oKGio6SlpqeoqaqrrK2urw==","ada@example.test"]"#,
    ]
    let text = "[\(leaves.joined(separator: ","))]"
    #expect(String(decoding: members.text, as: UTF8.self) == text.padding(toLength: 192, withPad: " ", startingAt: 0))
    #expect(
      members.tree.leaves.map(\.description) == [
        "de92b02a82c9f7779183b98d88ebdd175bfe5a4c126962ef0b619fda60259e19",
        "eb5217861c9752b4424e0d21071ae7ffc4915ca7ad03d1f8b650ec5932a5ac66",
        "df5a654f2ad5ea5f7183bfe25f1e81dbcf8bc1173678c23168102c3b22445caf",
      ])
    #expect(members.tree.root.base64 == "4d0BJsg9tUDA3G9GIzGmPwtGYiq/qSt9PBuv4r2gnh0=")
    let sealed = try Sealer.seal(
      members, for: Example.subject, stream: "42", event: Example.id, nonce: Example.nonce)
    let box = [
      #"{"alg":"A256GCM-EVENT","ciphertext":"wewW1ZWQ1aDwpIoP5s6a+d2yCkGrAF5SV1EBwgChMdpn8FnY3nP0/eurpITwirsQiQYTmZdb"#,
      "Ho67RzJ4R5VH+n33OI8BjtYPMcJIY3oIYU4BlmVasJjUDJolS4302lLmGBsLU/IvqRY6Te7vQX+aEjIL2YaLgY3uL8RuDwujvBfaWrAMSxaNdHTt",
      "ejWRGQ6acUgtZyz/PjCeCKM/RTRX6tJIF7HmoAPVGWeKgezfyux3P0FVfHkCaF36T6SW787k9DzGG8brmDCwGXFpFIW1ew==",
      #"","commit":"4d0BJsg9tUDA3G9GIzGmPwtGYiq/qSt9PBuv4r2gnh0=","nonce":"YGFiY2RlZmdoaWpr","subject":"s-7f"}"#,
    ].joined()
    #expect(String(decoding: sealed, as: UTF8.self) == box)
    #expect(
      try Sealer.open(sealed, stream: "42", event: Example.id) { _ in Example.subject.key } == .open(Example.members))
  }

  @Test("the first form is the one that is written down, and still opens")
  func firstForm() throws {
    let text = [
      #"{"alg":"A256GCM","ciphertext":"1wpoZnP95sMruw1EcONwKWtFnWF7X+hAbxeumpHgRp9Bz6hmGqav5c3bjApuXWVYsEcAKVd8j9UBd"#,
      #"1kOhOChwCjEgToqPCvlP5WZ4H1DXRev/xy0N/nxSSg=","nonce":"YGFiY2RlZmdoaWpr","subject":"s-7f"}"#,
    ].joined()
    let sealed = try FirstForm.seal(Example.members, for: Example.subject, stream: "42", event: Example.id)
    #expect(String(decoding: sealed, as: UTF8.self) == text)
    #expect(
      try Sealer.open(sealed, stream: "42", event: Example.id) { _ in Example.subject.key } == .open(Example.members))
    for (stream, event) in [("43", Example.id), ("42", id)] {
      #expect(
        Fault.code { _ = try Sealer.open(sealed, stream: stream, event: event) { _ in Example.subject.key } }
          == .sealBroken)
    }
  }

  // MARK: Round trips

  @Test("what was sealed comes back, as canonical JSON that is new each time", arguments: [0, 1, 15, 64, 200, 16_384])
  func roundTrip(size: Int) throws {
    var members = text(size)
    for number in 0..<size % 9 { members["m\u{e9}\"\(number)"] = [.integer(Int64(number)), .null, ["a": true]] }
    let sealed = try seal(members)
    let value = try JSONParser.parse(sealed)
    #expect(value.canonicalBytes == sealed)
    #expect(value.object?.members.map(\.name) == ["alg", "ciphertext", "commit", "nonce", "subject"])
    #expect(value["alg"] == "A256GCM-EVENT" && value["subject"]?.string == subject.alias)
    #expect(try open(sealed) == .open(members))
    let again = try JSONParser.parse(try seal(members))
    for name in ["ciphertext", "commit", "nonce"] { #expect(again[name] != value[name]) }
  }

  @Test("no members are members too")
  func empty() throws {
    let sealed = try seal(JSONObject())
    #expect(try open(sealed) == .open(JSONObject()))
    #expect(try JSONParser.parse(sealed)["commit"]?.string == Merkle.emptyRoot.base64)
  }

  private func ciphertext(_ members: JSONObject) throws -> Int {
    let text = try #require(try JSONParser.parse(try seal(members))["ciphertext"]?.string)
    return try #require(Base64.decode(text)).count
  }

  @Test("a ciphertext is whole blocks of 64 bytes and the tag, so that its length tells little")
  func padding() throws {
    // 40 bytes of text are not the value's own.
    let sizes = try (0..<150).map { try ciphertext(text($0)) }
    #expect(sizes == (0..<150).map { ($0 + 40 + 63) / 64 * 64 + 16 })
    #expect(sizes[24] == 80 && sizes[25] == 144)
    #expect(try ciphertext(JSONObject(present: [("mail", "a@example.org")])) == sizes[4])
  }

  // MARK: What does not open

  /// Neither part can pass for the other: a line feed stands in no stream's name and no id.
  @Test("a box that was moved does not open", arguments: ["account/x", "user/y", "", "user/x\n", "user/x\n42"])
  func moved(stream: String) throws {
    let sealed = try seal(text(9))
    #expect(Fault.code { _ = try open(sealed, stream: stream) } == .sealBroken)
    #expect(Fault.code { _ = try open(sealed, event: ids.next(at: moment)) } == .sealBroken)
    #expect(
      Fault.code { _ = try Sealer.open(sealed, stream: "user/x", event: id) { _ in Example.subject.key } }
        == .sealBroken)
  }

  private func changed(_ value: JSONValue, _ name: String, _ text: String?) -> [UInt8] {
    var object = value.object ?? JSONObject()
    object[name] = text.map(JSONValue.string)
    return JSONValue.object(object).canonicalBytes
  }

  @Test(
    "no part of a box can be changed, left out or taken from another",
    arguments: ["alg", "ciphertext", "commit", "nonce"])
  func tampered(name: String) throws {
    let value = try JSONParser.parse(try seal(text(9)))
    let other = try JSONParser.parse(try seal(text(9)))
    let part = try #require(value[name]?.string)
    var wrong: [String?] = [nil, "", "AAAA", name == "alg" ? "A256GCM" : other[name]?.string]
    if var bytes = Base64.decode(part) {
      for place in [0, bytes.count / 2, bytes.count - 1] {
        bytes[place] ^= 1
        wrong.append(Data(bytes).base64EncodedString())
        bytes[place] ^= 1
      }
      wrong += [Data(bytes.dropLast()).base64EncodedString(), Data(bytes + [0]).base64EncodedString()]
    }
    for text in wrong {
      #expect(Fault.code { _ = try open(changed(value, name, text)) } == .sealBroken, "\(text ?? "nothing")")
    }
  }

  @Test("nothing stands in a box beside its members, and none of them twice or escaped")
  func strict() throws {
    let text = String(decoding: try seal(text(9)), as: UTF8.self)
    let alias = #""subject":"\#(subject.alias)""#
    #expect(text.hasSuffix("\(alias)}"))
    let nonce = try #require(try JSONParser.parse(text.utf8)["nonce"]?.string)
    let digit = try #require(nonce.utf8.first)
    let escaped = "\\u00\(String(digit, radix: 16))\(nonce.dropFirst())"
    let wrong: [String] = [
      "\(text.dropLast()),\"more\":1}", "\(text.dropLast()),\(alias)}", "\(text.dropLast()),\"alg\":\"A256GCM-EVENT\"}",
      "\(text) 1", text.replacing(nonce, with: escaped),
    ]
    for wrong in wrong {
      #expect(Fault.code { _ = try open(Array(wrong.utf8)) } == .sealBroken, "\(wrong)")
    }
  }

  @Test("another person's name does not open it, and one without a key tells that it was erased")
  func others() throws {
    let folder = try Folder()
    let keys = try folder.openKeys()
    let people = try keys.subjects(for: ["a", "b"])
    let (a, b) = (try #require(people["a"]), try #require(people["b"]))
    let sealed = try Sealer.seal(text(9), for: a, stream: "user/\(a.alias)", event: id)
    let value = try JSONParser.parse(sealed)
    #expect(try keys.open(sealed[...], stream: "user/\(a.alias)", event: id) == .open(text(9)))
    #expect(
      Fault.code { _ = try keys.open(changed(value, "subject", b.alias), stream: "user/\(a.alias)", event: id) }
        == .sealBroken)
    #expect(try keys.open(changed(value, "subject", "c"), stream: "user/\(a.alias)", event: id) == .erased)
    try keys.erase([a.alias])
    #expect(try keys.open(sealed, stream: "user/\(a.alias)", event: id) == .erased)
  }

  @Test(
    "what is no box of ours is refused",
    arguments: [
      "", "1", "{}", "[[[[", #"{"alg":"none","ciphertext":"","nonce":"AAAAAAAAAAAAAAAA","subject":"x"}"#,
      #"{"alg":"A256GCM","ciphertext":"AA==","nonce":"AAAAAAAAAAAAAAAA","subject":"x"}"#,
      #"{"alg":"A256GCM","ciphertext":"AAAAAAAAAAAAAAAAAAAAAAAAAAA=","nonce":"AAAA","subject":"x"}"#,
      #"{"alg":"A256GCM","ciphertext":"*","nonce":"AAAAAAAAAAAAAAAA","subject":"x"}"#,
      #"{"alg":"A256GCM-EVENT","ciphertext":"AAAAAAAAAAAAAAAAAAAAAAAAAAA=","nonce":"AAAAAAAAAAAAAAAA","subject":"x"}"#,
      #"{"alg":"A256GCM-EVENT","ciphertext":"AA==","commit":"","nonce":"AAAAAAAAAAAAAAAA","subject":"x"}"#,
    ])
  func notSealed(text: String) {
    #expect(Fault.code { _ = try open(Array(text.utf8)) } == .sealBroken)
  }

  @Test(
    "a text that authenticates, and that this form does not write, holds no members",
    arguments: [
      "", "{}", "[1]", "[[]]", #"[["a"]]"#, #"[["a","b"]]"#, #"[["a","b",1,2]]"#, #"[["a","b",1]"#, #"[[1,"b",1]]"#,
    ])
  func notMembers(text: String) throws {
    let commit = Merkle.emptyRoot.base64
    let box = try AES.GCM.seal(
      Array(text.utf8), using: EventKey.derive(of: id, from: subject.key), nonce: AES.GCM.Nonce(data: Example.nonce),
      authenticating: SealedValue.associated("user/x", id, commit: commit))
    let value: JSONValue = [
      "alg": "A256GCM-EVENT", "ciphertext": .string((box.ciphertext + box.tag).base64EncodedString()),
      "commit": .string(commit), "nonce": .string(Data(Example.nonce).base64EncodedString()), "subject": "x",
    ]
    #expect(Fault.code { _ = try open(value.canonicalBytes) } == .sealBroken)
  }
}
