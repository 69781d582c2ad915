import Base
import JSON
import Provisioning
import TestSupport
import Testing

@Suite("Event payloads")
struct PayloadTests {
  @Test("the samples hold every type, and every type is known")
  func complete() {
    #expect(Set(PayloadSamples.whole.map(\.type)) == Set(EventPayload.types))
    #expect(EventPayload.types.count == PayloadSamples.whole.count)
  }

  @Test("what is written is read back")
  func roundTrip() throws {
    for payload in PayloadSamples.whole + PayloadSamples.sparse {
      let read = try EventPayload(type: payload.type, fields: payload.value.fields)
      #expect(read == payload && read?.value.fields == payload.value.fields)
    }
  }

  @Test("every purpose, outcome, reason and state survives the round trip")
  func words() throws {
    var payloads: [EventPayload] = []
    for action in Decision.Action.allCases {
      for reason in Decision.Reason.allCases { payloads.append(.decided(Decision(action, reason, desired: nil))) }
    }
    for reason in ParkReason.allCases { payloads.append(.deliveryAbandoned(DeliveryAbandoned(reason, decision: 1))) }
    for state in [DirectoryState.present, .absent, .softDeleted, .deleted] {
      payloads.append(.userObserved(UserObserved(state: state, user: DirectoryUser(id: "i"))))
    }
    for payload in payloads {
      #expect(try EventPayload(type: payload.type, fields: payload.value.fields) == payload)
    }
  }

  @Test("nothing that tells a person stands in clear")
  func clear() {
    for payload in PayloadSamples.whole {
      let fields = payload.value.fields
      #expect(!JSONValue.object(fields.clear).text.contains(PayloadSamples.marker), "\(payload.type)")
      let isPersonal = "\(payload)".contains(PayloadSamples.marker)
      #expect(fields.sealed.isEmpty != isPersonal, "\(payload.type)")
    }
  }

  @Test("the clear half holds what RFC 8785 is exact for: no null, no fraction, integers of 32 bits")
  func canonical() {
    for payload in PayloadSamples.whole {
      for member in payload.value.fields.clear.members { exact(member.value, "\(payload.type) \(member.name)") }
    }
  }

  private func exact(_ value: JSONValue, _ name: String) {
    switch value {
    case .string, .bool: break
    case .integer(let number): #expect(Int32(exactly: number) != nil, "\(name)")
    case .array(let elements): for element in elements { exact(element, name) }
    case .object(let object): for member in object.members { exact(member.value, "\(name) \(member.name)") }
    default: Issue.record("\(name) is a \(value.kind)")
    }
  }

  @Test("an erased subject's events are read as far as they stand in clear")
  func erased() throws {
    for payload in PayloadSamples.whole {
      var fields = payload.value.fields
      fields.sealed = JSONObject()
      fields.isErased = true
      let read = try EventPayload(type: payload.type, fields: fields)
      #expect(read?.value.fields.clear == fields.clear, "\(payload.type)")
      #expect(!"\(String(describing: read))".contains(PayloadSamples.marker), "\(payload.type)")
    }
  }

  @Test("a member that is missing or of the wrong kind is named")
  func missing() throws {
    var tried = 0
    for payload in PayloadSamples.whole {
      let type = payload.type
      let fields = payload.value.fields
      for member in fields.clear.members where PayloadSamples.optional[type]?.contains(member.name) != true {
        let name = member.name
        let otherKind: JSONValue = member.value.array == nil ? .array([]) : .object(JSONObject())
        for wrong in [nil, otherKind] {
          var broken = fields
          broken.clear[name] = wrong
          tried += 1
          #expect(throws: PayloadError(type: type, member: name)) { try EventPayload(type: type, fields: broken) }
        }
      }
    }
    #expect(tried > 60)
  }

  @Test("a word that this program does not know is an error, not another word")
  func unknownWord() {
    let fields = Fields(clear: JSONObject([("action", "explode"), ("reason", "NewInScope")]))
    #expect(throws: PayloadError(type: Decision.type, member: "action")) {
      try EventPayload(type: Decision.type, fields: fields)
    }
  }

  @Test("the reasons of an erasure are codes, and what is known has that form")
  func reasons() {
    for known in ErasureReason.known { #expect(ErasureReason(known.code)?.code == known.code) }
    #expect(ErasureReason(String(repeating: "a", count: 40)) != nil)
    for text in ["", String(repeating: "a", count: 41), "Ada", "a b", "ada@contoso.com", "é", "a_b"] {
      #expect(ErasureReason(text) == nil)
    }
    let fields = Fields(
      clear: JSONObject([("reason", "other"), ("events", 1), ("calls", 0), ("forced", "active-account by-whim")]))
    #expect(throws: PayloadError(type: SubjectErased.type, member: "forced")) {
      try EventPayload(type: SubjectErased.type, fields: fields)
    }
  }

  @Test(
    "an unknown type is nil", arguments: ["", "provisioning.decided2", "Provisioning.Decided", "subject.forgotten"])
  func unknownType(type: String) throws { #expect(try EventPayload(type: type, fields: Fields()) == nil) }

  @Test("positions beyond 32 bits are exact")
  func positions() throws {
    let payload = EventPayload.deliveryCompleted(DeliveryCompleted(.call, decision: .max))
    #expect(payload.value.fields.clear["decision"]?.string == "9223372036854775807")
    #expect(try EventPayload(type: payload.type, fields: payload.value.fields) == payload)
  }
}

extension JSONObject {
  fileprivate init(_ members: [(String, JSONValue)]) {
    self.init()
    for (name, value) in members { self[name] = value }
  }
}
