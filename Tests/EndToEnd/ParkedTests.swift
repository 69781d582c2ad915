import Base
import Provisioning
import Simulators
import Subprocess
import TeamViewerModel
import Testing

/// What TeamViewer refuses for one person goes into the report, and does not keep the others.
@Suite(.timeLimit(.minutes(3)))
struct ParkedTests {
  @Test("An address outside the company is parked, and the report says what to do")
  func foreign() async throws {
    try await Stage.serving(prepare: { $0.settings.foreignAccounts = ["user2@contoso.example"] }) { stage, simulator in
      try await stage.expect(0, "import", try stage.write("users.csv", Export(count: 3).csv))
      try await stage.expect(0, "deliver", "--until-idle")
      #expect(Set(simulator.accounts.keys) == ["user1@contoso.example", "user3@contoso.example"])
      let report = try await stage.expect(0, "report", "provisioning")
      let row = report.lines.first { $0.contains("user2@contoso.example") } ?? ""
      #expect(row.contains("parked") && row.contains("AddressOutsideCompany: "))
      #expect(row.contains("Ask the person to join the company with that account, or to free its address."))
      #expect(try await stage.expect(0, "why", "user2@contoso.example").output.contains("Parked: "))
      let attempts = simulator.model.createAttempts["user2@contoso.example"] ?? 0
      try await stage.expect(0, "deliver", "--until-idle")
      #expect(simulator.model.createAttempts["user2@contoso.example"] == attempts, "it waits for its time")
    }
  }

  @Test("A leaver with an administrator's account, and a token without that right: parked")
  func administrator() async throws {
    try await Stage.serving(prepare: { model in
      model.addAccount("user1@contoso.example", name: "User Number 1", isAdministrator: true)
      model.settings.tokens[0].scopes.remove(.modifyAdministrators)
    }) { stage, simulator in
      let people = Export(count: 8).people
      try await stage.expect(0, "import", try stage.write("one.csv", Export(people).csv))
      try await stage.expect(0, "deliver", "--until-idle")
      try await stage.expect(0, "import", try stage.write("two.csv", Export(Array(people.dropFirst(2))).csv))
      try await stage.expect(0, "deliver", "--until-idle")
      #expect(simulator.accounts["user1@contoso.example"]?.active == true)
      #expect(simulator.accounts["user2@contoso.example"]?.active == false, "the others are not kept")
      let report = try await stage.expect(0, "report", "provisioning", "--status", "parked", "--format", "csv")
      #expect(report.lines.count == 2 && report.output.contains("InsufficientRights"))
    }
  }

  @Test("The token's owner leaves the directory: parked, never disabled")
  func owner() async throws {
    try await Stage.serving { stage, simulator in
      try await leave(stage)
      try await stage.expect(0, "deliver", "--until-idle")
      try await expectOwnerKept(stage, simulator)
    }
  }

  @Test("The token's owner is kept by a worker that began with a wrong token")
  func ownerAfterQuarantine() async throws {
    try await Stage.serving { stage, simulator in
      try await leave(stage)
      try stage.setToken("tk-wrong")
      let worker = try await stage.run("deliver") { worker in
        try await eventually("quarantine") { try stage.has("quarantine.entered") }
        try stage.setToken(Stage.token)
        try await stage.expect(0, "quarantine", "release")
        try await eventually("the owner is parked or disabled") {
          try stage.has("delivery.parked") || stage.has("account.verified")
        }
        try worker.send(.terminate)
      }
      #expect(worker.code == 0, "\(worker.errors)")
      try await expectOwnerKept(stage, simulator)
    }
  }

  @Test("The owner of a token that is put in place while a worker runs is kept from the first call on")
  func ownerAfterRotation() async throws {
    try await Stage.serving(prepare: { model in
      let owner = model.addAccount("user1@contoso.example", name: "User Number 1", isAdministrator: true)
      model.settings.tokens.append(TeamViewerService.Token("tk-other", owner: owner))
    }) { stage, simulator in
      let people = Export(count: 3).people
      try await stage.expect(0, "import", try stage.write("one.csv", Export(people).csv))
      let worker = try await stage.run("deliver") { worker in
        try await eventually("three accounts") { simulator.accounts.count == 3 }
        try stage.setToken("tk-other")
        try await stage.expect(0, "import", try stage.write("two.csv", Export(Array(people.dropFirst())).csv))
        try await eventually("the owner is parked or disabled") {
          try stage.has("delivery.parked") || simulator.accounts["user1@contoso.example"]?.active == false
        }
        try worker.send(.terminate)
      }
      #expect(worker.code == 0, "\(worker.errors)")
      #expect(simulator.accounts["user1@contoso.example"]?.active == true)
      let report = try await stage.expect(0, "report", "provisioning", "--status", "parked", "--format", "csv")
      #expect(report.lines.count == 2 && report.output.contains("ProtectedAccount"))
    }
  }

  /// The token's owner is provisioned, and then not in the directory any more.
  private func leave(_ stage: Stage) async throws {
    let people = Export(count: 2).people
    let owner = Export.Person(
      id: "00000000-0000-4000-8000-999999999999", address: Stage.owner, name: "Token Owner")
    try await stage.expect(0, "import", try stage.write("one.csv", Export(people + [owner]).csv))
    try await stage.expect(0, "deliver", "--until-idle")
    try await stage.expect(0, "import", try stage.write("two.csv", Export(people).csv))
  }

  private func expectOwnerKept(_ stage: Stage, _ simulator: TeamViewerSimulator) async throws {
    #expect(simulator.model.user(email: Stage.owner)?.active == true)
    let report = try await stage.expect(0, "report", "provisioning", "--status", "parked", "--format", "csv")
    #expect(report.lines.count == 2 && report.output.contains("ProtectedAccount"))
  }
}
