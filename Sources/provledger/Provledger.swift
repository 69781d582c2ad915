import ArgumentParser
import Base
import Foundation
import Glibc
import Provisioning
import Terminal

/// The command: one file a verb, no logic.
@main
struct Provledger: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "provledger",
    abstract:
      "An event-sourced ledger that keeps TeamViewer accounts in step with Microsoft Entra ID, and can prove it.",
    discussion: """
      Examples:
        provledger demo                     see all of it work, without a network
        provledger init --token-file token  make a ledger in ./ledger
        provledger import users.csv         take over a directory export
        provledger deliver --until-idle     bring TeamViewer in step
        provledger why ada@contoso.com      the story of one person

      The ledger is --ledger DIR, else $PROVLEDGER_LEDGER, else ./ledger. Options that most verbs take may stand before
      the verb too.

      \(Topics.sentence)
      """,
    version: "1.0.0",
    subcommands: [
      InitCommand.self, ImportCommand.self, CycleCommand.self, ApplyCommand.self, DeliverCommand.self,
      DeliveryCommand.self, ServeCommand.self,
      StatusCommand.self, WhyCommand.self, AuditCommand.self, ReportCommand.self, ExportCommand.self,
      ReviewCommand.self, EvidenceCommand.self,
      VerifyCommand.self, UserCommand.self,
      LogCommand.self,
      ViewsCommand.self, BackupCommand.self, RebuildCommand.self, TargetCommand.self, SafeguardCommand.self,
      QuarantineCommand.self,
      SourceCommand.self, ConfigCommand.self,
      EraseCommand.self, LegalHoldCommand.self, DoctorCommand.self, KeysCommand.self, SimulateCommand.self,
      DemoCommand.self, CompletionsCommand.self, ManualCommand.self, VersionCommand.self,
    ])

  static func main() async {
    // What a command makes is private: keys, views and exports hold personal data.
    umask(0o077)
    CoreDumps.refuse()
    Allocator.share()
    // A reader that goes away, such as `head`, ends the command quietly.
    signal(SIGPIPE, SIG_DFL)
    do {
      if try Topics.answer(Array(CommandLine.arguments.dropFirst())) { return }
      let arguments = try Invocation.ordered(Array(CommandLine.arguments.dropFirst()), for: Self.self)
      var command = try parseAsRoot(arguments)
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch let fault as Fault {
      Output.error(fault.description)
      exit(withError: ExitCode(fault.code.exit.rawValue))
    } catch {
      end(error)
    }
  }

  /// Ends the command as the parser would: help and version are its output, all else is an error.
  private static func end(_ error: any Error) -> Never {
    let (text, code) = (fullMessage(for: error, columns: 1000), exitCode(for: error))
    if text.isEmpty { Glibc.exit(code.rawValue) }
    if code.isSuccess {
      // What a shell asked for has lines of its own.
      let isHelp = text.hasPrefix("OVERVIEW:") || text.hasPrefix("USAGE:")
      let width = min(80, Screen.size(STDOUT_FILENO)?.columns ?? 80)
      Output.text((isHelp ? HelpText.fitted(text, width: width) : text) + "\n")
    } else {
      Output.tell((Screen.size(STDERR_FILENO).map { HelpText.fitted(text, width: $0.columns) } ?? text) + "\n")
    }
    Glibc.exit(code.rawValue)
  }
}

extension ExitCode {
  /// The exit code of a status.
  init(_ status: ExitStatus) { self.init(status.rawValue) }
}
