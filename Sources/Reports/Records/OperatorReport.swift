import Base
public import Ledger
import Provisioning

/// What people did with the ledger in a period: who, what, about whom, why. What the worker and schedules did is not in it.
///
/// Of an import, or a plan that was applied, there is one row, with the number of decisions: they are listed by
/// `audit --cycle`. The human is whom the machine told last before the deed; empty where it had told of nobody yet.
public struct OperatorReport: LedgerReport {
  /// The report's name.
  static let name = "operators"

  /// The question.
  public let query: ReportQuery

  /// A report on what was done in the query's period.
  public init(_ query: ReportQuery) { self.query = query }

  /// Who acts under an actor's id from a position on; nobody where that was erased.
  struct Seen {
    let position: Int64
    let stream: Stream
    let identity: OperatorIdentity?
  }

  /// What it is made of.
  struct Found {
    var deeds: [Deed] = []
    /// The newest observation of people, with its position.
    var observed: [String: (user: DirectoryUser, position: Int64)] = [:]
    var seen: [Actor: [Seen]] = [:]

    mutating func take(_ logged: LoggedEvent) {
      switch logged.payload {
      case .operatorSeen(let known):
        let seen = Seen(position: logged.position, stream: logged.stream, identity: known.identity)
        self.seen[Actor(known.actor), default: []].append(seen)
      case .userObserved(let known):
        guard let alias = logged.subject else { return }
        observed[alias] = known.user.id.isEmpty ? nil : (user: known.user, position: logged.position)
      default: break
      }
    }

    /// The person whom a deed is about; a plan is about nobody alone.
    func about(_ deed: Deed) -> (user: DirectoryUser, position: Int64)? {
      deed.isPlan ? nil : deed.row.subject.flatMap { observed[$0] }
    }

    /// Whom the machine had told of last when a deed was done.
    func human(of deed: Deed) -> Seen? { seen[deed.row.actor]?.last { $0.position < deed.row.position } }
  }

  /// The report. Throws the faults of log and keys.
  public func document(of ledger: OpenLedger) throws -> ReportDocument { try document(found(in: ledger), of: ledger) }

  /// What it is made of. Throws the faults of log and keys.
  func found(in ledger: OpenLedger) throws -> Found {
    var (fold, found) = (DeedFold(), Found())
    try query.forEach(DeedFold.types, in: query.span(in: ledger), ledger) { fold.take($0) }
    found.deeds = fold.deeds
    for alias in Set(found.deeds.filter { !$0.isPlan }.compactMap(\.row.subject)) {
      for event in try query.events(about: alias, in: ledger).events { found.take(event) }
    }
    try query.forEach([OperatorSeen.type], in: 1..<query.asOf.position + 1, ledger) { found.take($0) }
    return found
  }

  func document(_ found: Found, of ledger: OpenLedger) throws -> ReportDocument {
    let deeds = found.deeds
    let population = "all \(deeds.count.of("deed")) of people recorded in the period"
    let about = try query.about(ledger, population: population, rows: deeds.count)
    return document(about, found, deeds.map { row($0, found) })
  }

  /// The report of its parts.
  func document(_ about: [ReportDocument.Fact], _ found: Found, _ rows: [[String]]) -> ReportDocument {
    ReportDocument(
      name: Self.name, title: "Operators: what people did with the ledger", about: about,
      numbers: numbers(found.deeds), chart: ("What was done", .all(found.deeds.map(\.action))), columns: Self.columns,
      rows: rows)
  }

  private func numbers(_ deeds: [Deed]) -> ReportNumbers {
    var numbers = ReportNumbers()
    func count(_ key: String, _ name: String, _ isIn: (AuditRow) -> Bool) {
      numbers.count(key, name, deeds.map(\.row).filter(isIn).map(\.position))
    }
    let isLook: (AuditRow) -> Bool = { $0.type == DataViewed.type }
    let isExport: (AuditRow) -> Bool = { $0.type == ReportExported.type }
    count("deeds", "Deeds") { _ in true }
    count("looks", "Looks at data") { isLook($0) }
    count("exports", "Data taken out") { isExport($0) }
    count("acts", "Everything else") { !isLook($0) && !isExport($0) }
    var firsts: [Actor: Int64] = [:]
    for deed in deeds where firsts[deed.row.actor] == nil { firsts[deed.row.actor] = deed.row.position }
    numbers.count("actors", "People who acted", firsts.values.sorted())
    return numbers
  }

  static let columns = [
    ReportDocument.Column("time", "When"), ReportDocument.Column("actor", "Actor"),
    ReportDocument.Column("human", "Human", isInText: false), ReportDocument.Column("action", "Action"),
    ReportDocument.Column("status", "Status", isInText: false), ReportDocument.Column("reason", "Reason"),
    ReportDocument.Column("userPrincipalName", "About"), ReportDocument.Column("alias", "Alias", isInText: false),
    ReportDocument.Column("people", "Decisions", isInText: false), ReportDocument.Column("words", "In words"),
    ReportDocument.Column("correlation", "Cycle or work", isInText: false),
    ReportDocument.Column("type", "Event type", isInText: false, isInPage: false),
    ReportDocument.Column("positions", "Event"),
  ]

  func row(_ deed: Deed, _ found: Found) -> [String] {
    let row = deed.row
    let status = deed.shared(\.outcome.status.rawValue) ?? ""
    let reason = deed.shared { $0.outcome.reason ?? "" } ?? ""
    let subject = deed.shared { $0.subject ?? "" } ?? ""
    return [
      row.time.description, row.actor.description, found.human(of: deed)?.identity?.sentence ?? "", deed.action, status,
      reason, found.about(deed)?.user[.userPrincipalName] ?? "", subject, deed.isPlan ? String(deed.count) : "",
      deed.words, row.cycle ?? row.correlation ?? "", row.type, String(row.position),
    ]
  }
}

extension OperatorIdentity {
  /// The members that `sentence` is made of.
  static let said: Set<String> = ["host", "invoker", "login", "loginName", "name"]

  fileprivate var sentence: String {
    let before = invoker ?? loginName
    let through = before.flatMap { $0 == login ? nil : ", signed in as \($0)" } ?? ""
    return "\(name ?? login) on \(host)\(through)"
  }
}
