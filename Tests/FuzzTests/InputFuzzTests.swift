import Base
import Foundation
import JSON
import Provisioning
import TestSupport
import Testing

@testable import Directory
@testable import Ledger

@Suite("Inputs and settings from outside: whatever they hold, they are refused or read, and end nothing")
struct InputFuzzTests {
  private static let user = """
    {"id":"10000000-0000-4000-8000-000000000001","userPrincipalName":"p1@corp.example","displayName":"Person 1",\
    "mail":"p1@corp.example","userType":"Member","accountEnabled":true}
    """

  private func read(_ samples: [String], _ name: String) throws {
    let place = try TestLedger(isEmpty: true)
    // Each goes through a file, as an export does.
    try Fuzz.run(samples.map { Array($0.utf8) }, share: 3) { bytes in
      let path = "\(place.root)/\(name)"
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      _ = try DirectoryFiles.read(paths: [path])
    }
  }

  @Test("CSV")
  func csv() throws {
    try read(
      [
        """
        userPrincipalName,displayName,mail,id,userType,accountEnabled
        p1@corp.example,"Person, 1",p1@corp.example,10000000-0000-4000-8000-000000000001,Member,True
        p2@corp.example,"Person ""2"" B",,10000000-0000-4000-8000-000000000002,Guest,False

        """
      ], "users.csv")
  }

  @Test("NDJSON")
  func ndjson() throws {
    try read(
      ["\(Self.user)\n\(Self.user.replacing("0001", with: "0002").replacing("p1@", with: "p2@"))\n"], "users.ndjson")
  }

  @Test("Graph's pages")
  func graph() throws {
    let context = "https://graph.microsoft.com/v1.0/$metadata#users"
    try read(
      [
        "{\"@odata.context\":\"\(context)\",\"value\":[\(Self.user)]}",
        """
        {"@odata.context":"\(context)","@odata.deltaLink":"https://graph.microsoft.com/v1.0/users/delta?$deltatoken=1",\
        "value":[\(Self.user),{"id":"10000000-0000-4000-8000-000000000002","@removed":{"reason":"changed"}}]}
        """,
      ], "page.json")
  }

  @Test("JSON: what is read is written and read back the same")
  func json() throws {
    let samples = [
      Self.user, "[1,-2,3.5,1e9,true,false,null,\"\\u00e9\\ud83d\\ude00\",{\"a\":{\"b\":[[]]}}]", "\"\"",
      "9223372036854775807",
    ]
    try Fuzz.run(samples.map { Array($0.utf8) }) { bytes in
      let value = try JSONParser.parse(bytes)
      let again = try JSONParser.parse(Array(value.text.utf8))
      #expect(again == value)
    }
  }

  @Test("provledger.yaml")
  func yaml() throws {
    let text = Configuration.template(
      origin: "example.test/ledger", url: "https://example.test/scim/v2", token: .environment("TOKEN"))
    try Fuzz.run([Array(text.utf8)], share: 20) { bytes in
      guard let text = String(validating: bytes, as: UTF8.self) else { return }
      _ = try Configuration(yaml: text, file: "provledger.yaml")
    }
  }

  private static var handover: HandoverPlan {
    var plan = HandoverPlan(
      id: "id", origin: "example.test/ledger", made: Timestamp(milliseconds: 1_767_312_000_000), size: 40,
      from: DirectorySourceID("files"), to: DirectorySourceID("partners"), match: .userName)
    plan.entries = [HandoverPlan.Entry(alias: "a", name: "p1", decision: 17, double: "c")]
    plan.left = [Untouched(alias: "b", name: nil, reason: .ambiguous)]
    return plan
  }

  @Test("a plan")
  func plan() throws {
    let account = DesiredAccount(userName: "p1@corp.example", displayName: "Person 1", active: true)
    var plan = RestorePlan(
      id: "id", origin: "example.test/ledger", asOf: Timestamp(milliseconds: 1_767_312_000_000),
      made: Timestamp(milliseconds: 1_767_312_000_000), size: 40)
    plan.entries = [
      RestorePlan.Entry(alias: "a", name: "p1", decision: 17, past: 3, now: nil, restored: account)
    ]
    plan.untouched = [Untouched(alias: "b", name: nil, reason: .created)]
    try Fuzz.run([Array(Plan.restore(plan).text.utf8), Array(Plan.handover(Self.handover).text.utf8)]) { bytes in
      let read = try Plan(bytes, named: "plan.json")
      #expect(try Plan(Array(read.text.utf8), named: "plan.json") == read)
    }
  }
}
