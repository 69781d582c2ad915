import Base
import JSON
import Provisioning
import TestSupport
import Testing

@Suite("Payloads of older programs")
struct UpcasterTests {
  /// A type with three versions: 1 had `name` in clear, 2 sealed it, 3 counts what it was called before.
  private static let upcasters = Upcasters([
    "test.renamed": [
      { fields in
        var fields = fields
        fields.sealed["name"] = fields.clear["name"]
        fields.clear["name"] = nil
        return fields
      },
      { fields in
        guard let before = fields.clear["before"]?.array else {
          throw PayloadError(type: "test.renamed", member: "before")
        }
        var fields = fields
        fields.clear["before"] = nil
        fields.clear["names"] = .integer(Int64(before.count + 1))
        return fields
      },
    ]
  ])

  private func upcast(_ clear: JSONValue, _ sealed: JSONValue = [:], from schema: Int, isErased: Bool = false) throws
    -> Fields
  {
    let fields = Fields(
      clear: clear.object ?? JSONObject(), sealed: sealed.object ?? JSONObject(), isErased: isErased)
    return try Self.upcasters.upcast(fields, of: "test.renamed", from: schema)
  }

  private func text(_ fields: Fields) -> [String] {
    [JSONValue.object(fields.clear).text, JSONValue.object(fields.sealed).text]
  }

  @Test("each version becomes the newest, by each step once and in order")
  func versions() throws {
    let wanted = [#"{"names":3}"#, #"{"name":"Ada"}"#]
    #expect(text(try upcast(["name": "Ada", "before": ["a", "b"]], from: 1)) == wanted)
    #expect(text(try upcast(["before": ["a", "b"]], ["name": "Ada"], from: 2)) == wanted)
    #expect(text(try upcast(["names": 3], ["name": "Ada"], from: 3)) == wanted)
    #expect(Self.upcasters.newest(of: "test.renamed") == 3)
  }

  @Test("an erased person's payload is upcast as far as it stands in clear")
  func erased() throws {
    let fields = try upcast(["before": []], from: 2, isErased: true)
    #expect(text(fields) == [#"{"names":1}"#, "{}"] && fields.isErased)
  }

  @Test("a version of a newer program is refused, and says how far this one goes", arguments: [4, 5, 1_000_000])
  func newer(schema: Int) {
    #expect(throws: SchemaError.newer(type: "test.renamed", schema: schema, newest: 3)) {
      try upcast([:], from: schema)
    }
    #expect(throws: SchemaError.newer(type: "other", schema: 2, newest: 1)) {
      try Self.upcasters.upcast(Fields(), of: "other", from: 2)
    }
  }

  @Test("a version that no program wrote is refused", arguments: [0, -1, Int.min])
  func none(schema: Int) {
    #expect(throws: SchemaError.none(type: "test.renamed")) { try upcast([:], from: schema) }
  }

  @Test("what a step finds missing is named")
  func broken() {
    #expect(throws: PayloadError(type: "test.renamed", member: "before")) { try upcast(["name": "Ada"], from: 1) }
  }

  @Test("a type without steps has one version, and passes as it is")
  func unversioned() throws {
    let fields = Fields(clear: JSONObject(), sealed: JSONObject(), isErased: true)
    #expect(try Self.upcasters.upcast(fields, of: "other", from: 1) == fields)
    #expect(Self.upcasters.newest(of: "other") == 1)
  }

  @Test("the schema of each payload is the one that this program's steps lead to")
  func standard() {
    for payload in PayloadSamples.whole {
      #expect(payload.schema == Upcasters.standard.newest(of: payload.type), "\(payload.type)")
    }
  }
}
