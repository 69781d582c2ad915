import Base
import EventLog
import Foundation
import GraphModel
import JSON
import Ledger
public import Logging
import Provisioning
import Simulators
import Synchronization
import TeamViewerModel
import Views

/// The whole of it in one go, without question and without network: Entra ID and TeamViewer, simulated on loopback, a company
/// of about a thousand people, the initial cycle, three more days with an outage and a killed process, and the proofs at the
/// end.
public struct DemoRun: Sendable {
  /// The seed of the company and of the faults.
  public var seed: UInt64
  /// How many people the company has on the first day.
  public var people: Int
  /// The folder that the ledger goes to; it must not exist or be empty.
  public var folder: String
  /// The executable that runs as `serve`.
  public var executable: String
  private let printer: DemoPrinter
  private let logger: Logger

  /// A demo.
  public init(
    seed: UInt64, people: Int, folder: String, executable: String, printer: DemoPrinter, logger: Logger
  ) {
    self.seed = seed
    self.people = people
    self.folder = folder
    self.executable = executable
    self.printer = printer
    self.logger = logger
  }

  private static let token = "demo-token-1234567"

  private var ledgerFolder: String { "\(folder)/ledger" }

  /// How it ended.
  public struct Ending: Sendable {
    /// What went wrong, each in a sentence; empty when all went well.
    public var problems: [String]
    /// The sign-in name of somebody whose story is worth reading.
    public var person: String?
  }

  /// Runs it. Throws a `Fault` when it cannot go on.
  public func run() async throws -> Ending {
    var model = TeamViewerService()
    let owner = model.addAccount("it.admin@contoso.example", name: "IT Administration", isAdministrator: true)
    model.settings.tokens = [TeamViewerService.Token(Self.token, owner: owner)]
    let life = CompanyLife(seed: seed, people: people)
    for (number, person) in life.company.people.filter({ $0.isEnabled && !$0.isGuest }).prefix(20).enumerated() {
      _ = model.addAccount(person.userPrincipalName, name: person.displayName, active: number % 4 != 0)
    }
    let target = SimulatedTeamViewer(model: model, plan: FaultPlan(seed: seed), latency: 2...15)
    return try await DemoDirectory.serving(life, seed: seed, logger: logger) { directory, tenant in
      try await TeamViewerSimulator.serving(target, logger: logger) { simulator, port in
        let scene = DemoScene(directory: directory, simulator: simulator, owner: owner)
        return try await self.live(scene, tenant: tenant, target: "http://127.0.0.1:\(port)/scim/v2")
      }
    }
  }

  private func live(_ scene: DemoScene, tenant: String, target: String) async throws -> Ending {
    let preloaded = scene.simulator.teamViewer.model.users.count
    let ledger = try start(tenant, target, preloaded)
    let service = DemoService(executable: executable, ledger: ledgerFolder)
    let watch = DemoWatch(ledger: ledger, printer: printer)

    printer.step(2, "Monday: `serve` signs in to Entra ID, and its first cycle reads everybody.")
    printer.line("Here a minute of its schedule takes two seconds; in earnest a cycle begins every 40.")
    let person = Mutex<String?>(nil)
    try await service.run(.ordered) {
      try await watch.ready()
      try await watch.settled(after: 0)
      try tell(watch.newest(), scene)
      printer.why("Nobody got a second account, and those that were there were taken over.")
      printer.step(3, "Tuesday and Wednesday: people join, move, leave and come back.")
      for name in ["Tuesday", "Wednesday"] {
        let before = try ledger.log.lastPosition()
        let steps = scene.directory.nextDay { !$0.isEmpty }
        person.withLock { $0 = steps.changed ?? $0 }
        printer.line("\(name): \(steps.summary).")
        try await watch.settled(after: before)
        try tell(watch.newest(after: before))
      }
      printer.why("Only what changed is read and work, and a leaver goes before everybody else.")
    }

    printer.step(4, "The outage: TeamViewer fails, and `serve` is killed in the midst of it.")
    try await fail(scene, service, watch)
    confirm(scene.simulator)
    printer.why("What is in doubt is read, never guessed: nothing is lost or done twice.")

    printer.step(5, "The proofs: nothing of this has to be believed.")
    let problems = try prove(ledger, scene, preloaded: preloaded)
    printer.why("The log is the record, and anybody can recompute it.")
    try ledger.close()
    return Ending(problems: problems, person: person.withLock { $0 } ?? scene.directory.tenant.someName)
  }

