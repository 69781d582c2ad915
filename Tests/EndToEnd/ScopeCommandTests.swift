@testable import Simulators
import TeamViewerModel
import Testing

@testable import provledger

@Suite("Scope and mapping over a real ledger", .timeLimit(.minutes(3))) struct ScopeCommandTests {
  private func configure(_ stage: Stage) throws {
    try stage.configure(
      "filters: []", "filters: [{name: Sales, clauses: [{attribute: department, operator: EQUALS, value: Sales}]}]")
    try stage.configure(
      "attributes: []",
      "attributes: [{target: displayName, expression: 'Append([displayName], \" (Sales)\")'}]")
  }

  private func csv(_ departments: [String?]) -> String {
    let rows = departments.enumerated().map { index, department in
      "id-\(index),user\(index)@contoso.example,User \(index),true,\(department ?? "")"
    }
    return (["id,userPrincipalName,displayName,accountEnabled,department"] + rows).joined(separator: "\n") + "\n"
  }

  @Test("Only who is in scope gets an account, with the mapped name; who leaves the scope is disabled; why says so")
  func life() async throws {
    try await Stage.serving { stage, simulator in
      try configure(stage)
      try await stage.expect(0, "import", try stage.write("one.csv", csv(["Sales", "IT", "Sales", nil])))
      try await stage.expect(0, "deliver", "--until-idle")
      func accounts() -> [String: Bool] {
        Dictionary(uniqueKeysWithValues: simulator.change { $0.model.users.map { ($0.email, $0.active) } })
      }
      #expect(accounts()["user0@contoso.example"] == true && accounts()["user1@contoso.example"] == nil)
      #expect(accounts()["user3@contoso.example"] == nil)
      #expect(simulator.change { $0.model.users.contains { $0.name == "User 0 (Sales)" } })
      try await stage.expect(0, "import", try stage.write("two.csv", csv(["IT", "IT", "Sales", nil])))
      try await stage.expect(0, "deliver", "--until-idle")
      #expect(accounts()["user0@contoso.example"] == false && accounts()["user2@contoso.example"] == true)
      let why = try await stage.expect(0, "why", "user0@contoso.example").output
      #expect(why.contains("the scoping filter does not let the person in"))
      #expect(why.contains("department from"))
    }
  }

  @Test("An export without an attribute that the rules read is refused, and nothing is appended") func unread()
    async throws
  {
    try await Stage.serving { stage, _ in
      try configure(stage)
      let export = try stage.write(
        "one.csv", "id,userPrincipalName,displayName,accountEnabled\nid-1,user1@contoso.example,User,true\n")
      let end = try await stage.expect(65, "import", export)
      #expect(end.errors.contains("PL-0136") && end.errors.contains("department"))
      #expect(try await stage.expect(0, "user", "list").lines.count <= 1)
    }
  }

  @Test("What was read once, and nobody has, is no reason to refuse a delta that says nothing of it") func silent()
    async throws
  {
    try await Stage.serving { stage, _ in
      try configure(stage)
      try await stage.expect(0, "import", try stage.write("one.csv", csv([nil, nil])))
      let link = "https://graph.microsoft.com/v1.0/users/delta?$deltatoken=one"
      let delta = #"{"@odata.deltaLink": "\#(link)", "value": []}"#
      try await stage.expect(0, "import", try stage.write("delta.json", delta))
    }
  }
}
