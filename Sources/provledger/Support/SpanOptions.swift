import ArgumentParser
import Base
import EventLog
import Ledger
import Provisioning

/// A span of time, by when events were recorded: from a moment on, up to another without it.
struct SpanOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Recorded then or later, such as 2026-11-28, yesterday, '2 hours ago'.", valueName: "moment"))
  var from: Moment?
  @Option(help: ArgumentHelp("Recorded before then.", valueName: "moment"))
  var to: Moment?

  /// Where the events of the span are; standard error says so, with the bounds that were used.
  func positions(_ ledger: OpenLedger) throws -> Range<Int64> {
    let now = ledger.clock()
    let whole = 1..<(try ledger.log.lastPosition()) + 1
    let first = try from?.timestamp(of: "--from", now: now)
    let end = try to?.timestamp(of: "--to", now: now)
    guard first != nil || end != nil else { return whole }
    let span = (first ?? .earliest, end ?? .latest)
    guard span.0 <= span.1 else { throw ValidationError("--from is later than --to.") }
    let positions = try ledger.log.positions(recorded: span.0..<span.1).clamped(to: whole)
    let words = [first.map { "from \($0) on" }, end.map { "before \($0)" }].compactMap { $0 }.joined(separator: ", ")
    Output.notice("\(words): \(positions.words)")
    return positions
  }
}

extension Timestamp {
  fileprivate static let earliest = Timestamp(milliseconds: .min / 2)
  fileprivate static let latest = Timestamp(milliseconds: .max / 2)
}

extension Range<Int64> {
  /// The positions in words.
  var words: String { isEmpty ? "no event" : "events \(lowerBound) to \(upperBound - 1)" }
}
