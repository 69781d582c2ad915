import Base
public import Ledger
import Operations
import Provisioning
import Views

/// Everybody of whom the ledger ever held anything, as a record of processing wants it (GDPR, Articles 30 and 15): who, from which
/// source, since when, how much, and whether it is held or erased.
public struct RegisterReport: LedgerReport {
  /// The question; its period plays no part.
  public let query: ReportQuery

  /// A register as of the moment that the query is about.
  public init(_ query: ReportQuery) { self.query = query }

  /// What the log holds of one person.
  private struct Extent {
    var count = 0
    var first: LoggedEvent
    var last: LoggedEvent
  }

  /// The report. Throws the faults of log, keys and views.
  public func document(of ledger: OpenLedger) throws -> ReportDocument {
    var extents: [String: Extent] = [:]
    let people = try ledger.views.people(at: query.asOf.position) { event, person in
      var extent = extents[person.alias] ?? Extent(first: event, last: event)
      (extent.count, extent.last) = (extent.count + 1, event)
      extents[person.alias] = extent
    }.inOrder
    let rows = people.compactMap { person in extents[person.alias].map { row(person, $0) } }
    let population = "everybody whom the log knows of, \(people.count.people), erased ones too"
    return ReportDocument(
      name: "register", title: "Register: everybody whom the ledger knows or knew",
      about: try query.about(ledger, population: population, rows: rows.count) + kept(people),
      numbers: numbers(people, extents), chart: ("How they stand", .all(people.map { PersonStatus($0).rawValue })),
      columns: Self.columns, rows: rows)
  }

  /// What is processed of people, and how it ends.
  private func kept(_ people: [Person]) -> [ReportDocument.Fact] {
    let names = Set(people.flatMap { ($0.user?.attributes ?? [:]).map(\.key.rawValue) }).sorted()
    return [
      ReportDocument.Fact("keptOfDirectory", "Kept of the directory", (["object id"] + names).joined(separator: ", ")),
      ReportDocument.Fact(
        "keptOfTeamViewer", "Kept of TeamViewer",
        "the account's id, address, name, and whether it is active; calls and their answers"),
      ReportDocument.Fact(
        "ends", "How it ends",
        "sealed under a key of the person's own; `provledger erase` destroys it, and the events stay"),
    ]
  }

  private func numbers(_ people: [Person], _ extents: [String: Extent]) -> ReportNumbers {
    var numbers = ReportNumbers()
    func count(_ key: String, _ name: String, _ isIn: (Person) -> Bool) {
      numbers.count(key, name, people.filter(isIn).compactMap { extents[$0.alias]?.first.position }.sorted())
    }
    count("people", "People ever") { _ in true }
    count("present", "In the directory") { $0.erasure == nil && $0.isPresent }
    count("gone", "No longer in the directory") { $0.erasure == nil && !$0.isPresent }
    count("accounts", "With an active account") { $0.hasActiveAccount }
    count("held", "Under a legal hold") { $0.legalHold != nil }
    count("erased", "Erased") { $0.erasure != nil }
    return numbers
  }

  private static let columns = [
    ReportDocument.Column("userPrincipalName", "Sign-in name"), ReportDocument.Column("displayName", "Name"),
    ReportDocument.Column("alias", "Alias"), ReportDocument.Column("objectId", "Object id", isInText: false),
    ReportDocument.Column("source", "Source"), ReportDocument.Column("directory", "Directory"),
    ReportDocument.Column("status", "Status"), ReportDocument.Column("accountId", "Account", isInText: false),
    ReportDocument.Column("firstAt", "Since"), ReportDocument.Column("lastAt", "Last event", isInText: false),
    ReportDocument.Column("events", "Events"), ReportDocument.Column("heldAt", "Held since", isInText: false),
    ReportDocument.Column("erasedAt", "Erased"), ReportDocument.Column("erasureReason", "Reason", isInText: false),
    ReportDocument.Column("positions", "First and last", isInText: false),
  ]

  private func row(_ person: Person, _ extent: Extent) -> [String] {
    let isErased = person.erasure != nil
    return [
      person.user?[.userPrincipalName] ?? "", person.user?[.displayName] ?? "", person.alias, person.user?.id ?? "",
      person.source?.name ?? "", isErased ? "" : person.directoryWord, PersonStatus(person).rawValue,
      person.account.believed?.id ?? "", extent.first.time.description, extent.last.time.description,
      String(extent.count), person.legalHold?.time.description ?? "", person.erasure?.time.description ?? "",
      person.erasure?.reason.code ?? "",
      [extent.first.position, extent.last.position, person.legalHold?.position, person.erasure?.position].cell,
    ]
  }
}