  private func start(_ tenant: String, _ url: String, _ preloaded: Int) throws -> OpenLedger {
    printer.step(1, "Before: Entra ID and TeamViewer are simulated on this machine, and a ledger is made.")
    try prepare(tenant: tenant, url: url)
    let ledger = try OpenLedger(folder: ledgerFolder, logger: logger)
    printer.line("Entra ID     \(tenant)/v1.0, with \(people.people)")
    printer.line("TeamViewer   \(url), with \(preloaded.of("account")) already")
    printer.line("the ledger   \(ledgerFolder)")
    printer.why("As in earnest, TeamViewer is not empty on the first day.")
    return ledger
  }

  /// What a cycle came to.
  private func tell(_ cycle: CycleRow?, _ scene: DemoScene? = nil) {
    if let cycle {
      let decided = Decision.Action.allCases.compactMap { action in
        cycle.counts[action.rawValue]?.integer.map { "\($0) \(action.rawValue)" }
      }
      let read = (cycle.counts["read"]?.integer ?? 0).of("user")
      printer.line("\(read) read; decided: \(decided.isEmpty ? "nothing" : decided.joined(separator: ", ")).")
    }
    if let scene { printer.line(accounts(of: scene.simulator)) }
  }

  /// An outage of four seconds, then one answer in five that leaves in doubt; the process is killed in the midst of it, and
  /// another finds TeamViewer well.
  private func fail(_ scene: DemoScene, _ service: DemoService, _ watch: DemoWatch) async throws {
    let (ledger, simulator) = (watch.ledger, scene.simulator)
    let start = try ledger.log.lastPosition()
    let calls = Self.calls(simulator)
    printer.line("For four seconds it answers 503; then one call in five leaves it in doubt.")
    printer.line("Where no answer comes, the worker waits \(Self.firstByteTimeout) s here, and 30 s in earnest.")
    let steps = scene.directory.nextDay { !$0.isEmpty } + scene.directory.nextDay(until: \.hasNewcomer)
    printer.line("Meanwhile: \(steps.summary).")
    let now = SystemClock.now()
    let outage = FaultPlan.Outage(from: now, to: now + .seconds(4), fault: SimulatedFault(.error503))
    simulator.change { $0.plan.outages = [outage] }
    try await printer.telling({ "TeamViewer is away; the worker waits, and probes" }) {
      try await service.run(.killed) {
        try await watch.ready()
        try await watch.until {
          try isInTheMidst(simulator, of: Self.calls(simulator) - calls) || watch.isIdle(after: start)
        }
      }
    }
    try tellKill(try DemoOutage(ledger, after: start))
    let killed = try ledger.log.lastPosition()
    // Well again, so that what follows ends soon, whatever chance does.
    simulator.change { $0.plan.profile = .none }
    try await service.run(.ordered) {
      try await watch.ready()
      try await watch.until { try watch.isIdle(after: start) }
    }
    tellReturn(try DemoOutage(ledger, after: killed), simulator)
  }

  /// True when enough calls went through since the outage for a kill; a small company has few. The first few go well:
  /// chance must not make the outage longer than it is told.
  private func isInTheMidst(_ simulator: TeamViewerSimulator, of calls: Int) -> Bool {
    if calls >= 4 { simulator.change { $0.plan.profile = .doubtful(probability: 0.2) } }
    return calls >= min(32, people / 25 + 1)
  }

  private func tellKill(_ outage: DemoOutage) throws {
    printer.line("\(outage.failed.of("call")) went wrong: it waits, probes, and goes on when one is answered.")
    printer.line("Then kill -9. Did \(outage.open.of("write")) take effect? Nobody knows.")
  }

  private func tellReturn(_ outage: DemoOutage, _ simulator: TeamViewerSimulator) {
    printer.line("TeamViewer is well again. A new worker reads those accounts back first.")
    let found = outage.readBack.of("write that had", "writes that had")
    printer.line("It finds \(found) taken effect unseen, and sends the rest.")
    printer.line(accounts(of: simulator))
  }

