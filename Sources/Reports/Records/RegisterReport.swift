import Base
public import Ledger
import Operations
import Provisioning
import Views

/// Everybody of whom the ledger ever held anything, as a record of processing wants it (GDPR, Articles 30 and 15): who, from which
/// source, since when, how much, and whether it is held or erased.
public struct RegisterReport: LedgerReport {
  /// The report's name.
  static let name = "register"

  /// The question; its period plays no part.
  public let query: ReportQuery

  /// A register as of the moment that the query is about.
  public init(_ query: ReportQuery) { self.query = query }

  /// What the log holds of one person.
  struct Extent {
    let first: LoggedEvent
    private(set) var last: LoggedEvent
    private(set) var count = 1

    init(_ first: LoggedEvent) { (self.first, last) = (first, first) }

    mutating func take(_ event: LoggedEvent) { (last, count) = (event, count + 1) }
  }

  /// What it is made of: everybody in the order of the rows, and what the log holds of each.
  struct Found {
    var people: [Person] = []
    private(set) var extents: [String: Extent] = [:]

    mutating func take(_ event: LoggedEvent, of alias: String) {
      guard extents[alias] != nil else { return extents[alias] = Extent(event) }
      extents[alias]?.take(event)
    }
  }

  /// The report. Throws the faults of log, keys and views.
  public func document(of ledger: OpenLedger) throws -> ReportDocument { try document(found(in: ledger), of: ledger) }

  /// What it is made of. Throws the faults of log, keys and views.
  func found(in ledger: OpenLedger) throws -> Found {
    var found = Found()
    found.people = try ledger.views.people(at: query.asOf.position) { event, person in
      found.take(event, of: person.alias)
    }.inOrder
    return found
  }

  func document(_ found: Found, of ledger: OpenLedger) throws -> ReportDocument {
    let people = found.people
    let population = "everybody whom the log knows of, \(people.count.people), erased ones too"
    let about = try query.about(ledger, population: population, rows: people.count)
    return document(about, kept: Self.names(of: people), numbers(found), rows(found))
  }

  /// The report of its parts; `names` are the attributes that are kept of people.
  func document(
    _ about: [ReportDocument.Fact], kept names: String, _ numbers: ReportNumbers, _ rows: [[String]]
  ) -> ReportDocument {
    let status = Self.columns.firstIndex { $0.key == "status" } ?? 0
    return ReportDocument(
      name: Self.name, title: "Register: everybody whom the ledger knows or knew", about: about + kept(names),
      numbers: numbers, chart: ("How they stand", .all(rows.map { $0[status] })), columns: Self.columns, rows: rows)
  }

  /// What is kept of people in the directory.
  static func names(of people: [Person]) -> String {
    let names = Set(people.flatMap { ($0.user?.attributes ?? [:]).map(\.key.rawValue) }).sorted()
    return (["object id"] + names).joined(separator: ", ")
  }

  /// What is processed of people, and how it ends.
  private func kept(_ names: String) -> [ReportDocument.Fact] {
    [
      ReportDocument.Fact(Self.keptNames, "Kept of the directory", names),
      ReportDocument.Fact(
        "keptOfTeamViewer", "Kept of TeamViewer",
        "the account's id, address, name, and whether it is active; calls and their answers"),
      ReportDocument.Fact(
        "ends", "How it ends",
        "sealed under a key of the person's own; `provledger erase` destroys it, and the events stay"),
    ]
  }

  /// As page one names what is kept of people.
  static let keptNames = "keptOfDirectory"

  func numbers(_ found: Found) -> ReportNumbers {
    var numbers = ReportNumbers()
    func count(_ key: String, _ name: String, _ isIn: (Person) -> Bool) {
      numbers.count(key, name, found.people.filter(isIn).compactMap { found.extents[$0.alias]?.first.position })
    }
    count("people", "People ever") { _ in true }
    count("present", "In the directory") { $0.erasure == nil && $0.isPresent }
    count("gone", "No longer in the directory") { $0.erasure == nil && !$0.isPresent }
    count("accounts", "With an active account") { $0.hasActiveAccount }
    count("held", "Under a legal hold") { $0.legalHold != nil }
    count("erased", "Erased") { $0.erasure != nil }
    return numbers
  }

  static let columns = [
    ReportDocument.Column("userPrincipalName", "Sign-in name"), ReportDocument.Column("displayName", "Name"),
    ReportDocument.Column("alias", "Alias"), ReportDocument.Column("objectId", "Object id", isInText: false),
    ReportDocument.Column("source", "Source"), ReportDocument.Column("directory", "Directory"),
    ReportDocument.Column("status", "Status"), ReportDocument.Column("accountId", "Account", isInText: false),
    ReportDocument.Column("firstAt", "Since"), ReportDocument.Column("lastAt", "Last event", isInText: false),
    ReportDocument.Column("events", "Events"), ReportDocument.Column("heldAt", "Held since", isInText: false),
    ReportDocument.Column("erasedAt", "Erased"), ReportDocument.Column("erasureReason", "Reason", isInText: false),
    ReportDocument.Column("positions", "First and last", isInText: false),
  ]

  func rows(_ found: Found) -> [[String]] {
    found.people.compactMap { person in found.extents[person.alias].map { row(person, $0) } }
  }

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
