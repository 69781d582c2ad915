import Base
public import Ledger
import Provisioning

/// What became of each removal of an access review: decided, sent, confirmed, read back.
public struct ReviewRemovalReport: LedgerReport {
  /// The review.
  public let review: String
  /// The question; its period plays no part.
  public let query: ReportQuery

  /// A report on a review, as of the moment that the query is about.
  public init(_ review: String, _ query: ReportQuery) {
    self.review = review
    self.query = query
  }

  /// The report. Throws `FaultCode.reviewUnknown`, and the faults of log, keys and views.
  public func document(of ledger: OpenLedger) throws -> ReportDocument {
    let matter = try ReviewMatter(review, query, in: ledger)
    let people = Dictionary(matter.listed.map { ($0.alias, $0) }) { first, _ in first }
    let removals = try matter.review.verdicts.filter { $0.value.decided.decision == .remove }
      .sorted { $0.value.point.position < $1.value.point.position }
      .map { try matter.removal($0.key, $0.value, in: ledger) }
    return ReportDocument(
      name: "review-removals", title: "Access review \(review): what became of each removal",
      about: try matter.about(ledger, rows: removals.count), numbers: numbers(removals),
      chart: ("How far they are", .all(removals.map(\.status))), columns: Self.columns,
      rows: removals.map { row($0, people[$0.alias]) })
  }

  private func numbers(_ removals: [ReviewRemoval]) -> ReportNumbers {
    var numbers = ReportNumbers()
    func count(_ key: String, _ name: String, _ isIn: (ReviewRemoval) -> Bool) {
      numbers.count(key, name, removals.filter(isIn).map(\.verdict.point.position))
    }
    count("removals", "Removals") { _ in true }
    count("done", "Read back as inactive") { $0.change?.ended != nil }
    count("open", "Not done yet") { $0.change != nil && $0.change?.ended == nil && $0.change?.status != .superseded }
    count("superseded", "Replaced by a later decision") { $0.change?.status == .superseded }
    count("held", "Held by the safeguard") { $0.change == nil && $0.standing == .held }
    count("active", "Not carried out: the account is active") { $0.change == nil && $0.standing == .active }
    count("noAccess", "Without access already") { $0.change == nil && $0.standing == .noAccess }
    count("erased", "Erased before anything was changed") { $0.change == nil && $0.standing == .erased }
    count("byClosing", "By closing, undecided") { $0.verdict.decided.reviewer == nil }
    let spans = Durations(removals.compactMap(\.milliseconds))
    let done = numbers.positions["done"] ?? []
    numbers.say("median", "Median", spans.percentile(50).map(Durations.words) ?? "-", done)
    numbers.say("worst", "Longest", spans.percentile(100).map(Durations.words) ?? "-", done)
    return numbers
  }

  private static let columns = [
    ReportDocument.Column("userPrincipalName", "Sign-in name"),
    ReportDocument.Column("displayName", "Name", isInText: false),
    ReportDocument.Column("alias", "Alias", isInText: false),
    ReportDocument.Column("reviewer", "Reviewer", isInText: false),
    ReportDocument.Column("rationale", "Why", isInText: false), ReportDocument.Column("status", "Status"),
    ReportDocument.Column("removedAt", "Decided"), ReportDocument.Column("sentAt", "Sent"),
    ReportDocument.Column("confirmedAt", "Confirmed"), ReportDocument.Column("verifiedAt", "Read back"),
    ReportDocument.Column("duration", "Took"),
    ReportDocument.Column("milliseconds", "Milliseconds", isInText: false, isInPage: false),
    ReportDocument.Column("positions", "Events", isInText: false),
  ]

  private func row(_ removal: ReviewRemoval, _ person: Person?) -> [String] {
    let points = [removal.change?.sent, removal.change?.confirmed, removal.change?.verified]
    let decided = [removal.verdict.point.position, removal.change?.decided.position]
    return [
      person?.user?[.userPrincipalName] ?? "", person?.user?[.displayName] ?? "", removal.alias,
      removal.verdict.decided.reviewer ?? "", removal.verdict.decided.rationale ?? "", removal.status,
      removal.verdict.point.time.description,
    ] + points.map { $0?.time.description ?? "" } + [
      removal.milliseconds.map(Durations.words) ?? "", removal.milliseconds.map(String.init) ?? "",
      (decided + points.map { $0?.position }).cell,
    ]
  }
}
