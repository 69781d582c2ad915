import Base
import JSON
import Provisioning
import Testing

/// What this program makes of each payload that an older one wrote.
@Suite("The steps of this program's payloads")
struct StandardUpcasterTests {
  private func upcast(_ type: String, _ clear: JSONValue, _ sealed: JSONValue = [:]) throws -> Fields {
    let fields = Fields(clear: clear.object ?? JSONObject(), sealed: sealed.object ?? JSONObject(), isErased: false)
    return try Upcasters.standard.upcast(fields, of: type, from: 1)
  }

  @Test("a quarantine of which no cause was kept has none")
  func quarantine() throws {
    let old = try upcast(QuarantineEntered.type, ["status": 401])
    #expect(JSONValue.object(old.clear) == ["status": 401, "causes": []])
  }

  @Test("an observation's attributes stood beside the id, and the one directory owned everybody")
  func observed() throws {
    let old = try upcast(
      UserObserved.type, ["state": "present"], ["id": "o1", "displayName": "Ada", "accountEnabled": true])
    #expect(JSONValue.object(old.clear) == ["state": "present", "source": "directory"])
    #expect(
      JSONValue.object(old.sealed) == ["id": "o1", "attributes": ["displayName": "Ada", "accountEnabled": true]])
    let bare = try upcast(UserObserved.type, ["state": "absent"], ["id": "o1"])
    #expect(JSONValue.object(bare.sealed) == ["id": "o1"])
    let erased = try upcast(UserObserved.type, ["state": "absent"])
    #expect(erased.sealed.isEmpty && erased.clear["source"] == "directory")
  }

  @Test("a cycle's directory and its one link become a source and a list of watermarks")
  func cycle() throws {
    let started = try upcast(CycleStarted.type, ["source": "snapshot"])
    #expect(started.clear["directory"] == .string(DirectorySourceID.standard.name))
    let linked = try upcast(CycleFinished.type, [:], ["deltaLink": "https://example.test/delta"])
    #expect(linked.sealed["deltaLink"] == nil && linked.sealed["watermarks"]?.array?.count == 1)
    #expect(linked.sealed["watermarks"]?.text.contains("https://example.test/delta") == true)
    #expect(try upcast(CycleFinished.type, ["read": 1]).sealed.isEmpty)
  }

  @Test("a decision keeps its values")
  func decision() throws {
    let old = try upcast(Decision.type, ["action": "none"], ["desired": ["userName": "a@b.example"]])
    #expect(JSONValue.object(old.sealed) == ["desired": ["userName": "a@b.example"]])
    #expect(Upcasters.standard.newest(of: Decision.type) == 2)
  }
}
