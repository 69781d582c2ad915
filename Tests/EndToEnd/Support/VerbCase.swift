/// A verb with arguments that let it succeed on the ledger of `ConditionStage`.
struct VerbCase {
  /// On which ledger it runs.
  enum Place {
    /// A copy, made for this run.
    case copy
    /// The ledger itself: a copy does not deliver.
    case original
    /// A copy of the ledger in quarantine, where everything is pending.
    case quarantined
    /// A folder that is made by it.
    case new
    /// None is needed.
    case none
  }

  /// The words by which the article names it.
  var name: String
  /// What stands behind them; words in braces are filled in by the stage.
  var arguments = ""
  var place = Place.copy
  /// Verbs that run on the copy before.
  var before: [String] = []
  /// Runs until a signal ends it.
  var isService = false
  /// Ends in order by a signal, before all is done.
  var heedsSignals = false
  /// Takes longer than a test may, run to its end.
  var isLong = false

  /// Calls TeamViewer, and writes little.
  var isWorker: Bool { place == .original && (name.hasPrefix("deliver") || name == "serve") }

  func isForm(of verb: String) -> Bool { name == verb || name.hasPrefix("\(verb) --") }

  static let all: [VerbCase] = looks + changes + others

  private static let user = "user1@contoso.example"

  /// A review of which whoever runs the test is a reviewer.
  private static let review = "review start access --reviewer {human} --name q4"

  private static let looks: [VerbCase] = [
    VerbCase(name: "report review-summary", arguments: "q4", before: [review]),
    VerbCase(name: "report review-decisions", arguments: "q4", before: [review]),
    VerbCase(name: "report review-removals", arguments: "q4", before: [review]),
    VerbCase(name: "report review-exceptions", arguments: "q4", before: [review]),
    VerbCase(name: "status"), VerbCase(name: "why", arguments: user), VerbCase(name: "report provisioning"),
    VerbCase(name: "report joiners"), VerbCase(name: "report movers"), VerbCase(name: "report leavers"),
    VerbCase(name: "report access"), VerbCase(name: "report register"), VerbCase(name: "report failures"),
    VerbCase(name: "report operators"), VerbCase(name: "report drift"), VerbCase(name: "report erasures"),
    VerbCase(name: "report configuration"), VerbCase(name: "report integrity"), VerbCase(name: "report access-log"),
    VerbCase(name: "verify"), VerbCase(name: "user list"), VerbCase(name: "user show", arguments: user),
    VerbCase(name: "user history", arguments: user), VerbCase(name: "user diff", arguments: "now"),
    VerbCase(name: "log export"), VerbCase(name: "log key"),
    VerbCase(name: "log prove event", arguments: "2"), VerbCase(name: "log prove consistency", arguments: "{sizes}"),
    VerbCase(name: "views check"), VerbCase(name: "export file", arguments: "csv"), VerbCase(name: "audit"),
    VerbCase(name: "delivery list"),
    VerbCase(name: "safeguard list"), VerbCase(name: "cycle list"),
    VerbCase(name: "quarantine show"), VerbCase(name: "source list"), VerbCase(name: "legal-hold list"),
    VerbCase(name: "review list"),
    VerbCase(name: "keys show"), VerbCase(name: "doctor", arguments: "--offline"),
    VerbCase(name: "config show"), VerbCase(name: "config history"), VerbCase(name: "user scope", arguments: user),
  ]

