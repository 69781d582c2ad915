import ArgumentParser
import Base
import EventLog
import Foundation
import JSON
import Ledger
import Operations
import Provisioning
import Sealing

/// `provledger keys`
struct KeysCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "keys",
    abstract: "The master key, which wraps the keys of all people.",
    discussion: """
      Examples:
        provledger keys show
        provledger keys rotate
      """,
    subcommands: [ShowCommand.self, RotateCommand.self])

  /// `provledger keys show`
  struct ShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "show", abstract: "Say which master key is in use, and where it is.",
      discussion: """
        Example:
          provledger keys show

        The id tells one master key from another; it leads to no key.
        """)

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var output: FormatOptions

    func run() throws {
      try ledger.withLedger { ledger in
        let master = try ledger.keys.masterKey()
        if output.json { return Output.json(["id": .string(master.id), "place": .string(master.place.description)]) }
        Output.rows([["master key", master.id], ["kept in", master.place.description]])
        KeysCommand.warn(ledger, master.place)
      }
    }
  }

  /// `provledger keys rotate`
  struct RotateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "rotate", abstract: "Wrap the keys of all people under another master key.",
      discussion: """
        Examples:
          provledger keys rotate                      a fresh key in the present place
          provledger keys rotate --new-file /etc/provledger/master.key
          provledger keys rotate --new-env PROVLEDGER_MASTER_KEY

        No entry of the log is encrypted anew. A file that is not there yet is made; a variable must hold 32 random
        bytes as base64 or as 64 hexadecimal digits. Backups of keys.sqlite need the master key of their time.
        """)

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var output: FormatOptions
    @Option(help: ArgumentHelp("The file of the new master key.", valueName: "file"))
    var newFile: String?
    @Option(help: ArgumentHelp("The environment variable of the new master key.", valueName: "name"))
    var newEnv: String?

    func validate() throws {
      if newFile != nil, newEnv != nil { throw ValidationError("Give --new-file or --new-env, not both.") }
    }

    func run() async throws {
      let source: SecretSource? =
        newFile.map { .file(URL(fileURLWithPath: $0).path) } ?? newEnv.map { .environment($0) }
      try await ledger.withLedger { ledger in
        show(
          try await Records(ledger).rotateMasterKey(to: source), ledger)
      }
    }

    private func show(_ rotation: SubjectKeys.Rotation, _ ledger: OpenLedger) {
      if output.json {
        Output.json(rotation.json)
      } else {
        Output.line(
          "rotated: \(rotation.count.of("key is", "keys are")) wrapped by master key \(rotation.new) in \(rotation.place)"
        )
      }
      if rotation.place != rotation.oldPlace {
        Output.notice("\(rotation.oldPlace) still holds the old master key; only backups made before need it.")
      }
      KeysCommand.warn(ledger, rotation.place)
    }
  }

  /// Says when the configuration names another place than the one where the key was found.
  private static func warn(_ ledger: OpenLedger, _ place: SecretSource) {
    guard ledger.configuredMasterKey != place else { return }
    let key =
      switch place {
      case .file(let path): "keys.master.file: \(path)"
      case .environment(let name): "keys.master.environment: \(name)"
      }
    Output.notice("provledger.yaml still names \(ledger.configuredMasterKey); change it to \(key).")
  }
}
