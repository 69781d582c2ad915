import ArgumentParser
import Base
import Foundation
import JSON
import Ledger
import Provisioning
import TeamViewer

/// `provledger init`
struct InitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init", abstract: "Make a ledger: folder, keys, configuration. Asks nothing and calls nobody.",
    discussion: """
      Examples:
        provledger init --token-file /etc/provledger/teamviewer.token
        provledger init --ledger /srv/ledger --token-env TEAMVIEWER_TOKEN
      """)

  @OptionGroup var ledger: LedgerOptions
  @OptionGroup var output: FormatOptions
  @Option(help: "The SCIM base URL of the target.")
  var target = TargetConfiguration.teamViewer
  @Option(help: ArgumentHelp("The environment variable that holds the token.", valueName: "name"))
  var tokenEnv: String?
  @Option(help: ArgumentHelp("The file that holds the token.", valueName: "file"))
  var tokenFile: String?
  @Option(help: ArgumentHelp("The environment variable that holds the master key.", valueName: "name"))
  var masterKeyEnv: String?
  @Option(help: ArgumentHelp("The file for the master key (default: master.key in the folder).", valueName: "file"))
  var masterKeyFile: String?
  @Option(help: "The name of the log (default: provledger.local/ and 8 random characters).")
  var origin: String?

  func validate() throws {
    if tokenEnv != nil, tokenFile != nil { throw ValidationError("Give --token-env or --token-file, not both.") }
    if masterKeyEnv != nil, masterKeyFile != nil {
      throw ValidationError("Give --master-key-env or --master-key-file, not both.")
    }
  }

  func run() throws {
    _ = try TargetURL(target)
    let token: SecretSource =
      if let tokenFile {
        .file(URL(fileURLWithPath: tokenFile).path)
      } else {
        .environment(tokenEnv ?? "TEAMVIEWER_TOKEN")
      }
    let master: SecretSource =
      masterKeyEnv.map { .environment($0) }
      ?? .file(masterKeyFile.map { URL(fileURLWithPath: $0).path } ?? Configuration.masterKeyFile)
    try OpenLedger.create(
      folder: ledger.path, url: target, token: token, master: master, origin: origin, logger: LedgerOptions.logger)
    let objection = token.objection()
    if output.json {
      return Output.json([
        "ledger": .string(ledger.path), "configuration": .string("\(ledger.path)/provledger.yaml"),
        "token": ["place": .string("\(token)"), "objection": JSONValue(orNull: objection)],
      ])
    }
    Output.notice("A new ledger lies in \(ledger.path). Its configuration is \(ledger.path)/provledger.yaml.")
    if let objection { Output.notice(objection) }
    Output.notice(
      "Next: provledger target test\(place), then provledger import FILE\(place), then provledger deliver --until-idle\(place)."
    )
  }

  /// What the next commands have to be told, so that they find this ledger.
  private var place: String { ledger.folder.map { " --ledger \(ShellWord.quoted($0))" } ?? "" }
}
