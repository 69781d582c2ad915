import Base
import Foundation
import JSON
import NetworkSupport
import Provisioning
import TeamViewerModel
import Testing

@testable import Simulators

/// Entra ID over HTTP, by real processes: `source test`, `cycle run`, `cycle list`.
@Suite("Cycles over a tenant, as commands", .timeLimit(.minutes(4)))
struct GraphCommandTests {
  private func serving(
    _ count: Int, _ body: @Sendable @escaping (Stage, TenantStub) async throws -> Void
  ) async throws {
    try await TenantStub.serving(Export(count: count).people) { tenant, address in
      try await Stage.serving { stage, _ in
        try stage.connect(to: address)
        try await body(stage, tenant)
      }
    }
  }

  /// Runs a cycle that must end with a code, and gives what it printed.
  private func cycle(_ stage: Stage, _ code: Int = 0, full: Bool = false) async throws -> JSONValue {
    let end = try await stage.run(["cycle", "run", "--json"] + (full ? ["--full"] : []))
    #expect(end.code == code, "\(end.errors)")
    #expect(!end.errors.contains(TenantStub.secret) && !end.errors.contains("graph-token"))
    return try JSONParser.parse(Array(try #require(end.lines.first).utf8))
  }

  @Test("everybody, then changes alone; people who left by the delta, and after its end by a full read")
  func life() async throws {
    let people = Export(count: 12).people
    try await serving(12) { stage, tenant in
      let first = try await cycle(stage)
      #expect(first["read"]?.integer == 12 && first["create"]?.integer == 12)
      try await stage.expect(0, "deliver", "--until-idle")
      #expect(try await cycle(stage)["read"]?.integer == 0)
      var renamed = people[0]
      renamed.name = "Ada Byron"
      tenant.put(renamed)
      tenant.remove(people[1].id)
      let second = try await cycle(stage)
      #expect(second["read"]?.integer == 2 && second["update"]?.integer == 1 && second["disable"]?.integer == 1)
      tenant.remove(people[2].id, isListed: false)
      tenant.expire()
      let end = try await stage.run(["cycle", "run", "--json"])
      #expect(end.code == 0 && end.errors.contains("everybody is read"), "\(end.errors)")
      let third = try JSONParser.parse(Array(try #require(end.lines.first).utf8))
      #expect(third["read"]?.integer == 10 && third["disable"]?.integer == 1)
      #expect(try await cycle(stage)["read"]?.integer == 0)
      #expect(try await cycle(stage, full: true)["read"]?.integer == 10)
      let list = try await stage.expect(0, "cycle", "list", "--json").lines.map { try JSONParser.parse(Array($0.utf8)) }
      #expect(list.map { $0["source"]?.string } == ["snapshot", "delta", "snapshot", "delta", "delta", "snapshot"])
      #expect(list.allSatisfy { $0["state"]?.string == "finished" && $0["directory"]?.string == "directory" })
    }
  }

  @Test("after an import, and under another configuration, everybody is read")
  func readsEverybody() async throws {
    let people = Export(count: 6).people
    try await serving(6) { stage, tenant in
      _ = try await cycle(stage)
      try await stage.expect(0, "import", try stage.write("all.csv", Export(people).csv))
      #expect(try await cycle(stage)["read"]?.integer == 6)
      #expect(try await cycle(stage)["read"]?.integer == 0)
      try stage.configure("select: []", "select: [department]")
      #expect(try await cycle(stage)["read"]?.integer == 6)
    }
  }

  @Test("a mass leave trips the safeguard, and a cut read appends nothing")
  func safe() async throws {
    let people = Export(count: 12).people
    try await serving(12) { stage, tenant in
      _ = try await cycle(stage)
      try await stage.expect(0, "deliver", "--until-idle")
      let size = try stage.size()
      tenant.refuse("/v1.0/users/delta", with: .init(200, #"{"value":[]}"#))
      let cut = try await stage.expect(69, "cycle", "run", "--full")
      #expect(cut.errors.contains("PL-1215"))
      #expect(try stage.size() == size)
      tenant.refuse("/v1.0/users/delta", with: nil)
      for person in people.dropFirst(2) { tenant.remove(person.id) }
      #expect(try await cycle(stage, 1)["held"]?.integer == 10)
    }
  }

  @Test("source test: well, without consent, with a wrong secret, without a tenant")
  func test() async throws {
    try await serving(7) { stage, tenant in
      let size = try stage.size()
      let good = try await stage.expect(0, "source", "test", "--json")
      let answer = try JSONParser.parse(Array(good.output.utf8))
      #expect(answer["tenant"]?.string == "Contoso" && answer["users"]?.integer == 5)
      #expect(answer["keys"]?.array?.first?["end"]?.string == "2099-01-01T00:00:00.000Z")
      tenant.refuse(
        "/v1.0/users/delta", with: .init(403, #"{"error":{"code":"Authorization_RequestDenied","message":"x"}}"#))
      let denied = try await stage.expect(77, "source", "test")
      #expect(denied.errors.contains("PL-1209") && denied.errors.contains("User.Read.All"))
      try stage.write("graph.secret", "wrong\n")
      #expect(try await stage.expect(77, "cycle", "run").errors.contains("PL-1204"))
      try stage.configure("tenant: contoso", "tenant: \"\"")
      #expect(try await stage.expect(78, "source", "test").errors.contains("PL-1218"))
      #expect(try stage.size() == size)
    }
  }
}
