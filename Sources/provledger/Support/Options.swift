import ArgumentParser
import Base
import Foundation
import Ledger
import Logging
import Provisioning

/// What every command about a ledger takes.
struct LedgerOptions: ParsableArguments {
  @Option(name: .customLong("ledger"), help: "The ledger's folder (default: $PROVLEDGER_LEDGER, else ./ledger).")
  var folder: String?

  /// The folder that is meant.
  var path: String {
    let environment = ProcessInfo.processInfo.environment["PROVLEDGER_LEDGER"]
    return folder ?? environment.flatMap { $0.isEmpty ? nil : $0 } ?? "./ledger"
  }

  /// Opens the ledger.
  func open() throws -> Ledger {
    try Ledger(folder: path, logger: Self.logger, identity: Operator.identity)
  }

  /// Warnings and worse, to standard error.
  static var logger: Logger {
    var logger = Logger(label: "provledger") { label in StreamLogHandler.standardError(label: label) }
    logger.logLevel = .warning
    return logger
  }
}

/// The format of output.
struct FormatOptions: ParsableArguments {
  @Flag(help: "Print JSON: one object, or one a line for lists.")
  var json = false
}

/// Who runs the command.
enum Operator {
  /// As events name them.
  static var name: Actor { .operator(login) }

  private static var login: String {
    let login = NSUserName()
    return login.isEmpty ? "unknown" : login
  }

  /// The human, as far as the machine tells.
  static var identity: OperatorIdentity {
    let environment = ProcessInfo.processInfo.environment
    let name = NSFullUserName()
    return OperatorIdentity(
      login: login, name: name.isEmpty || name == login ? nil : name, invoker: environment["SUDO_USER"],
      host: ProcessInfo.processInfo.hostName)
  }
}

extension LockHolder {
  /// The notice for whoever waits for it.
  var notice: String { "waiting: \(sentence)" }
}

/// Tells on the terminal who has the turn that is waited for.
let tellWaiting: @Sendable (LockHolder) -> Void = { Output.notice($0.notice) }
