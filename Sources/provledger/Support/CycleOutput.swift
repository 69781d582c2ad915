import ArgumentParser
import Base
import Directory
import JSON
import Operations
import Provisioning
import Terminal

/// What one cycle did, as whoever ran it is told.
enum CycleOutput {
  /// Shows the summary, warns, and ends with 1 when the safeguard holds people; `way` is what else may be done then.
  static func tell(_ summary: CycleSummary, json: Bool, orElse way: String) throws {
    show(summary, json: json)
    warn(summary)
    try summary.held?.refuse(orElse: way)
  }

  private static func show(_ summary: CycleSummary, json: Bool) {
    if json { return Output.json(summary.json) }
    let counts = summary.counts
    let decided = Decision.Action.allCases.filter { counts[$0] > 0 }.map { "\(counts[$0]) \($0.rawValue)" }
    Output.line("cycle \(summary.cycle): \(counts.read.people) read, \(counts.observed) new or changed")
    Output.line("decided: \(decided.isEmpty ? "nothing" : decided.joined(separator: ", "))")
  }

  /// How far it is.
  static func show(_ progress: DirectoryImport.Progress, on line: ProgressLine) {
    switch progress {
    case .reading(let read):
      line.show("reading \(read.words)", done: read.total == 0 ? nil : Double(read.bytes) / Double(read.total))
    case .waiting(let holder): tellWaiting(holder)
    case .projecting(let position): line.show("bringing the views up to event \(position)")
    case .deciding(let people): line.show("deciding about \(people.people)")
    case .appending(let done, let events):
      line.show("appending \(done) of \(events.of("event"))", done: Double(done) / Double(max(1, events)))
    }
  }

  /// How many values are named that cannot be read.
  private static let mostNamed = 20

  /// What an operator must know beside the numbers.
  static func warn(_ summary: CycleSummary) {
    if summary.assumedEnabled > 0 {
      Output.notice(
        """
        Warning: \(summary.assumedEnabled.of("new person carries", "new people carry")) no accountEnabled and so may \
        sign in; ask Graph for it with $select.
        """
      )
    }
    if summary.passedOver > 0 {
      Output.notice(
        """
        Passed over: \(summary.passedOver.people) of the input whom another source owns now; \
        `provledger source list` shows who owns whom.
        """
      )
    }
    for unread in summary.unread.prefix(mostNamed) {
      Output.notice(
        "Warning: \(unread.attribute) of \(unread.id) cannot be read; what was known of it stands. Correct it there.")
    }
    if summary.unread.count > mostNamed {
      Output.notice("Warning: \((summary.unread.count - mostNamed).of("more value")) cannot be read; --json names all.")
    }
    if let unfamiliar = summary.unfamiliar { Output.notice(unfamiliar.sentence) }
  }
}

extension DirectoryProgress {
  /// `1.2 of 40.0 MB`.
  fileprivate var words: String {
    func megabytes(_ bytes: Int) -> String { "\(bytes / 1_000_000).\(bytes / 100_000 % 10)" }
    return "\(megabytes(bytes)) of \(megabytes(total)) MB"
  }
}

extension UnfamiliarInput {
  /// What a person should look at.
  fileprivate var sentence: String {
    "The input shares \(shared) of its \(read.people) with the ledger. Its domains: \(domains.joined(separator: ", ")); the ledger knows \(knownDomains.joined(separator: ", ")). Is it the right company's?"
  }
}
