import Base
import EventLog
import Foundation
import JSON
import Provisioning
import SCIM
import TeamViewerModel
import Testing

@testable import Simulators

/// The way back after a wrong mass disable that was approved by mistake.
@Suite(.timeLimit(.minutes(10)))
struct RestoreCommandTests {
  /// How many are disabled wrongly; as many others stay. `PROVLEDGER_RESTORE` sets another number.
  private static let lost = ProcessInfo.processInfo.environment["PROVLEDGER_RESTORE"].flatMap { Int($0) } ?? 60

  private struct Disaster {
    var whole: Export
    var bad: String
    var lost: Set<String>
    var moment: String
  }

  /// A bad import, approved by mistake and delivered.
  private func disaster(_ stage: Stage, _ simulator: TeamViewerSimulator) async throws -> Disaster {
    let whole = Export(count: 2 * Self.lost)
    try await stage.expect(0, "import", try stage.write("whole.csv", whole.csv))
    let delivered = try await stage.run(["deliver", "--until-idle"], within: .seconds(500))
    #expect(delivered.code == 0)
    let moment = try #require(try stage.events().last?.recorded.time.description)
    let bad = try stage.write("bad.csv", Export(Array(whole.people.prefix(Self.lost))).csv)
    let imported = try await stage.expect(1, "import", bad, "--json")
    let id = try #require(try JSONParser.parse(Array(imported.output.utf8))["safeguard"]?.string)
    try await stage.expect(0, "safeguard", "approve", id, "--yes")
    #expect(try await stage.run(["deliver", "--until-idle"], within: .seconds(500)).code == 0)
    let lost = Set(whole.people.dropFirst(Self.lost).map(\.address))
    #expect(Set(simulator.accounts.filter { !$0.value.active }.map(\.key)) == lost)
    return Disaster(whole: whole, bad: bad, lost: lost, moment: moment)
  }

  @Test("Exactly those who were wrongly disabled are active again, and no call goes to anybody else's account")
  func undo() async throws {
    try await Stage.serving { stage, simulator in
      let disaster = try await disaster(stage, simulator)
      let plan = "\(stage.folder)/plan.json"
      let clock = ContinuousClock()
      var times: [Duration] = []
      func timed(_ body: () async throws -> Void) async throws {
        times.append(try await clock.measure(body))
      }
      try await timed {
        let planned = try await stage.expect(0, "target", "restore", "--as-of", disaster.moment, "-o", plan)
        #expect(planned.output.contains("enable: \(Self.lost) ("))
      }
      let attributes = try FileManager.default.attributesOfItem(atPath: plan)
      #expect((attributes[.posixPermissions] as? Int) == 0o600)
      let size = try stage.size()
      try await stage.expect(73, "target", "restore", "--as-of", disaster.moment, "-o", plan)
      try await stage.expect(0, "target", "restore", "--as-of", disaster.moment, "-o", plan, "--force")
      // That a plan names people is recorded, once for each.
      #expect(try stage.size() == size + 2)

      let before = simulator.requests.last?.number ?? 0
      try await timed {
        let applied = try await stage.expect(0, "apply", plan, "--json")
        let json = try JSONParser.parse(Array(applied.output.utf8))
        #expect(json["enable"]?.integer == Self.lost && json["held"] == 0 && json["safeguard"] == .null)
      }
      #expect(try stage.size() == size + 2 + Int64(Self.lost))
      let again = try await stage.expect(1, "apply", plan)
      #expect(again.errors.hasPrefix("PL-0917: ") && again.errors.contains("already applied"))
      #expect(try stage.size() == size + 2 + Int64(Self.lost))
      try await timed {
        let delivered = try await stage.run(["deliver", "--until-idle"], within: .seconds(500))
        #expect(delivered.code == 0)
      }
      if Self.lost > 60 { print("restore of \(Self.lost): plan, apply, deliver took \(times)") }

      let accounts = simulator.accounts
      #expect(accounts.count == 2 * Self.lost && accounts.values.allSatisfy { $0.active })
      let restored = Set(disaster.lost.compactMap { accounts[$0]?.id })
      let calls = simulator.requests.filter { $0.number > before }
      let single = calls.filter { $0.path.contains("/Users/") }
        .map { String($0.path.split(separator: "/").last ?? "") }
      #expect(Set(single) == restored && single.count == restored.count)
      #expect(calls.allSatisfy { ["GET", "PATCH"].contains($0.method) })

      // The same bad export changes nothing; a later true change is decided as usual.
      let last = try stage.size()
      try await stage.expect(0, "import", disaster.bad)
      let added = try stage.events().filter { $0.recorded.position > last }.map(\.recorded.type)
      #expect(added == [CycleStarted.type, CycleFinished.type])
      try await stage.expect(0, "deliver", "--until-idle")
      #expect(simulator.accounts.values.allSatisfy { $0.active })
      var later = Export(Array(disaster.whole.people.prefix(Self.lost + 1)))
      later.people[Self.lost].isEnabled = false
      try await stage.expect(0, "import", try stage.write("later.csv", later.csv))
      try await stage.expect(0, "deliver", "--until-idle")
      let inactive = simulator.accounts.filter { !$0.value.active }.map(\.key)
      #expect(inactive == [later.people[Self.lost].address])
      let story = try await stage.expect(0, "why", later.people[Self.lost].address)
      #expect(story.output.contains("an operator applied a plan that restores an earlier state"))
      try await stage.expect(0, "verify")
      try await stage.expect(0, "views", "check")
    }
  }

