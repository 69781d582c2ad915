import Base
import EventLog
import Foundation
import JSON
import Ledger
import Provisioning
import SCIM
import Subprocess
import TeamViewerModel
import Testing

@testable import Simulators

/// TeamViewer changed behind our back, and the comparison that tells.
@Suite(.timeLimit(.minutes(3)))
struct ReconcileCommandTests {
  private static let stranger = "zz.stranger@marker.example"

  /// Ten people are delivered, one of them has left; then somebody uses TeamViewer's console.
  private func drifted(_ stage: Stage, _ simulator: TeamViewerSimulator) async throws {
    var export = Export(count: 10)
    try await stage.expect(0, "import", try stage.write("users.csv", export.csv))
    try await stage.expect(0, "deliver", "--until-idle")
    export.people[4].isEnabled = false
    try await stage.expect(0, "import", try stage.write("left.csv", export.csv))
    try await stage.expect(0, "deliver", "--until-idle")
    console(simulator)
  }

  private func console(_ simulator: TeamViewerSimulator) {
    let ids = (1...5).map { simulator.accounts["user\($0)@contoso.example"]?.id ?? "" }
    let now = SystemClock.now()
    simulator.change { teamViewer in
      teamViewer.model.removeFromCompany(ids[0])
      _ = teamViewer.model.edit(ids[1], now: now) { $0.active = false }
      _ = teamViewer.model.edit(ids[2], now: now) { $0.name = "Changed By Hand" }
      _ = teamViewer.model.edit(ids[3], now: now) { $0.email = "other@contoso.example" }
      _ = teamViewer.model.edit(ids[4], now: now) { $0.active = true }
      teamViewer.model.addAccount(Self.stranger, name: "Zz Stranger")
    }
  }

  private static let kinds = [
    "user1@contoso.example": "missing", "user2@contoso.example": "disabled", "user3@contoso.example": "changed",
    "user4@contoso.example": "changed", "user5@contoso.example": "extra",
  ]

  private func kinds(_ report: JSONValue) -> [String: String] {
    var kinds: [String: String] = [:]
    for drift in report["drift"]?.array ?? [] {
      kinds[drift["userPrincipalName"]?.string ?? ""] = drift["kind"]?.string
    }
    return kinds
  }

  private func report(_ end: Program.End) throws -> JSONValue { try JSONParser.parse(Array(end.output.utf8)) }

  /// True when the log's bytes hold a text.
  private func isRecorded(_ text: String, _ stage: Stage) throws -> Bool {
    for name in ["ledger.sqlite", "ledger.sqlite-wal", "views.sqlite", "views.sqlite-wal"] {
      guard let bytes = FileManager.default.contents(atPath: "\(stage.ledgerFolder)/\(name)") else { continue }
      if bytes.range(of: Data(text.utf8)) != nil { return true }
    }
    return false
  }

