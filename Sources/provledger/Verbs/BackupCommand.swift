import ArgumentParser
import Backup
import Base
import EventLog
import Foundation
import JSON
import Ledger
import Operations
import Provisioning
import Terminal

/// `provledger backup`
struct BackupCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup", abstract: "Copies of the ledger that are proved to be good.",
    discussion: """
      Examples:
        provledger backup create /mnt/backup/monday
        provledger backup verify /mnt/backup/monday
      """,
    subcommands: [CreateCommand.self, VerifyCommand.self, RestoreCommand.self])

  /// `provledger backup create`
  struct CreateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "create", abstract: "Copy the ledger into a new folder while others go on writing.",
      discussion: """
        Example:
          provledger backup create /mnt/backup/monday

        The folder holds the log, the subject keys, the configuration, a signed checkpoint, and the private keys as far as
        they lie in the ledger's folder. Keep it as private as the ledger. It appears only when it is whole.
        """)

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var output: FormatOptions
    @Argument(help: ArgumentHelp("The folder to make.", valueName: "dir"))
    var folder: String

    func run() async throws {
      let progress = ProgressLine()
      defer { progress.end() }
      let backup = try await ledger.withLedger { ledger in
        // So that the configuration inside is one that the log knows.
        let records = Records(ledger)
        try await records.configuration()
        try await records.view(
          DataViewed(name: "backup create", count: nil, position: try ledger.log.lastPosition()))
        return try await ledger.backUp(to: folder) { progress.show("copying the log", done: $0) }
      }
      progress.end()
      if output.json { return Output.json(backup.json) }
      let manifest = backup.manifest
      Output.line("backup: \(manifest.size.of("event")), root \(manifest.root), in \(folder)")
      Output.line("holds: \(manifest.files.map(\.name).joined(separator: ", "))")
      Output.notice("Next: provledger backup verify \(folder)")
    }
  }

  /// `provledger backup verify`
  struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "verify",
      abstract: "Unpack a backup in the ledger's folder, hold it against the ledger, and record that it is good.",
      discussion: """
        Example:
          provledger backup verify /mnt/backup/monday

        Ends with 1 when the backup is damaged, is not this ledger's past or not signed by its key. It is unpacked in a
        private folder of the ledger's own, which needs the room of the backup twice and is removed, at the next start if
        not before. Private keys are not copied.
        """)

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var output: FormatOptions
    @Argument(help: ArgumentHelp("The backup's folder.", valueName: "dir"))
    var folder: String

    func run() async throws {
      let backup = try BackupFolder(folder: folder)
      let progress = ProgressLine()
      defer { progress.end() }
      let proved = try await ledger.withLedger { ledger in
        // Whoever vouches for the backup is named before.
        try await Records(ledger).identify()
        return try await ledger.prove(backup, actor: Operator.name, logger: LedgerOptions.logger) {
          progress.show($0, done: $1)
        }
      }
      progress.end()
      if output.json { return Output.json(proved.json) }
      Output.line("proved: \(proved.size.of("event")) of \(proved.created), root \(proved.root), views \(proved.views)")
    }
  }

  /// `provledger backup restore`
  struct RestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "restore", abstract: "Make a new ledger of a backup, after every check; the backup is only read.",
      discussion: """
        Examples:
          provledger backup restore monday --ledger new --erasures-from old
          provledger backup restore monday --ledger new --erasures erasures.ndjson
          provledger backup restore monday --ledger new --checkpoint checkpoints

        Who was erased after the backup was made is erased again, as the old ledger or the list that is kept with the
        anchors says. With neither, the restore says from when on erasures are not known. Manifest and list must be signed
        by a key of the log, and provledger.yaml be the one that the log recorded last.
        """)

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var output: FormatOptions
    @OptionGroup var restoring: RestoreOptions
    @Argument(help: ArgumentHelp("The backup's folder.", valueName: "dir"))
    var folder: String

    func run() async throws {
      let backup = try BackupFolder(folder: folder)
      let progress = ProgressLine()
      defer { progress.end() }
      let restored = try await restoring.restore(backup, to: ledger.path, progress)
      progress.end()
      if output.json { return Output.json(restored.json(ledger.path)) }
      RestoreOptions.lines(restored, ledger.path).forEach { Output.line($0) }
    }
  }
}
