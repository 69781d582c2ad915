import ArgumentParser
import Base
import JSON
import Ledger
import Operations
import Terminal

extension CycleCommand {
  /// `provledger cycle restart`
  struct RestartCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "restart",
      abstract: "Let the next cycle read everybody and decide about everybody, and try again what failed.",
      discussion: """
        Examples:
          provledger cycle restart
          provledger cycle restart --clear Watermark
          provledger cycle restart --clear Full --yes

        The words are Microsoft Graph's: Watermark (how far the directory was read), Escrows (what is parked or given up), QuarantineState,
        ConnectorDataStore (which account is whose: all are matched anew; no worker may run meanwhile), or Full for all of these.
        Without --clear it is the first three. ForceDeletes is `provledger safeguard approve` here.
        """)

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var output: FormatOptions
    @Option(
      help: "What to forget, with commas between: Watermark, Escrows, QuarantineState, ConnectorDataStore, Full.",
      completion: .list(CycleRestart.Scope.allCases.map(\.rawValue) + ["Full"]))
    var clear = "Watermark,Escrows,QuarantineState"
    @Flag(help: "Do not ask.")
    var yes = false

    func validate() throws { _ = try Self.scopes(clear) }

    /// The scopes of a list, whatever the case of its words.
    static func scopes(_ list: String) throws -> Set<CycleRestart.Scope> {
      var scopes: Set<CycleRestart.Scope> = []
      for word in list.split(separator: ",").map({ $0.trimmingPrefix(" ") }) {
        if word.lowercased() == "full" {
          scopes.formUnion(CycleRestart.Scope.allCases)
        } else if let scope = scope(word.lowercased()) {
          scopes.insert(scope)
        } else if word.lowercased() == "forcedeletes" {
          throw ValidationError("ForceDeletes is `provledger safeguard approve ID` here; `safeguard list` shows it.")
        } else {
          let words = (CycleRestart.Scope.allCases.map(\.rawValue) + ["Full"]).joined(separator: ", ")
          throw ValidationError("--clear takes \(words), not \"\(word)\".")
        }
      }
      if scopes.isEmpty { throw ValidationError("Say what to forget behind --clear, or leave it out.") }
      return scopes
    }

    private static func scope(_ word: String) -> CycleRestart.Scope? {
      CycleRestart.Scope.allCases.first { $0.rawValue.lowercased() == word }
    }

    func run() async throws {
      let scopes = try Self.scopes(clear)
      let outcome = try await ledger.withLedger { ledger in
        if scopes.contains(.connectorDataStore), !yes {
          try Confirmation.ask("Every account must be matched anew by its address then. Forget which is whose?")
        }
        return try await CycleRestart(in: ledger, actor: Operator.name, waiting: tellWaiting).run(scopes)
      }
      let words = CycleRestart.Scope.allCases.filter(scopes.contains).map(\.rawValue)
      if output.json {
        return Output.json([
          "cleared": .array(words.map(JSONValue.string)), "retried": .integer(Int64(outcome.retried)),
          "unlinked": .integer(Int64(outcome.unlinked)), "released": .bool(outcome.isReleased),
        ])
      }
      Output.line("restarted: \(words.joined(separator: ", "))")
      if scopes.contains(.watermark) { Output.line("the next cycle reads everybody, and decides about everybody") }
      if outcome.retried > 0 { Output.line("\(outcome.retried.people) parked or given up: tried again") }
      if outcome.isReleased { Output.line("the quarantine has ended") }
      if outcome.unlinked > 0 { Output.line("\(outcome.unlinked.of("account")) to be matched anew by the worker") }
    }
  }
}