  @Test(
    "Without a worker: each difference is told by reads alone; deliver brings back what is to be repaired")
  func alone() async throws {
    try await Stage.serving { stage, simulator in
      try await drifted(stage, simulator)
      let before = simulator.requests.count
      let told = try await stage.expect(1, "target", "reconcile", "--json")
      let first = try report(told)
      #expect(kinds(first) == Self.kinds && first["repairs"] == 0 && first["withheld"] == false)
      let unmanaged = first["unmanagedAccounts"]?.array?.compactMap { $0["userName"]?.string } ?? []
      #expect(unmanaged.contains(Self.stranger) && unmanaged.count == first["unmanaged"]?.integer)
      #expect(simulator.requests.dropFirst(before).allSatisfy { $0.method == "GET" })
      let size = try stage.size()
      #expect(kinds(try report(try await stage.expect(1, "target", "reconcile", "--json"))) == Self.kinds)
      let added = try stage.events().filter { $0.recorded.position > size }.map(\.recorded.type)
      #expect(!added.contains(DriftDetected.type) && added.contains(ReconcileFinished.type))
      let text = try await stage.expect(1, "target", "reconcile")
      #expect(text.output.contains("Changed By Hand") && text.output.contains(Self.stranger))

      try await stage.expect(0, "deliver", "--until-idle")
      #expect(simulator.requests.dropFirst(before).allSatisfy { $0.method == "GET" })
      let repair = try await stage.expect(1, "target", "reconcile", "--repair")
      #expect(repair.errors.contains("`provledger deliver` brings 5 accounts back"))
      #expect(repair.output.contains("  to be brought back") && !repair.output.contains("  brought back"))
      #expect(repair.errors.contains("5 differences that the log did not have so"))
      try await stage.expect(0, "deliver", "--until-idle")
      let inactive = simulator.accounts.filter { !$0.value.active }.map(\.key)
      #expect(inactive == ["user5@contoso.example"])
      #expect(simulator.accounts["user3@contoso.example"]?.name == "User Number 3")
      // Who left the company with the account keeps the address, so that none can be made with it.
      let parked = try await stage.expect(0, "user", "list", "--status", "parked")
      #expect(parked.lines.count == 2 && parked.output.contains("user1@contoso.example"))
      let last = try report(try await stage.expect(0, "target", "reconcile", "--json"))
      #expect(kinds(last).isEmpty)
      #expect(try await stage.expect(0, "why", "user2@contoso.example").output.contains("comparison"))

      // Who is not ours was never recorded, in no form that a search finds and in no sealed one.
      #expect(try !isRecorded(Self.stranger, stage) && !isRecorded("Zz Stranger", stage))
      for (_, event) in try stage.events() { #expect(!"\(event)".contains("marker.example")) }
      try await stage.expect(0, "verify")
      try await stage.expect(0, "views", "check")
    }
  }

  @Test("With a running worker: it is asked, answers, and brings back what is to be repaired")
  func worker() async throws {
    try await Stage.serving { stage, simulator in
      try await drifted(stage, simulator)
      let ledger = try stage.open()
      let end = try await stage.run("deliver") { worker in
        try await eventually("it works") { ledger.lockHolder(of: .worker)?.process == Int32(worker.id) }
        let asked = try await stage.expect(1, "target", "reconcile", "--json")
        #expect(asked.errors.contains("the worker (process \(worker.id)) is asked to compare"))
        let first = try report(asked)
        #expect(kinds(first) == Self.kinds)
        let unmanaged = first["unmanagedAccounts"]?.array?.compactMap { $0["userName"]?.string } ?? []
        #expect(unmanaged.contains(Self.stranger))

        let repair = try await stage.expect(1, "target", "reconcile", "--repair", "--json")
        #expect(kinds(try report(repair)) == Self.kinds)
        try await eventually("all is back") {
          simulator.accounts["user2@contoso.example"]?.active == true
            && simulator.accounts["user3@contoso.example"]?.name == "User Number 3"
            && simulator.accounts["user5@contoso.example"]?.active == false
        }
        try worker.send(.terminate)
      }
      #expect(end.code == 0, "\(end.errors)")
      try ledger.close()
      #expect(try !isRecorded(Self.stranger, stage))
      for (_, event) in try stage.events() { #expect(!"\(event)".contains("marker.example")) }
      try await stage.expect(0, "verify")
    }
  }

  @Test("A read that lacks most accounts is taken for wrong; in quarantine and under a pause nothing is compared")
  func withheld() async throws {
    try await Stage.serving { stage, simulator in
      try await stage.expect(0, "import", try stage.write("users.csv", Export(count: 20).csv))
      try await stage.expect(0, "deliver", "--until-idle")
      let ids = simulator.accounts.values.map(\.id)
      simulator.change { teamViewer in
        for id in ids { teamViewer.model.removeFromCompany(id) }
      }
      let told = try await stage.expect(1, "target", "reconcile", "--repair")
      #expect(told.errors.contains("So many accounts are missing"))
      #expect(try !stage.has(DriftDetected.type))
      try await stage.expect(0, "delivery", "pause", "--reason", "test")
      #expect(try await stage.expect(75, "target", "reconcile").errors.hasPrefix("PL-0821: "))
    }
  }
}
