import ArgumentParser
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
  func open() throws -> Ledger { try Ledger(folder: path, logger: Self.logger) }

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

/// Who runs the command, as events name it.
enum Operator {
  static var name: Actor {
    let login = NSUserName()
    return .operator(login.isEmpty ? "unknown" : login)
  }
}
