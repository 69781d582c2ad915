import Base
import Ledger
import Operations
import Provisioning
import Views

/// What the four reports on an access review rest on: the review, whom it asks about as they were then, and as they are at the
/// moment of the report.
struct ReviewMatter {
  let query: ReportQuery
  let review: Review
  /// Whom it asks about, by sign-in name; those who were erased since are not among them.
  let listed: [Person]
  /// Everybody at the moment of the report, by alias.
  let now: [String: Person]
  /// Whom it asks about and who was erased since, at whatever time, decided or not, as far as that stands in clear.
  let gone: [(alias: String, erasure: AccessChange.Point)]

  /// Reads it. Throws `FaultCode.reviewUnknown`, and the faults of log, keys and views.
  init(_ id: String, _ query: ReportQuery, in ledger: OpenLedger) throws {
    self.query = query
    review = try ledger.review(id, upTo: query.asOf.position)
    listed = try ledger.listed(at: review.started.position).inOrder
    let people = try ledger.views.people(at: query.asOf.position)
    now = Dictionary(people.map { ($0.alias, $0) }) { first, _ in first }
    gone = try Self.gone(review, query, in: ledger)
  }

  private static func gone(
    _ review: Review, _ query: ReportQuery, in ledger: OpenLedger
  ) throws -> [(alias: String, erasure: AccessChange.Point)] {
    var gone: [String: AccessChange.Point] = [:]
    try query.forEach([SubjectErased.type], in: review.point.position + 1..<Int64.max, ledger) { logged in
      guard case .user(let alias) = logged.stream, gone[alias] == nil else { return }
      let events = try query.events(about: alias, in: ledger).events
      let access = ClearAccess(events.filter { $0.position <= review.started.position })
      if access.isActive || review.verdicts[alias] != nil { gone[alias] = AccessChange.Point(logged) }
    }
    return gone.map { (alias: $0.key, erasure: $0.value) }.sorted { $0.alias < $1.alias }
  }

  /// How many it asks about of whom that is not known any more, since they were erased.
  var erased: Int { review.started.count - listed.count }

  /// Where their erasures stand.
  var erasures: [Int64] { gone.map { $0.erasure.position }.sorted() }

  /// Whom a reviewer decided about, and who was erased since.
  var erasedAliases: [String] { gone.map { $0.alias }.filter { review.verdicts[$0] != nil } }

  /// A reviewer's decision about a person; nil for what closing decided, and for none.
  func verdict(_ alias: String) -> Review.Verdict? {
    review.verdicts[alias].flatMap { $0.decided.reviewer == nil ? nil : $0 }
  }

  /// Those of whom no reviewer said anything.
  var undecided: [Person] { listed.filter { verdict($0.alias) == nil } }

  /// What page one says of every report on a review.
  func about(_ ledger: OpenLedger, rows: Int) throws -> [ReportDocument.Fact] {
    let started = review.started
    let gone = erased > 0 ? "; \(erased) of them were erased since" : ""
    let population =
      "everybody whose account was active at \(started.asOf) (event \(started.position)): \(started.count.people), counted when the review began\(gone)"
    let end = review.closing.map { "\($0.point.time) by \($0.actor), undecided: \($0.closed.undecided.rawValue)" }
    return try query.about(ledger, population: population, rows: rows) + [
      ReportDocument.Fact("review", "Review", review.id),
      ReportDocument.Fact("started", "Begun", "\(review.point.time) by \(review.actor)"),
      ReportDocument.Fact("reviewers", "Reviewers", started.reviewers.joined(separator: ", ")),
      ReportDocument.Fact("due", "Due", started.due.description),
      ReportDocument.Fact("closed", "Closed", end ?? (review.isOverdue(at: query.asOf.moment) ? "no, overdue" : "no")),
    ]
  }

  /// What every report counts.
  var numbers: ReportNumbers {
    var numbers = ReportNumbers()
    func said(_ decision: ReviewDecision) -> [Int64] {
      review.verdicts.values.filter { $0.decided.reviewer != nil && $0.decided.decision == decision }.map(
        \.point.position)
    }
    numbers.say("people", "People", String(review.started.count), [review.point.position])
    numbers.count("kept", "Access kept", said(.keep))
    numbers.count("removed", "Access removed", said(.remove))
    let basis = [review.point.position] + [review.closing?.point.position].compactMap { $0 }
    numbers.say("undecided", "Undecided", String(undecided.count), basis)
    numbers.say("erased", "Erased since", String(erased), erasures)
    numbers.count("refused", "Refused to review what they did", review.refusals.map(\.point.position))
    return numbers
  }
}
