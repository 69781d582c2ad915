import Base
import JSON
import TeamViewerModel
import Testing

@testable import Simulators

/// `cycle restart`, and what the next cycle and the next worker make of each word that it takes.
@Suite("Cycles begin anew, as a command", .timeLimit(.minutes(4)))
struct RestartCommandTests {
  private func serving(
    _ prepare: @escaping @Sendable (inout TeamViewerService) -> Void = { _ in },
    _ body: @Sendable @escaping (Stage, TeamViewerSimulator) async throws -> Void
  ) async throws {
    try await TenantStub.serving(Export(count: 6).people) { _, address in
      try await Stage.serving(prepare: prepare) { stage, target in
        try stage.connect(to: address)
        try await stage.expect(0, "cycle", "run")
        try await body(stage, target)
      }
    }
  }

  private func restart(_ stage: Stage, _ words: String, _ more: String...) async throws -> JSONValue {
    let end = try await stage.run(["cycle", "restart", "--json", "--clear", words] + more)
    #expect(end.code == 0, "\(end.errors)")
    return try JSONParser.parse(Array(end.output.utf8))
  }

  /// How many people the next cycle reads.
  private func read(_ stage: Stage) async throws -> Int? {
    let end = try await stage.expect(0, "cycle", "run", "--json")
    return try JSONParser.parse(Array(try #require(end.lines.first).utf8))["read"]?.integer
  }

  @Test("ConnectorDataStore: every account is found again by its address, and none is made twice; it asks first")
  func connectorDataStore() async throws {
    try await serving { stage, target in
      try await stage.expect(0, "deliver", "--until-idle")
      let before = target.model.users.map(\.id)
      // Nobody is there to answer.
      let asked = try await stage.run(["cycle", "restart", "--clear", "ConnectorDataStore"])
      #expect(asked.code != 0 && asked.errors.contains("--yes"), "\(asked.errors)")
      let text = try await stage.expect(0, "cycle", "restart", "--clear", "connectordatastore", "--yes")
      #expect(text.output.contains("6 accounts to be matched anew by the worker"))
      #expect(try await stage.expect(0, "why", "user1@contoso.example").output.contains("matched anew"))
      // How far the directory was read is kept.
      #expect(try await read(stage) == 0)
      try await stage.expect(0, "deliver", "--until-idle")
      #expect(target.model.users.map(\.id) == before && target.model.creates.values.allSatisfy { $0 == 1 })
      let status = try await stage.expect(0, "status", "--json")
      #expect(try JSONParser.parse(Array(status.output.utf8))["people"]?["active"]?.integer == 6)
    }
  }

  @Test("Watermark: everybody is read; Full is all four words")
  func watermark() async throws {
    try await serving { stage, target in
      #expect(try await read(stage) == 0)
      #expect(try await restart(stage, "Watermark")["cleared"] == ["Watermark"])
      #expect(try await read(stage) == 6)
      #expect(try await read(stage) == 0)
      try await stage.expect(0, "deliver", "--until-idle")
      let full = try await restart(stage, "Full", "--yes")
      #expect(full["cleared"]?.array?.count == 4 && full["unlinked"]?.integer == 6)
      #expect(try await read(stage) == 6)
      try await stage.expect(0, "deliver", "--until-idle")
      #expect(target.model.creates.values.allSatisfy { $0 == 1 })
    }
  }

  @Test("Escrows: who is parked is tried again; without the word nobody is")
  func escrows() async throws {
    try await serving({ $0.settings.foreignAccounts = ["user2@contoso.example"] }) { stage, target in
      try await stage.expect(0, "deliver", "--until-idle")
      let attempts = target.model.createAttempts["user2@contoso.example"] ?? 0
      #expect(try await restart(stage, "Watermark,QuarantineState")["retried"]?.integer == 0)
      try await stage.expect(0, "deliver", "--until-idle")
      #expect(target.model.createAttempts["user2@contoso.example"] == attempts)
      #expect(try await restart(stage, "Escrows")["retried"]?.integer == 1)
      try await stage.expect(0, "deliver", "--until-idle")
      #expect(target.model.createAttempts["user2@contoso.example"] ?? 0 > attempts)
    }
  }

  @Test("QuarantineState: the quarantine ends; without one nothing does")
  func quarantine() async throws {
    try await serving { stage, _ in
      try stage.setToken("tk-wrong")
      try await stage.expect(77, "deliver", "--until-idle")
      #expect(try await restart(stage, "Escrows")["released"] == false)
      #expect(try await restart(stage, "QuarantineState")["released"] == true)
      #expect(try await stage.expect(0, "quarantine", "show").output == "there is no quarantine\n")
      #expect(try await restart(stage, "QuarantineState")["released"] == false)
    }
  }

  @Test("a word that is none is refused with those that are, and ForceDeletes with its equal here")
  func words() async throws {
    let stage = try Stage()
    try await stage.initialize(target: "http://127.0.0.1:1/scim/v2")
    let wrong = try await stage.expect(64, "cycle", "restart", "--clear", "Everything")
    #expect(wrong.errors.contains("Watermark, Escrows, QuarantineState, ConnectorDataStore, Full"))
    #expect(
      try await stage.expect(64, "cycle", "restart", "--clear", "ForceDeletes").errors.contains("safeguard approve"))
    try await stage.expect(64, "cycle", "restart", "--clear", ",")
  }
}
