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
      InitCommand.self, ImportCommand.self, ApplyCommand.self, DeliverCommand.self, DeliveryCommand.self,
      StatusCommand.self, WhyCommand.self, ReportCommand.self, VerifyCommand.self, UserCommand.self, LogCommand.self,
      ViewsCommand.self, BackupCommand.self, TargetCommand.self, SafeguardCommand.self, QuarantineCommand.self,
      SourceCommand.self,
      EraseCommand.self, LegalHoldCommand.self, DoctorCommand.self, KeysCommand.self, SimulateCommand.self,
      DemoCommand.self,
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
      // Help and version are output like any other: what cannot be written is said.
      if exitCode(for: error) == .success {
        Output.raw((fullMessage(for: error) + "\n").utf8)
        return
      }
      exit(withError: error)
    }
  }
}

extension ExitCode {
  /// The exit code of a status.
  init(_ status: ExitStatus) { self.init(status.rawValue) }
}
