import Base
import EventLog
import Foundation
import GraphModel
import Ledger
public import Logging
import Operations
import Provisioning
import Simulators
import TeamViewerModel
import Views

/// The whole of it in one go, without question and without network: a simulated TeamViewer on loopback, a company of
/// about a thousand people, the initial cycle, two more days with an outage and a killed worker, and the proofs at the end.
public struct DemoRun: Sendable {
  /// The seed of the company and of the faults.
  public var seed: UInt64
  /// How many people the company has on the first day.
  public var people: Int
  /// The folder that the ledger and the exports go to; it must not exist or be empty.
  public var folder: String
  /// The executable that runs as worker.
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
  private static let actor = Actor.operator("demo")

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
    let company = Company(seed: seed, people: people)
    for (number, person) in company.people.filter({ $0.isEnabled && !$0.isGuest }).prefix(20).enumerated() {
      _ = model.addAccount(person.userPrincipalName, name: person.displayName, active: number % 4 != 0)
    }
    let target = SimulatedTeamViewer(model: model, plan: FaultPlan(seed: seed), latency: 2...15)
    return try await TeamViewerSimulator.serving(target, logger: logger) { simulator, port in
      try await self.live(company, simulator, port: port, owner: owner)
    }
  }

  private func live(
    _ first: Company, _ simulator: TeamViewerSimulator, port: Int, owner: String?
  ) async throws -> Ending {
    var company = first
    let preloaded = simulator.teamViewer.model.users.count
    let ledger = try start("http://127.0.0.1:\(port)/scim/v2", preloaded)
    let worker = DemoWorker(executable: executable, ledger: ledgerFolder)

    printer.step(2, "Monday: the first export is imported, and the worker starts.")
    try await importDay(company, 1, ledger)
    printer.line("An import decides, records why, and calls nobody; the worker carries it out.")
    try await deliver(worker, simulator)
    printer.line(accounts(of: simulator))
    printer.why("Nobody got a second account, and those that were there were taken over.")

    printer.step(3, "Tuesday and Wednesday: people join, move, leave and come back.")
    var person = company.people.first
    for (day, name) in [(2, "Tuesday"), (3, "Wednesday")] {
      let changes = company.nextDay()
      person = changes.renamed.last ?? person
      printer.line("\(name): \(Self.summary(changes)).")
      try await importDay(company, day, ledger)
    }
    printer.why("Only what changed is work, and a leaver goes before everybody else.")

    printer.step(4, "The outage: TeamViewer fails, and the worker is killed in the midst of it.")
    try await fail(simulator, worker, ledger)
    confirm(simulator)
    printer.why("What is in doubt is read, never guessed: nothing is lost or done twice.")

    printer.step(5, "The proofs: nothing of this has to be believed.")
    let problems = try prove(ledger, company, simulator, owner: owner, preloaded: preloaded)
    printer.why("The log is the record, and anybody can recompute it.")
    try ledger.close()
    return Ending(problems: problems, person: person?.userPrincipalName)
  }

  private func start(_ url: String, _ preloaded: Int) throws -> OpenLedger {
    printer.step(1, "Before: a TeamViewer is simulated on this machine, and a ledger is made.")
    try prepare(url: url)
    let ledger = try OpenLedger(folder: ledgerFolder, logger: logger)
    printer.line("TeamViewer   \(url), with \(preloaded.of("account")) already")
    printer.line("the ledger   \(ledgerFolder)")
    printer.why("As in earnest, TeamViewer is not empty on the first day.")
    return ledger
  }

  /// An outage of two seconds, then one answer in five that leaves in doubt; the worker is killed in the midst of it, and
  /// another finds TeamViewer well.
  private func fail(_ simulator: TeamViewerSimulator, _ worker: DemoWorker, _ ledger: OpenLedger) async throws {
    let start = try ledger.log.lastPosition()
    let calls = Self.calls(simulator)
    simulator.change { teamViewer in
      let now = SystemClock.now()
      teamViewer.plan.outages = [
        FaultPlan.Outage(from: now, to: now + .seconds(2), fault: SimulatedFault(.error503))
      ]
    }
    printer.line("For two seconds it answers 503; then one call in five leaves it in doubt.")
    printer.line("Where no answer comes, the worker waits \(Self.firstByteTimeout) s here, and 30 s in earnest.")
    try await printer.telling({ "TeamViewer is away; the worker waits, and probes" }) {
      try await worker.runAndKill { isInTheMidst(simulator, of: Self.calls(simulator) - calls) }
    }
    try tellKill(try DemoOutage(ledger, after: start))
    let killed = try ledger.log.lastPosition()
    // Well again, so that what follows ends soon, whatever chance does.
    simulator.change { $0.plan.profile = .none }
    try await deliver(worker, simulator)
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

  private func deliver(_ worker: DemoWorker, _ simulator: TeamViewerSimulator) async throws {
    try await printer.telling({ "the worker delivers: \(Self.calls(simulator).of("call"))" }) {
      try await worker.runUntilIdle()
    }
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

  private func prepare(url: String) throws {
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try Data("\(Self.token)\n".utf8).write(to: URL(fileURLWithPath: tokenFile))
      try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: tokenFile)
    } catch {
      throw Fault(.ledgerCannotCreate, "\(folder) cannot be made; name another folder with --folder.")
    }
    try OpenLedger.create(
      folder: ledgerFolder, url: url, token: .file(tokenFile), origin: "provledger.local/demo", logger: logger)
    try beImpatient()
  }

  /// For how many seconds the worker waits for an answer that never comes: in earnest 30, each of which somebody who looks
  /// on would wait too.
  private static let firstByteTimeout = 1

  /// Shortens the wait for an answer, in the configuration, as an operator does.
  private func beImpatient() throws {
    let path = "\(ledgerFolder)/provledger.yaml"
    do {
      let text = String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
      let changed = text.replacing("firstByteTimeout: 30\n", with: "firstByteTimeout: \(Self.firstByteTimeout)\n")
      try Data(changed.utf8).write(to: URL(fileURLWithPath: path))
    } catch {
      throw Fault(.outputUnwritable, "\(path) cannot be written.")
    }
  }

  private var tokenFile: String { "\(folder)/teamviewer.token" }

  private func importDay(_ company: Company, _ day: Int, _ ledger: OpenLedger) async throws {
    let path = "\(folder)/day-\(day).csv"
    do {
      try Data(company.csv()).write(to: URL(fileURLWithPath: path))
    } catch {
      throw Fault(.outputUnwritable, "\(path) cannot be written.")
    }
    let summary = try await DirectoryImport(into: ledger, actor: Self.actor).run(paths: [path])
    let decided = Decision.Action.allCases.filter { summary.counts[$0] > 0 }
      .map { "\(summary.counts[$0]) \($0.rawValue)" }
    printer.line("\(summary.counts.read.people) in the export; decided: \(decided.joined(separator: ", ")).")
  }

  private func accounts(of simulator: TeamViewerSimulator) -> String {
    let model = simulator.teamViewer.model
    let active = model.users.count(where: \.active)
    return "TeamViewer has \(model.users.count.of("account")), \(active) active, each created once."
  }

  private static func summary(_ changes: Company.Changes) -> String {
    let parts = [
      ("joined", changes.joined), ("changed department", changes.moved), ("changed name", changes.renamed),
      ("disabled", changes.disabled), ("left", changes.removed), ("came back", changes.rehired),
    ]
    return parts.filter { !$0.1.isEmpty }.map { "\($0.1.count) \($0.0)" }.joined(separator: ", ")
  }

  private func prove(
    _ ledger: OpenLedger, _ company: Company, _ simulator: TeamViewerSimulator, owner: String?, preloaded: Int
  ) throws -> [String] {
    var problems: [String] = []
    let comparison = DemoComparison(
      company, simulator.teamViewer.model, others: Set([owner].compactMap { $0 }), preloaded: preloaded)
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
