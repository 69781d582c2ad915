import Foundation
import Glibc
import JSON
import Provisioning
import TeamViewerModel
import Testing

@testable import Simulators
@testable import provledger

/// A ledger on which every verb of `VerbCase` can succeed.
struct ConditionStage {
  let stage: Stage
  private let simulator: TeamViewerSimulator
  private let safeguard: String
  private let sizes: String

  /// People who are delivered, one who left, a safeguard that waits, a plan, a backup, two checkpoints.
  init(_ stage: Stage, _ simulator: TeamViewerSimulator) async throws {
    self.stage = stage
    self.simulator = simulator
    try stage.configure("anchorFiles: []", "anchorFiles: [\(stage.folder)/anchors]")
    let everybody = Export(count: 12).csv
    try await stage.expect(0, "import", try stage.write("all.csv", everybody))
    try await Self.refuse(stage)
    try await stage.expect(0, "deliver", "--until-idle")
    try await stage.expect(0, "import", try stage.write("most.csv", Export(count: 11).csv))
    try await stage.expect(0, "deliver", "--until-idle")
    try await stage.expect(1, "import", try stage.write("few.csv", Export(count: 2).csv))
    try await stage.expect(0, "source", "handover", "directory", "partners", "-o", "\(stage.folder)/plan.json")
    try await stage.expect(0, "log", "checkpoint")
    let list = try await stage.expect(0, "safeguard", "list", "--json").lines
    safeguard = try JSONParser.parse(Array(try #require(list.first).utf8))["id"]?.string ?? ""
    let checkpoints = try await stage.expect(0, "log", "checkpoint", "--list", "--json").lines
    sizes = try checkpoints.prefix(2).map { try JSONParser.parse(Array($0.utf8))["size"]?.string ?? "" }
      .joined(separator: " ")
    try await stage.expect(0, "backup", "create", "\(stage.folder)/backup")
    try stage.write("scope.yaml", "filters: []\n")
    try stage.write("schema.json", SchemaExport(Mapping(), ScopePolicy()).json.text)
    try stage.write("decisions.csv", "user,decision,rationale\nuser1@contoso.example,,\n")
    try stage.write("new.key", String(repeating: "0f", count: 32) + "\n")
    try #require(chmod("\(stage.folder)/new.key", 0o600) == 0)
    try FileManager.default.copyItem(atPath: stage.ledgerFolder, toPath: "\(stage.folder)/base")
  }

  /// Runs a body with a ledger whose TeamViewer and Entra ID answer.
  static func serving(_ body: @escaping @Sendable (ConditionStage) async throws -> Void) async throws {
    try await TenantStub.serving(Export(count: 12).people) { _, address in
      try await Stage.serving { stage, simulator in
        try stage.connect(to: address)
        try await body(ConditionStage(stage, simulator))
      }
    }
  }

  /// Leaves a copy of the ledger in quarantine, where everything is pending.
  private static func refuse(_ stage: Stage) async throws {
    try stage.setToken("tk-wrong")
    try await stage.expect(77, "deliver", "--until-idle")
    try FileManager.default.copyItem(atPath: stage.ledgerFolder, toPath: "\(stage.folder)/refused")
    try stage.setToken(Stage.token)
  }

  /// How many requests TeamViewer got: who asks it is at work.
  var requests: Int { simulator.requests.count }

  /// Lets TeamViewer fail, or answer again.
  func fail(_ isFailing: Bool) {
    simulator.change {
      $0.plan.profile = isFailing ? FaultPlan.Profile(probability: 1, weights: [.error503: 1]) : .none
    }
  }

  var made: String { "\(stage.folder)/made" }

  /// The folder of a verb's ledger, made ready; nil when it needs none.
  func ledger(for verb: VerbCase) async throws -> String? {
    for folder in [made, "\(stage.folder)/copy"] { try? FileManager.default.removeItem(atPath: folder) }
    try? FileManager.default.removeItem(atPath: "\(stage.folder)/anchors")
    try FileManager.default.createDirectory(atPath: made, withIntermediateDirectories: true)
    switch verb.place {
    case .none: return nil
    case .original:
      try await prepare(stage.ledgerFolder, verb.before)
      return stage.ledgerFolder
    case .new: return "\(made)/ledger"
    case .copy: return try await copy("base", verb.before)
    case .quarantined: return try await copy("refused", verb.before)
    }
  }

  private func copy(_ name: String, _ before: [String]) async throws -> String {
    let folder = "\(stage.folder)/copy"
    try FileManager.default.copyItem(atPath: "\(stage.folder)/\(name)", toPath: folder)
    try await prepare(folder, before)
    return folder
  }

  private func prepare(_ folder: String, _ lines: [String]) async throws {
    for line in lines {
      let end = try await Program.run(
        words(line) + ["--ledger", folder], into: "\(stage.folder)/before", within: .seconds(30)
      ) { _ in }
      try #require(end.code == 0, "\(line): \(end.errors)")
    }
  }

  /// The arguments of a verb for a ledger.
  func arguments(_ verb: VerbCase, _ ledger: String?) -> [String] {
    words("\(verb.name) \(verb.arguments)") + (ledger.map { ["--ledger", $0] } ?? [])
  }

  private func words(_ line: String) -> [String] {
    line.replacing("{human}", with: Operator.identity.human).replacing("{sizes}", with: sizes).replacing(
      "{safeguard}", with: safeguard
    ).replacing("{made}", with: made)
      .replacing("{folder}", with: stage.folder).split(separator: " ").map(String.init)
  }
}
