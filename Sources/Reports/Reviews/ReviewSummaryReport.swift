import Base
public import Ledger
import Provisioning

/// An access review in short: what was asked, how it is known to be complete, and what each reviewer did.
public struct ReviewSummaryReport: LedgerReport {
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
    let reviewers = matter.review.started.reviewers
    return ReportDocument(
      name: "review-summary", title: "Access review \(review): in short",
      about: try matter.about(ledger, rows: reviewers.count), numbers: matter.numbers,
      chart: ("What was decided", bars(matter)), columns: Self.columns, rows: reviewers.map { row($0, matter.review) })
  }

  private func bars(_ matter: ReviewMatter) -> [ReportDocument.Bar] {
    let said = matter.review.verdicts.values.filter { $0.decided.reviewer != nil }
    return ReviewDecision.allCases.map { decision in
      ReportDocument.Bar(name: decision.rawValue, count: said.count { $0.decided.decision == decision })
    } + [ReportDocument.Bar(name: "undecided", count: matter.undecided.count)]
  }

  private static let columns = [
    ReportDocument.Column("reviewer", "Reviewer"), ReportDocument.Column("kept", "Kept"),
    ReportDocument.Column("removed", "Removed"), ReportDocument.Column("refused", "Refused"),
    ReportDocument.Column("firstAt", "First decision"), ReportDocument.Column("lastAt", "Last decision"),
    ReportDocument.Column("positions", "Events", isInText: false),
  ]

  private func row(_ reviewer: String, _ review: Review) -> [String] {
    let said = review.verdicts.values.filter { $0.decided.reviewer == reviewer }
      .sorted { $0.point.position < $1.point.position }
    let refused = review.refusals.filter { $0.refused.reviewer == reviewer }
    let points = said.map(\.point.position) + refused.map(\.point.position)
    return [
      reviewer, String(said.count { $0.decided.decision == .keep }),
      String(said.count { $0.decided.decision == .remove }), String(refused.count),
      said.first?.point.time.description ?? "", said.last?.point.time.description ?? "",
      points.map(Optional.some).cell,
    ]
  }
}
