import ArgumentParser
import Base
import Foundation
import Ledger
import Logging
import Operations
import Provisioning
import Synchronization
import Terminal

/// What every command about a ledger takes.
struct LedgerOptions: ParsableArguments {
  @Option(name: .customLong("ledger"), help: "The ledger's folder (default: $PROVLEDGER_LEDGER, else ./ledger).")
  var folder: String?

  /// Nothing is no folder, as a variable that is not set leaves it.
  func validate() throws {
    if folder?.isEmpty == true {
      throw ValidationError("--ledger is empty; name the ledger's folder, or leave the option out.")
    }
  }

  /// The folder that is meant.
  var path: String { Self.path(folder) }

  /// The folder that is meant where `folder` is said, or nothing.
  static func path(_ folder: String?) -> String {
    let environment = ProcessInfo.processInfo.environment["PROVLEDGER_LEDGER"]
    return folder ?? environment.flatMap { $0.isEmpty ? nil : $0 } ?? "./ledger"
  }

  /// Opens the ledger, hands it to `body`, and closes it, also when `body` throws.
  func withLedger<Result>(_ body: (OpenLedger) async throws -> Result) async throws -> Result {
    let ledger = try open()
    defer { Self.close(ledger) }
    return try await body(ledger)
  }

  /// As above, for what waits for nothing.
  func withLedger<Result>(_ body: (OpenLedger) throws -> Result) throws -> Result {
    let ledger = try open()
    defer { Self.close(ledger) }
    return try body(ledger)
  }

  private func open() throws -> OpenLedger {
    try OpenLedger(folder: path, logger: Self.logger, identity: Operator.identity)
  }

  /// What was appended is durable, and what was printed is printed: a failure takes nothing of it back, so it is told, and
  /// no more.
  private static func close(_ ledger: OpenLedger) {
    do { try ledger.close() } catch { Output.notice("Warning: the ledger was not closed as it should be: \(error)") }
  }

  /// Warnings and worse, to standard error.
  static var logger: Logger {
    let format = LogFormat.chosen.withLock { $0 }
    var logger = Logger(label: "provledger") { format.handler($0) }
    logger.logLevel = .warning
    return logger
  }
}

/// The format of output.
struct FormatOptions: ParsableArguments {
  @Flag(help: "Print JSON: one object, or one a line for lists.")
  var json = false
  @OptionGroup var screen: ScreenOptions
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
    let signedIn = LoginUser.current
    return OperatorIdentity(
      login: login, name: name.isEmpty || name == login ? nil : name, invoker: environment["SUDO_USER"],
      user: Int(geteuid()), loginUser: signedIn?.number, loginName: signedIn?.name,
      host: ProcessInfo.processInfo.hostName)
  }
}

/// Tells on the terminal who has the turn that is waited for.
let tellWaiting: @Sendable (LockHolder) -> Void = { Output.notice("waiting: \($0.sentence)") }

extension OperationGroup {
  /// Operations done by whoever runs the program, who hears of a turn that is waited for.
  init(_ ledger: OpenLedger) { self.init(in: ledger, actor: Operator.name, waiting: tellWaiting) }
}

extension HeldPeople {
  /// Tells that the safeguard holds them and what can be done; `orElse` is the way out other than an approval. The command
  /// ends with 1.
  func refuse(orElse: String) throws -> Never {
    Output.notice(
      "The safeguard tripped: \(count.of("person is", "people are")) held. Look at `provledger user list --status held`, then `provledger safeguard approve \(id)`, or \(orElse)."
    )
    throw ExitCode(.failures)
  }
}

/// One of a few words; what is none of them is refused with the nearest one, and with all.
func choice<Word: RawRepresentable<String> & CaseIterable>(_ text: String) throws -> Word {
  if let word = Word(rawValue: text) { return word }
  let words = Word.allCases.map(\.rawValue)
  let nearest = Suggestion.sentence(for: text, among: words)
  throw ValidationError(
    "\(nearest.dropFirst())\(nearest.isEmpty ? "" : " ")It is one of \(words.joined(separator: ", ")).")
}

extension CompletionKind {
  /// The words of a type.
  static func words<Word: RawRepresentable<String> & CaseIterable>(_ type: Word.Type) -> CompletionKind {
    .list(Word.allCases.map(\.rawValue))
  }
}
