import Base
import Provisioning
import Testing

@testable import Directory

@Suite("Attributes that the rules read") struct AttributeReadingTests {
  private let wanted = ["department", "extensionAttribute2", "businessPhones", "mobilePhone", "badge"]
    .map { DirectoryAttribute(rawValue: $0) }

  private func read(_ text: String, _ format: DirectoryFormat) throws -> DirectoryAttributes {
    let pages = MemoryPages([("input", Array(text.utf8))])
    return try DirectoryReader.read(pages, format: format, attributes: wanted).changes[0].attributes
  }

  private func attribute(_ name: String) -> DirectoryAttribute { DirectoryAttribute(rawValue: name) }

  @Test("Graph's properties: texts, lists, numbers, booleans, nulls, and the fifteen in one") func graph() throws {
    let attributes = try read(
      """
      {"value": [{"id": "1", "userPrincipalName": "a@x.org", "accountEnabled": true, "department": "Sales", "jobTitle": "x",
       "onPremisesExtensionAttributes": {"extensionAttribute1": "one", "extensionAttribute2": "two"},
       "businessPhones": ["1", "2"], "mobilePhone": null, "badge": 7}]}
      """, .graph)
    #expect(attributes[attribute("department")] == .text("Sales"))
    #expect(attributes[attribute("extensionAttribute2")] == .text("two"))
    #expect(attributes[attribute("businessPhones")] == .list(["1", "2"]))
    #expect(attributes[attribute("mobilePhone")] == .cleared)
    #expect(attributes[attribute("badge")] == .text("7"))
    #expect(attributes[attribute("jobTitle")] == nil && attributes[attribute("extensionAttribute1")] == nil)
  }

  @Test("The CSV's columns by Graph's names, and by the portal's") func csv() throws {
    let attributes = try read(
      "id,userPrincipalName,accountEnabled,department,mobile,telephoneNumber\n1,a@x.org,true,Sales,5,6\n", .csv)
    #expect(attributes[attribute("department")] == .text("Sales"))
    #expect(attributes[attribute("mobilePhone")] == .text("5"))
    #expect(attributes[attribute("businessPhones")] == .text("6"))
  }

  @Test("A list of something else than texts is refused") func list() {
    #expect(throws: Fault.self) {
      try read(#"{"value": [{"id": "1", "userPrincipalName": "a@x.org", "businessPhones": [1]}]}"#, .graph)
    }
  }

  @Test("What an observation of any attribute writes is read back") func observed() throws {
    let attributes: DirectoryAttributes = [
      .userPrincipalName: .text("a@x.org"), attribute("department"): .text("Sales"),
      attribute("phones"): .list(["1", "2"]),
      attribute("flag"): .flag(true),
    ]
    #expect(DirectoryUser(DirectoryUser(id: "1", attributes: attributes).json).attributes == attributes)
  }
}
