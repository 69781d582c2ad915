import ArgumentParser
import Base
import EventLog
import Foundation
import JSON
import Ledger
import Provisioning
import Reports
import Views

/// `provledger evidence`
struct EvidenceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evidence",
    abstract: "A report with everything that it rests on, in one file that anybody can check.",
    discussion: """
      Examples:
        provledger evidence leavers --within 4h -o leavers.zip
        provledger verify --bundle leavers.zip

      The file holds the report, the events behind its rows with the proof that each is
      the log's, what the rows need opened of them and nothing else, and a page that
      says how to check it without this program. It cannot be called back.
      """,
    subcommands: [
      JoinersCommand.self, MoversCommand.self, LeaversCommand.self, AccessCommand.self,
      RegisterCommand.self, FailuresCommand.self, OperatorsCommand.self, DriftCommand.self, ErasuresCommand.self,
    ])

  /// `provledger evidence joiners`
  struct JoinersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "joiners", abstract: "Who got an account in a period, with the evidence.",
      discussion: """
        Example:
          provledger evidence joiners --from 2026-10-01 --to 2026-11-01 -o joiners.zip
        """)

    @OptionGroup var options: EvidenceOptions

    func run() async throws { try await options.run(.joiner) }
  }

  /// `provledger evidence movers`
  struct MoversCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "movers", abstract: "Whose account was changed in a period, with the evidence.",
      discussion: """
        Example:
          provledger evidence movers --from 2026-10-01 --to 2026-11-01 -o movers.zip
        """)

    @OptionGroup var options: EvidenceOptions

    func run() async throws { try await options.run(.mover) }
  }

  /// `provledger evidence leavers`
  struct LeaversCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "leavers", abstract: "Who lost access in a period, and how late, with the evidence.",
      discussion: """
        Examples:
          provledger evidence leavers --within 4h -o leavers.zip
          provledger evidence leavers --sample 25 --seed 7 -o sample.zip
        """)

    @OptionGroup var options: EvidenceOptions

    func run() async throws { try await options.run(.leaver) }
  }

  /// `provledger evidence access`
  struct AccessCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "access", abstract: "Who could sign in at a moment, since when, and why, with the evidence.",
      discussion: """
        Example:
          provledger evidence access --as-of 2026-11-01 -o access.zip
        """)

    @OptionGroup var options: PackOptions

    func run() async throws {
      try await options.run("access") { AccessReport(ReportQuery("access at \($0.moment)", $0)) }
    }
  }
}

/// What an evidence pack on changes of access takes.
struct EvidenceOptions: ParsableArguments {
  @OptionGroup var pack: PackOptions
  @OptionGroup var changes: AccessChangeQuestion

  func run(_ kind: AccessChange.Kind) async throws {
    try await pack.run("\(kind.rawValue)s") { try changes.report(kind, $0) }
  }
}

/// What every evidence pack takes.
struct PackOptions: ParsableArguments {
  @OptionGroup var ledger: LedgerOptions
  @OptionGroup var output: FormatOptions
  @OptionGroup var look: LookOptions
  @OptionGroup var past: PastOptions
  @Option(name: [.customShort("o"), .customLong("pack")], help: "The file to write the pack to.")
  var file: String
  @Flag(help: "Replace the file if there is one.")
  var force = false

  /// Makes a report for a moment, records that it is taken out with its evidence, and writes the pack.
  func run(_ name: String, _ make: (AsOf) throws -> some EvidencedReport) async throws {
    try await ledger.withLedger { ledger in
      try ledger.views.catchUp()
      let moment = try past.moment(in: ledger) ?? AsOf(ledger.clock(), in: ledger)
      let made = try make(moment).packed(of: ledger)
      try await look.export(
        "evidence", "evidence \(name)", format: "zip", count: made.document.rows.count, filter: made.query.words,
        of: ledger)
      let pack = try EvidencePack(made, of: ledger, under: try await checkpoint(covering: moment.position, ledger))
      let bytes = try pack.archive()
      try write(bytes)
      tell(pack, bytes.count)
    }
  }

  /// The first checkpoint that covers the report's part of the log, so that the same question has the same answer; a new one
  /// where there is none.
  private func checkpoint(covering position: Int64, _ ledger: OpenLedger) async throws -> SignedCheckpoint {
    if let kept = try ledger.log.checkpoints(from: position, limit: 1).first { return kept }
    return try await ledger.checkpoint()
  }

  private func write(_ bytes: [UInt8]) throws {
    do {
      if force { try PrivateFile.write(bytes, path: file) } else { try PrivateFile.make(bytes, path: file) }
    } catch let failure as PrivateFile.Failure where failure.number == EEXIST {
      throw Fault(.evidenceInTheWay, "\(file) is there already; name another file with -o, or say --force.")
    } catch let failure as PrivateFile.Failure {
      throw Fault(.evidenceInTheWay, "\(file) cannot be written: \(failure.text). Name another file with -o.")
    }
  }

  private func tell(_ pack: EvidencePack, _ size: Int) {
    if output.json { return Output.json(pack.summary(file)) }
    Output.line("\(file): \(pack.sentence)")
    Output.line("digest: \(pack.digest)")
    Output.notice("It holds names and addresses; keep it private. Check it: provledger verify --bundle \(file)")
  }
}
