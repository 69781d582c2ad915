import Base
public import Ledger
import Provisioning

/// What an auditor asks about an access review: who was left undecided, who was refused, what was late, who changed, left or was
/// erased meanwhile.
public struct ReviewExceptionReport: LedgerReport {
  /// The review.
  public let review: String
  /// The question; its period plays no part.
  public let query: ReportQuery

  /// A report on a review, as of the moment that the query is about.
  public init(_ review: String, _ query: ReportQuery) {
    self.review = review
    self.query = query
  }

  /// What is out of the ordinary.
  private enum What: String, CaseIterable {
    case overdue, undecided, refused, late, left, changed, erased

    var name: String {
      switch self {
      case .overdue: "Overdue"
      case .undecided: "Undecided"
      case .refused: "Refused to review what they did"
      case .late: "Decided after it was due"
      case .left: "Left since, or may not sign in any more"
      case .changed: "Changed in the directory since"
      case .erased: "Erased since"
      }
    }
  }

  /// One of them.
  private struct Exception {
    let what: What
    var alias = ""
    var person: Person?
    var reviewer = ""
    var time: Timestamp?
    var words = ""
    /// The event that shows it.
    let position: Int64
    var other: Int64?
  }

  /// The report. Throws `FaultCode.reviewUnknown`, and the faults of log, keys and views.
  public func document(of ledger: OpenLedger) throws -> ReportDocument {
    let matter = try ReviewMatter(review, query, in: ledger)
    let undecided = try undecided(matter, ledger)
    let all =
      overdue(matter) + undecided + refused(matter) + late(matter)
      + matter.listed.compactMap { moved($0, matter) } + erased(matter)
    return ReportDocument(
      name: "review-exceptions", title: "Access review \(review): what is out of the ordinary",
      about: try matter.about(ledger, rows: all.count), numbers: numbers(all, matter),
      chart: ("What it is", .all(all.map(\.what.rawValue))), columns: Self.columns, rows: all.map(row))
  }

  // MARK: What there is

  private func overdue(_ matter: ReviewMatter) -> [Exception] {
    let (review, due) = (matter.review, matter.review.started.due)
    let isClosedLate = review.closing.map { $0.point.time > due } == true
    guard review.isOverdue(at: query.asOf.moment) || isClosedLate else { return [] }
    let words = isClosedLate ? "closed after it was due" : "open although it was due"
    return [
      Exception(
        what: .overdue, time: due, words: words, position: review.point.position, other: review.closing?.point.position)
    ]
  }

  /// While a review is open and not overdue, nobody is missing yet.
  private func undecided(_ matter: ReviewMatter, _ ledger: OpenLedger) throws -> [Exception] {
    let review = matter.review
    guard !review.isOpen || review.isOverdue(at: query.asOf.moment) else { return [] }
    let end = review.closing
    return try matter.undecided.map { person in
      let removal = try review.verdicts[person.alias].map { try matter.removal(person.alias, $0, in: ledger) }
      let words = removal?.words ?? (end == nil ? "still open" : "keeps access")
      return Exception(
        what: .undecided, alias: person.alias, person: person, time: end?.point.time, words: words,
        position: end?.point.position ?? review.point.position, other: review.verdicts[person.alias]?.point.position)
    }
  }

  private func refused(_ matter: ReviewMatter) -> [Exception] {
    let people = Dictionary(matter.listed.map { ($0.alias, $0) }) { first, _ in first }
    return matter.review.refusals.map { refusal in
      Exception(
        what: .refused, alias: refusal.alias, person: people[refusal.alias], reviewer: refusal.refused.reviewer,
        time: refusal.point.time, words: "what they did is event \(refusal.refused.deed)",
        position: refusal.point.position, other: refusal.refused.deed)
    }
  }

  private func late(_ matter: ReviewMatter) -> [Exception] {
    matter.listed.compactMap { person in
      guard let verdict = matter.verdict(person.alias), verdict.point.time > matter.review.started.due else {
        return nil
      }
      return Exception(
        what: .late, alias: person.alias, person: person, reviewer: verdict.decided.reviewer ?? "",
        time: verdict.point.time, words: verdict.decided.decision.rawValue, position: verdict.point.position)
    }
  }

  private func moved(_ then: Person, _ matter: ReviewMatter) -> Exception? {
    guard let now = matter.now[then.alias], now.user != then.user || now.state != then.state else { return nil }
    let isGone = then.isActiveInSource && !now.isActiveInSource
    let names = (then.user?.attributes ?? [:]).map(\.key).filter {
      now.user?.attributes[$0] != then.user?.attributes[$0]
    }
    let words = isGone ? now.directoryWord : names.map(\.rawValue).sorted().joined(separator: ", ")
    return Exception(
      what: isGone ? .left : .changed, alias: then.alias, person: then, words: words, position: now.decisionPosition)
  }

  private func erased(_ matter: ReviewMatter) -> [Exception] {
    matter.gone.map { alias, erasure in
      let verdict = matter.review.verdicts[alias]
      let words = verdict.map { "had been decided: \($0.decided.decision.rawValue)" } ?? "was undecided"
      return Exception(
        what: .erased, alias: alias, time: erasure.time, words: words, position: erasure.position,
        other: verdict?.point.position)
    }
  }

  // MARK: How it is shown

  private func numbers(_ all: [Exception], _ matter: ReviewMatter) -> ReportNumbers {
    var numbers = ReportNumbers()
    for what in What.allCases where what != .erased {
      numbers.count(what.rawValue, what.name, all.filter { $0.what == what }.map(\.position))
    }
    numbers.say(What.erased.rawValue, What.erased.name, String(matter.erased), matter.erasures)
    return numbers
  }

  private static let columns = [
    ReportDocument.Column("what", "What"), ReportDocument.Column("userPrincipalName", "Sign-in name"),
    ReportDocument.Column("displayName", "Name", isInText: false),
    ReportDocument.Column("alias", "Alias", isInText: false), ReportDocument.Column("reviewer", "Reviewer"),
    ReportDocument.Column("time", "When"), ReportDocument.Column("words", "In words"),
    ReportDocument.Column("positions", "Events", isInText: false),
  ]

  private func row(_ exception: Exception) -> [String] {
    [
      exception.what.rawValue, exception.person?.user?[.userPrincipalName] ?? "",
      exception.person?.user?[.displayName] ?? "", exception.alias, exception.reviewer,
      exception.time?.description ?? "", exception.words, [exception.position, exception.other].cell,
    ]
  }
}
