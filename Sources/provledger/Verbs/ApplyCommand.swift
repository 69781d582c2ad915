import ArgumentParser
import Base
import JSON
import Ledger
import Operations
import Provisioning

/// `provledger apply`
struct ApplyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "apply",
    abstract: "Carry out a plan: exactly what it says, or nothing when anybody in it has a newer decision.",
    discussion: """
      Example:
        provledger apply plan.json

      What is restored stands until the directory changes the person again. If the plan would turn more people inactive
      than the safeguard allows, those are held, the rest is applied, and the command ends with 1.
      """)

  @OptionGroup var ledger: LedgerOptions
  @OptionGroup var output: FormatOptions
  @Argument(help: "The plan's file.")
  var plan: String

  func run() async throws {
    try await ledger.withLedger { ledger in
      switch try PlanFile.read(path: plan, of: ledger) {
      case .restore(let plan): try await restore(plan, ledger)
      case .handover(let plan): try await handOver(plan, ledger)
      }
    }
  }

  private func handOver(_ plan: HandoverPlan, _ ledger: OpenLedger) async throws {
    let moved = try await Sources(ledger).apply(plan)
    if output.json { return Output.json(["plan": .string(plan.id), "moved": .integer(Int64(moved))]) }
    Output.line("plan \(plan.id): \(moved.of("person belongs", "people belong")) to \(plan.to.name) now")
  }

  private func restore(_ plan: RestorePlan, _ ledger: OpenLedger) async throws {
    let outcome = try await Restoration(ledger).apply(plan)
    if output.json {
      Output.json(plan.json(outcome))
    } else {
      let decided = Decision.Action.allCases.compactMap { action in
        outcome.counts[action].map { "\($0) \(action.rawValue)" }
      }
      Output.line("plan \(plan.id): \(decided.isEmpty ? "nothing to decide" : decided.joined(separator: ", "))")
    }
    try outcome.held?.refuse(orElse: "leave them as they are")
  }
}
