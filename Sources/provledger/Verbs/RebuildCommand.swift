import ArgumentParser
import Backup
import Base
import EventLog
import JSON
import Ledger
import Operations
import Provisioning
import Terminal

/// `provledger rebuild`
struct RebuildCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rebuild",
    abstract: "After an outage: bring the ledger back from its log and keys, and prove that it is equal.",
    discussion: """
      Examples:
        provledger rebuild               log and keys lie in the folder
        provledger rebuild --from monday --ledger new
        provledger rebuild --from tiles --keys old --ledger new --erasures-from old
        provledger rebuild --drill       try it, in a temporary place
        provledger rebuild --drill --from monday

      The whole log is verified, provledger.yaml put back as the log recorded it last, and the views are built twice and
      compared. What is lost is named. What it came to, and how long it took, is recorded. Nothing is rebuilt from a log
      that is not as it was written. Ends with 1 when the builds differ.

      A drill makes the ledger anew in a private folder of its own, compares it with the one at hand, and removes it.
      """)

  @OptionGroup var ledger: LedgerOptions
  @OptionGroup var output: FormatOptions
  @Flag(help: "Only try it, in a temporary place, and record what it came to.")
  var drill = false
  @Option(
    help: ArgumentHelp("A backup, or tiles that `log tiles` published, to make a new ledger of.", valueName: "dir"))
  var from: String?
  @Option(help: ArgumentHelp("The folder with keys.sqlite that tiles are opened with.", valueName: "dir"))
  var keys: String?
  @OptionGroup var restoring: RestoreOptions

  func run() async throws {
    try requireFitting()
    let progress = ProgressLine()
    defer { progress.end() }
    let rebuilt = drill ? try await tried(progress) : try await rebuilt(progress)
    progress.end()
    try finish(rebuilt)
  }

  // MARK: Options

  private var isOfTiles: Bool { from.map(PublishedTiles.areIn) ?? false }

  /// Nobody shall think that something was looked at which was not.
  private func requireFitting() throws {
    let given = restoring.named + (keys == nil ? [] : ["--keys"])
    if drill {
      guard let name = given.first else { return }
      throw ValidationError("\(name): a drill takes keys, checkpoints and erasures from the ledger at hand.")
    }
    for (name, reason) in unfitting where given.contains(name) { throw ValidationError("\(name): \(reason).") }
    if isOfTiles, keys == nil { throw ValidationError("Name the folder with keys.sqlite: --keys DIR.") }
  }

  /// The options that what is rebuilt from leaves nothing to do for, and why.
  private var unfitting: [(name: String, reason: String)] {
    if from != nil, !isOfTiles { return [("--keys", "a backup holds its own keys")] }
    var unfitting: [(name: String, reason: String)] = [
      ("--accept-configuration", "only a backup brings a provledger.yaml along")
    ]
    if restoring.erasures == nil {
      unfitting.append(("--accept-unsigned", "it takes a list, and --erasures names none"))
    }
    if from != nil { return unfitting }
    unfitting.append(("--keys", "without --from, keys.sqlite is that of the ledger's folder"))
    if restoring.erasures == nil, restoring.checkpoint.isEmpty {
      unfitting.append(("--key", "it is what --checkpoint and --erasures are held against, and neither is there"))
    }
    return unfitting
  }

  // MARK: A drill

  private func tried(_ progress: ProgressLine) async throws -> Rebuilt {
    try await ledger.withLedger { ledger in
      try ledger.requireWritable()
      let rebuilt = try await ledger.drill(try drillSource(), logger: LedgerOptions.logger) {
        progress.show($0, done: $1)
      }
      try await Records(ledger).rebuilt(rebuilt.event)
      return rebuilt
    }
  }

  private func drillSource() throws -> DrillSource {
    guard let from else { return .ledger }
    return PublishedTiles.areIn(from)
      ? .tiles(try PublishedTiles(in: from)) : .backup(try BackupFolder(folder: from))
  }

  // MARK: In earnest

  private func rebuilt(_ progress: ProgressLine) async throws -> Rebuilt {
    let rebuilt = try await made(progress)
    _ = try await ledger.withLedger { try await Records($0).rebuilt(rebuilt.event) }
    return rebuilt
  }

  private func made(_ progress: ProgressLine) async throws -> Rebuilt {
    let show: LedgerRebuild.Progress = { progress.show($0, done: $1) }
    guard let from else { return try await inPlace(progress, show) }
    if let keys, isOfTiles {
      let done = try await PublishedTiles(in: from).rebuild(
        to: ledger.path, keys: keys, holding: restoring.kept(), logger: LedgerOptions.logger, show)
      tell(RestoreOptions.findings(done.restored), progress)
      return done.rebuilt
    }
    let restored = try await restoring.restore(try BackupFolder(folder: from), to: ledger.path, progress)
    tell(RestoreOptions.lines(restored, ledger.path), progress)
    return try LedgerRebuild(folder: ledger.path, source: .backup, logger: LedgerOptions.logger).run(show)
  }

  private func inPlace(_ progress: ProgressLine, _ show: LedgerRebuild.Progress) async throws -> Rebuilt {
    let rebuild = LedgerRebuild(folder: ledger.path, logger: LedgerOptions.logger)
    if restoring.named.isEmpty { return try rebuild.run(show) }
    let done = try await rebuild.run(holding: restoring.kept(), show)
    tell(RestoreOptions.findings(done.restored), progress)
    return done.rebuilt
  }

  /// What was erased again, and what cannot be known, stands in no part of the ledger.
  private func tell(_ lines: [String], _ progress: ProgressLine) {
    progress.end()
    lines.forEach { Output.notice($0) }
  }

  // MARK: What it came to

  private func finish(_ rebuilt: Rebuilt) throws {
    if output.json { Output.json(rebuilt.json) } else { show(rebuilt) }
    guard !rebuilt.isEqual else { return }
    throw Fault(
      .rebuildDiffers,
      "The views that the drill built are not those of the ledger at event \(rebuilt.size); that is recorded. Run `provledger views check` and `provledger doctor`."
    )
  }

  private func show(_ rebuilt: Rebuilt) {
    Output.rows(
      rebuilt.parts.map { [$0.state == .lost ? "LOST \($0.name)" : $0.name, "\($0.state.rawValue): \($0.words)"] })
    let what = "\(rebuilt.size.of("event")), root \(rebuilt.root), views \(rebuilt.views)"
    let time = "in \(rebuilt.milliseconds) ms"
    if drill { return Output.line("\(rebuilt.isEqual ? "drill: equal" : "drill: DIFFERENT"): \(what), \(time)") }
    Output.line("rebuilt: \(what), \(time)")
    Output.notice("Next: \(rebuilt.nextStep)")
  }
}

extension Rebuilt {
  /// What an operator does next, so that deliveries go on.
  fileprivate var nextStep: String {
    isCopy
      ? "provledger delivery resume --accept-copy --reason outage, once nobody delivers from the old folder"
      : "provledger deliver, which takes up \(pending.of("delivery", "deliveries"))"
  }
}
