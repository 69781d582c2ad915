import ArgumentParser
import Ledger
import Reports

/// What every question takes that can be asked of the past.
struct PastOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "As it was then: 2026-11-26, '2026-11-26 09:00', yesterday, '2 hours ago'.", valueName: "moment"))
  var asOf: Moment?

  /// The moment that is meant, and nil for the present. Standard error says what it was taken for. Throws
  /// `FaultCode.momentUnknown`.
  func moment(in ledger: OpenLedger) throws -> AsOf? {
    guard let asOf else { return nil }
    let moment = try AsOf(asOf.resolved(of: "--as-of", now: ledger.clock()), in: ledger)
    Output.notice("as of \(moment.sentence)")
    return moment
  }
}
