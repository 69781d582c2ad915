import Base
public import Ledger
import Operations
import Provisioning
import Views

/// Who could sign in to TeamViewer at a moment: everybody whose account is active as far as the log knows, since when, and why.
public struct AccessReport: Sendable {
  /// The question; its period plays no part.
  public let query: ReportQuery

  /// A report for the moment that the query is about.
  public init(_ query: ReportQuery) { self.query = query }

  /// The report. Throws the faults of log, keys and views.
  public func document(of ledger: OpenLedger) throws -> ReportDocument {
    let known = try ledger.views.people(at: query.asOf.position)
    let active = known.filter { $0.account.believed?.active == true }.inOrder
    let rows = try active.map { person in
      (person, since: try query.events(about: person.alias, in: ledger).events.activeSince)
    }
    let population = "\(active.count) of \(known.count.people) whom the ledger knew have an active account"
    return ReportDocument(
      name: "access", title: "Access: who could sign in to TeamViewer",
      about: try query.about(ledger, population: population, rows: rows.count), counts: counts(known, active),
      positions: ["active": rows.compactMap { $0.since?.position }], chart: ("", []), columns: Self.columns,
      rows: rows.map(row))
  }

  private func counts(_ known: [Person], _ active: [Person]) -> [ReportDocument.Fact] {
    [
      ReportDocument.Fact("active", "Active accounts", String(active.count)),
      ReportDocument.Fact(
        "unwanted", "Active though not wanted", String(active.count { $0.desired?.active != true })),
      ReportDocument.Fact("erased", "Known people who were erased since", String(known.count { $0.erasure != nil })),
    ]
  }

  private static let columns = [
    ReportDocument.Column("userPrincipalName", "Sign-in name"), ReportDocument.Column("displayName", "Name"),
    ReportDocument.Column("alias", "Alias", isInText: false), ReportDocument.Column("accountId", "Account"),
    ReportDocument.Column("accountUserName", "Account's address", isInText: false),
    ReportDocument.Column("activeSince", "Active since"),
    ReportDocument.Column("directory", "Directory", isInText: false),
    ReportDocument.Column("wanted", "Wanted", isInText: false),
    ReportDocument.Column("why", "Why"), ReportDocument.Column("positions", "Events"),
  ]

  private func row(_ person: Person, _ since: AccessChange.Point?) -> [String] {
    let positions = Set([since?.position, person.decision.map { _ in person.decisionPosition }].compactMap { $0 })
    return [
      person.user?[.userPrincipalName] ?? "", person.user?[.displayName] ?? "", person.alias,
      person.account.believed?.id ?? "", person.account.believed?.userName ?? "", since?.time.description ?? "",
      person.directoryWord, person.desired?.active == true ? "active" : "inactive",
      person.decision.map { Explanation.of($0.action, $0.reason) } ?? "",
      positions.sorted().map(String.init).joined(separator: " "),
    ]
  }
}

extension [LoggedEvent] {
  /// The event since which the person's account has been active without a break, by what the log knew; nil where it is not.
  fileprivate var activeSince: AccessChange.Point? {
    var person = Person(alias: "")
    var since: AccessChange.Point?
    for event in self {
      person.evolve(event)
      let isActive = person.account.believed?.active == true
      if !isActive { since = nil }
      if isActive, since == nil { since = AccessChange.Point(position: event.position, time: event.time) }
    }
    return since
  }
}