  @Test("One newer decision refuses the plan whole; a plan of another log and a damaged one are refused, too")
  func refused() async throws {
    try await Stage.serving { stage, simulator in
      let disaster = try await disaster(stage, simulator)
      let plan = "\(stage.folder)/plan.json"
      try await stage.expect(0, "target", "restore", "--as-of", disaster.moment, "-o", plan)
      let text = try String(contentsOfFile: plan, encoding: .utf8)
      let foreign = try stage.write("foreign.json", text.replacing("\"origin\":\"", with: "\"origin\":\"x"))
      #expect(try await stage.expect(65, "apply", foreign).errors.hasPrefix("PL-0911: "))
      let damaged = try stage.write("damaged.json", String(text.dropLast(40)))
      #expect(try await stage.expect(65, "apply", damaged).errors.hasPrefix("PL-0910: "))
      #expect(try await stage.expect(65, "apply", "\(stage.folder)/nothing").errors.hasPrefix("PL-0910: "))
      let early = try await stage.expect(
        64, "target", "restore", "--as-of", "2001-01-01T00:00Z", "-o", "\(stage.folder)/early.json")
      #expect(early.errors.hasPrefix("PL-0914: "))

      var later = Export(Array(disaster.whole.people.prefix(Self.lost + 1)))
      later.people[Self.lost].name = "Another Name"
      try await stage.expect(0, "import", try stage.write("later.csv", later.csv))
      let size = try stage.size()
      let refused = try await stage.expect(1, "apply", plan)
      #expect(refused.errors.hasPrefix("PL-0912: ") && refused.errors.contains(later.people[Self.lost].address))
      #expect(try stage.size() == size)
    }
  }

  @Test("A plan that would disable too many holds them, and the approval disables exactly them")
  func safeguard() async throws {
    try await Stage.serving { stage, simulator in
      let disaster = try await disaster(stage, simulator)
      let moment = try #require(try stage.events().last?.recorded.time.description)
      try await stage.expect(0, "import", "\(stage.folder)/whole.csv")
      try await stage.expect(0, "deliver", "--until-idle")
      #expect(simulator.accounts.values.allSatisfy { $0.active })
      let plan = "\(stage.folder)/plan.json"
      try await stage.expect(0, "target", "restore", "--as-of", moment, "-o", plan)
      let applied = try await stage.expect(1, "apply", plan, "--json")
      let json = try JSONParser.parse(Array(applied.output.utf8))
      #expect(json["held"]?.integer == Self.lost && json["disable"] == 0)
      try await stage.expect(0, "deliver", "--until-idle")
      #expect(simulator.accounts.values.allSatisfy { $0.active })
      try await stage.expect(0, "safeguard", "approve", try #require(json["safeguard"]?.string), "--yes")
      try await stage.expect(0, "deliver", "--until-idle")
      #expect(Set(simulator.accounts.filter { !$0.value.active }.map(\.key)) == disaster.lost)
    }
  }
}