  private static let changes: [VerbCase] = [
    VerbCase(name: "import", arguments: "{folder}/all.csv"), VerbCase(name: "apply", arguments: "{folder}/plan.json"),
    VerbCase(name: "delivery retry", arguments: user, before: ["delivery hold \(user) --reason x"]),
    VerbCase(name: "delivery skip", arguments: "\(user) --reason x", place: .quarantined),
    VerbCase(name: "delivery hold", arguments: "\(user) --reason x"),
    VerbCase(name: "delivery pause", arguments: "--reason x"),
    VerbCase(name: "delivery resume", before: ["delivery pause --reason x"]),
    VerbCase(name: "safeguard approve", arguments: "{safeguard} --yes"),
    VerbCase(name: "quarantine release", place: .quarantined),
    VerbCase(name: "source handover", arguments: "directory partners -o {made}/plan.json"),
    VerbCase(name: "source detach", arguments: "directory --yes"),
    VerbCase(name: "erase", arguments: "user12@contoso.example --reason x --force --yes"),
    VerbCase(name: "legal-hold place", arguments: "\(user) --reason x"),
    VerbCase(name: "legal-hold lift", arguments: "\(user) --reason x", before: ["legal-hold place \(user) --reason x"]),
    VerbCase(name: "review start", arguments: "access --reviewer olga"),
    VerbCase(
      name: "review decide", arguments: "q4 --from {folder}/decisions.csv",
      before: [review]),
    VerbCase(name: "review close", arguments: "q4", before: [review]),
    VerbCase(name: "keys rotate", arguments: "--new-file {folder}/new.key"), VerbCase(name: "log checkpoint"),
    VerbCase(name: "log anchor"), VerbCase(name: "log tiles", arguments: "{made}/tiles"),
    VerbCase(name: "views rebuild"), VerbCase(name: "backup create", arguments: "{made}/backup"),
    VerbCase(name: "rebuild"), VerbCase(name: "target test"), VerbCase(name: "source test"),
    VerbCase(name: "cycle run"), VerbCase(name: "cycle restart"),
    VerbCase(name: "target reconcile", arguments: "--report", place: .original),
    VerbCase(name: "target restore", arguments: "--as-of now -o {made}/plan.json"),
    VerbCase(name: "evidence joiners", arguments: "-o {made}/joiners.zip"),
    VerbCase(name: "evidence movers", arguments: "-o {made}/movers.zip"),
    VerbCase(name: "evidence leavers", arguments: "-o {made}/leavers.zip"),
    VerbCase(name: "evidence access", arguments: "-o {made}/access.zip"),
    VerbCase(name: "evidence failures", arguments: "-o {made}/failures.zip"),
    VerbCase(name: "evidence erasures", arguments: "-o {made}/erasures.zip"),
    VerbCase(name: "evidence drift", arguments: "-o {made}/drift.zip"),
    VerbCase(name: "evidence operators", arguments: "-o {made}/operators.zip"),
    VerbCase(name: "evidence register", arguments: "-o {made}/register.zip"),
  ]

  private static let others: [VerbCase] = [
    VerbCase(name: "deliver", place: .original, before: ["import {folder}/all.csv"], isService: true),
    VerbCase(name: "serve", place: .original, before: ["import {folder}/most.csv"], isService: true),
    VerbCase(name: "deliver --until-idle", place: .original, before: ["import {folder}/all.csv"], heedsSignals: true),
    VerbCase(name: "log follow", isService: true),
    VerbCase(name: "export follow", arguments: "siem --to tcp://127.0.0.1:1", isService: true),
    VerbCase(name: "simulate teamviewer", place: .none, isService: true),
    VerbCase(name: "simulate graph", arguments: "--users 10", place: .none, isService: true),
    VerbCase(name: "demo", arguments: "--people 10 --folder {made}/demo", place: .none, isLong: true),
    VerbCase(name: "init", arguments: "--token-file {folder}/token", place: .new),
    VerbCase(name: "backup restore", arguments: "{folder}/backup", place: .new),
    VerbCase(name: "backup verify", arguments: "{folder}/backup"),
    VerbCase(name: "manual", arguments: "{made}", place: .none),
    VerbCase(name: "config check", arguments: "{folder}/base/provledger.yaml", place: .none),
    VerbCase(name: "config import", arguments: "{folder}/schema.json", place: .none),
    VerbCase(name: "config export", arguments: "{folder}/base/provledger.yaml", place: .none),
    VerbCase(name: "config expression", arguments: "Now()", place: .none),
    VerbCase(name: "config scope", arguments: "{folder}/scope.yaml", place: .none),
    VerbCase(name: "completions", arguments: "bash", place: .none), VerbCase(name: "version", place: .none),
  ]
}
