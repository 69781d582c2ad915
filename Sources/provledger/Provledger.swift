import ArgumentParser
import Base
import Foundation
import Provisioning

/// The command: one file a verb, no logic.
@main
struct Provledger: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "provledger",
    abstract:
      "An event-sourced ledger that keeps TeamViewer accounts in step with Microsoft Entra ID, and can prove it.",
    discussion: """
      Examples:
        provledger demo                                    see all of it work, without a network
        provledger init --token-file /etc/teamviewer.token make a ledger in ./ledger
        provledger import users.csv                        take over a directory export
        provledger deliver --until-idle                    bring TeamViewer in step
        provledger why ada@contoso.com                     the story of one person

      The ledger is --ledger DIR, else $PROVLEDGER_LEDGER, else ./ledger.
      """,
    version: "1.0.0",
    subcommands: [
      Init.self, Import.self, Apply.self, Deliver.self, DeliveryCommand.self, Status.self, Why.self, Report.self,
      Verify.self, User.self, Log.self, ViewsCommand.self, BackupCommand.self, Target.self, Safeguard.self,
      Quarantine.self,
      SourceCommand.self, Erase.self, LegalHold.self, DoctorCommand.self, Keys.self, Simulate.self, Demo.self,
    ])

  static func main() async {
    // What a command makes is private: keys, views and exports hold personal data.
    umask(0o077)
    CoreDumps.refuse()
    // A reader that goes away, such as `head`, ends the command quietly.
    signal(SIGPIPE, SIG_DFL)
    do {
      var command = try parseAsRoot()
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch let fault as Fault {
      Output.error(fault.description)
      exit(withError: ExitCode(fault.code.exit.rawValue))
    } catch {
      exit(withError: error)
    }
  }
}

extension ExitCode {
  /// The exit code of a status.
  init(_ status: ExitStatus) { self.init(status.rawValue) }
}
