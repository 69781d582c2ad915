import Base
public import Ledger
import Operations
import Provisioning
import Views

/// Who could sign in to TeamViewer at a moment: everybody whose account is active as far as the log knows, since when, and why.
public struct AccessReport: LedgerReport {
  /// The report's name.
  static let name = "access"

  /// The question; its period plays no part.
  public let query: ReportQuery

  /// A report for the moment that the query is about.
  public init(_ query: ReportQuery) { self.query = query }

  /// The report. Throws the faults of log, keys and views.
  public func document(of ledger: OpenLedger) throws -> ReportDocument {
    var since: [String: AccessChange.Point] = [:]
    let known = try ledger.views.people(at: query.asOf.position) { event, person in
      since[person.alias] = Self.since(since[person.alias], event, person)
    }
    let active = known.filter(\.hasActiveAccount).inOrder
    let population = "\(active.count) of \(known.count.people) whom the ledger knew have an active account"
    return Self.document(
      try query.about(ledger, population: population, rows: active.count), Self.numbers(known, active, since),
      active.map { Self.row($0, since[$0.alias]) })
  }

  /// The report of its parts.
  static func document(
    _ about: [ReportDocument.Fact], _ numbers: ReportNumbers, _ rows: [[String]]
  ) -> ReportDocument {
    ReportDocument(
      name: name, title: "Access: who could sign in to TeamViewer", about: about, numbers: numbers, columns: columns,
      rows: rows)
  }

  /// Since when an account is active, from what was known before an event, and the person after it.
  static func since(_ since: AccessChange.Point?, _ event: LoggedEvent, _ person: Person) -> AccessChange.Point? {
    person.hasActiveAccount ? since ?? AccessChange.Point(position: event.position, time: event.time) : nil
  }

  /// What is counted among the people who are known, and those with an active account, in order.
  static func numbers(
    _ known: [Person], _ active: [Person], _ since: [String: AccessChange.Point]
  ) -> ReportNumbers {
    var numbers = ReportNumbers()
    numbers.count("active", "Active accounts", active.compactMap { since[$0.alias]?.position })
    numbers.count(
      "unwanted", "Active though not wanted",
      active.filter(\.isUnwanted).compactMap { since[$0.alias]?.position })
    numbers.count(
      "erased", "Known people who were erased since", known.compactMap { $0.erasure?.position }.sorted())
    return numbers
  }

  static let columns = [
    ReportDocument.Column("userPrincipalName", "Sign-in name"), ReportDocument.Column("displayName", "Name"),
    ReportDocument.Column("alias", "Alias", isInText: false), ReportDocument.Column("accountId", "Account"),
    ReportDocument.Column("accountUserName", "Account's address", isInText: false),
    ReportDocument.Column("activeSince", "Active since"),
    ReportDocument.Column("directory", "Directory", isInText: false),
    ReportDocument.Column("wanted", "Wanted", isInText: false),
    ReportDocument.Column("why", "Why"), ReportDocument.Column("positions", "Events"),
  ]

  /// The cells of somebody whose account is active.
  static func row(_ person: Person, _ since: AccessChange.Point?) -> [String] {
    [
      person.user?[.userPrincipalName] ?? "", person.user?[.displayName] ?? "", person.alias,
      person.account.believed?.id ?? "", person.account.believed?.userName ?? "", since?.time.description ?? "",
      person.directoryWord, person.desired?.active == true ? "active" : "inactive",
      person.decision.map { Explanation.of($0) } ?? "",
      [since?.position, person.decision.map { _ in person.decisionPosition }].cell,
    ]
  }
}

extension Person {
  /// Whether nobody wants it to be.
  var isUnwanted: Bool { desired?.active != true }
}