  private static func calls(_ simulator: TeamViewerSimulator) -> Int {
    simulator.teamViewer.model.counters.values.reduce(0, +)
  }

  private func confirm(_ simulator: TeamViewerSimulator) {
    let confirmed = simulator.change { teamViewer in
      teamViewer.model.users.filter { $0.pendingEmail != nil }.filter { user in
        teamViewer.model.confirmEmail(user.id, now: SystemClock.now())
      }.count
    }
    if confirmed > 0 { printer.line("\(confirmed.people) confirmed a new address, as TeamViewer's mail asks them to.") }
  }

  private func prepare(tenant: String, url: String) throws {
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      for (path, text) in [(tokenFile, Self.token), (secretFile, DemoDirectory.secret)] {
        try Data("\(text)\n".utf8).write(to: URL(fileURLWithPath: path))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
      }
    } catch {
      throw Fault(.ledgerCannotCreate, "\(folder) cannot be made; name another folder with --folder.")
    }
    try OpenLedger.create(
      folder: ledgerFolder, url: url, token: .file(tokenFile), origin: "provledger.local/demo", logger: logger)
    try configure(tenant)
  }

  /// For how many seconds the worker waits for an answer that never comes: in earnest 30, each of which somebody who looks
  /// on would wait too.
  private static let firstByteTimeout = 1

  /// Names the tenant and shortens the waits, in the configuration, as an operator does.
  private func configure(_ tenant: String) throws {
    let path = "\(ledgerFolder)/provledger.yaml"
    do {
      var text = String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
      // As YAML's single-quoted form, in which a quote stands twice.
      let secret = "'\(secretFile.replacing("'", with: "''"))'"
      for (piece, other) in [
        ("firstByteTimeout: 30\n", "firstByteTimeout: \(Self.firstByteTimeout)\n"),
        ("everyMinutes: 40", "everyMinutes: 1"),
        ("tenant: \"\"", "tenant: \(DemoDirectory.tenant)"), ("client: \"\"", "client: \(DemoDirectory.client)"),
        ("secret:\n      environment: \"\"\n      file: \"\"", "secret:\n      file: \(secret)"),
        ("https://login.microsoftonline.com", tenant), ("https://graph.microsoft.com", tenant),
      ] {
        text = text.replacing(piece, with: other, maxReplacements: 1)
      }
      try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    } catch {
      throw Fault(.outputUnwritable, "\(path) cannot be written.")
    }
  }

  private var tokenFile: String { "\(folder)/teamviewer.token" }
  private var secretFile: String { "\(folder)/graph.secret" }

  private func accounts(of simulator: TeamViewerSimulator) -> String {
    let model = simulator.teamViewer.model
    let active = model.users.count(where: \.active)
    return "TeamViewer has \(model.users.count.of("account")), \(active) active, each created once."
  }

  private func prove(
    _ ledger: OpenLedger, _ scene: DemoScene, preloaded: Int
  ) throws -> [String] {
    var problems: [String] = []
    let comparison = DemoComparison(
      scene.directory.tenant, scene.simulator.teamViewer.model, others: Set([scene.owner].compactMap { $0 }),
      preloaded: preloaded)
    let differ = comparison.differences.count
    printer.line(
      "accounts     \(comparison.compared) compared with the directory, \(differ == 0 ? "none" : "\(differ)") differ")
    problems += comparison.differences
    let verification = try ledger.log.verify()
    let root = verification.root?.description.prefix(16) ?? "-"
    printer.line(
      "the log      \(verification.size.of("event")), \(verification.isSound ? "sound" : "NOT SOUND"), root \(root)…")
    problems += verification.findings.map(\.description)
    let views = try ledger.views.rebuild()
    printer.line("the views    rebuilt from the log: \(views.isEqual ? "equal to the live ones" : "DIFFERENT")")
    problems += views.differing.map { "the view \($0) differed from its rebuild" }
    return problems
  }
}

/// Both other sides.
struct DemoScene: Sendable {
  var directory: DemoDirectory
  var simulator: TeamViewerSimulator
  /// The TeamViewer id of the token's owner.
  var owner: String?
}
