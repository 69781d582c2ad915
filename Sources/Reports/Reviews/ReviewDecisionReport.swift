import Base
public import Ledger
import Provisioning

/// Everybody whom an access review asks about, with what was decided, by whom, when and why. As CSV it is the file that reviewers
/// fill in: `provledger review decide ID --from`.
public struct ReviewDecisionReport: LedgerReport {
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
    let rows = matter.listed.map { row($0.alias, $0, matter) } + matter.erasedAliases.map { row($0, nil, matter) }
    return ReportDocument(
      name: "review-decisions", title: "Access review \(review): every decision",
      about: try matter.about(ledger, rows: rows.count), numbers: matter.numbers, columns: Self.columns, rows: rows)
  }

  private static let columns = [
    ReportDocument.Column("userPrincipalName", "Sign-in name"), ReportDocument.Column("displayName", "Name"),
    ReportDocument.Column("alias", "Alias", isInText: false),
    ReportDocument.Column("accountId", "Account", isInText: false), ReportDocument.Column("decision", "Decision"),
    ReportDocument.Column("rationale", "Why"), ReportDocument.Column("reviewer", "Reviewer"),
    ReportDocument.Column("decidedAt", "Decided"),
    ReportDocument.Column("note", "Note", isInText: false),
    ReportDocument.Column("positions", "Events", isInText: false),
  ]

  private func row(_ alias: String, _ person: Person?, _ matter: ReviewMatter) -> [String] {
    let verdict = matter.review.verdicts[alias]
    let byClosing = verdict.map { $0.decided.reviewer == nil } == true
    return [
      person?.user?[.userPrincipalName] ?? "", person?.user?[.displayName] ?? "", alias,
      person?.account.believed?.id ?? "", verdict?.decided.decision.rawValue ?? "", verdict?.decided.rationale ?? "",
      verdict?.decided.reviewer ?? "", verdict?.point.time.description ?? "",
      person == nil ? "erased since" : byClosing ? "undecided, by closing" : "",
      [verdict?.point.position].cell,
    ]
  }
}
