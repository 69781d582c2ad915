import Base
import GRDB
import JSON
import Provisioning

/// A person, or operator, as the events so far leave them: what the row of the next event is made with.
final class AuditSubject {
  let id: Int64
  private let alias: String
  /// The person; nil for an operator.
  private(set) var person: Person?
  /// The position of the event that says that it is erased.
  var erased: Int64? { didSet { isChanged = true } }
  private var shown: String?
  /// The values and words that are written already.
  private var values: Set<String>
  private var words: Set<String>
  private(set) var isChanged = false

  private init(_ id: Int64, _ alias: String, _ person: Person?, values: Set<String> = [], words: Set<String> = []) {
    (self.id, self.alias, self.person, self.values, self.words) = (id, alias, person, values, words)
  }

  var isErased: Bool { erased != nil }

  /// The streams of its events.
  var streams: [String] {
    let streams: [Stream] = person == nil ? [.operator(alias)] : [.user(alias), .account(alias)]
    return streams.map(\.description)
  }

  /// Takes over an event.
  func take(_ logged: LoggedEvent) {
    person?.evolve(logged)
    if case .operatorSeen(let seen) = logged.payload { shown = isErased ? nil : seen.identity?.login }
    isChanged = true
  }

  /// Takes over names, and returns what of them was not known: values as they are compared, and their words.
  func learn(_ names: [AuditName]) -> AuditValues {
    var new = AuditValues()
    for name in names {
      let value = Address.folded(name.value)
      guard values.insert(value).inserted else { continue }
      new.values.append((value, name.isName))
      new.words += AuditWords.of(value).filter { words.insert($0).inserted }
    }
    return new
  }

  /// Forgets everything, before its events are taken over again.
  func forget() {
    person = person.map { _ in Person(alias: alias) }
    (values, words, shown) = ([], [], nil)
    isChanged = true
  }
}

/// What is new about a subject.
struct AuditValues {
  var values: [(value: String, isName: Bool)] = []
  var words: [String] = []
}

extension AuditSubject {
  /// The subject of an alias; nil when no event about it was taken over.
  static func find(_ alias: String, _ database: Database) throws -> AuditSubject? {
    let statement = try database.cachedStatement(sql: "SELECT id, shown, erased, state FROM subject WHERE alias = ?")
    guard let row = try Row.fetchOne(statement, arguments: [alias]) else { return nil }
    let id: Int64 = row["id"]
    let person = try (row["state"] as String?).flatMap { Person(try JSONParser.parse($0.utf8)) }
    let subject = AuditSubject(
      id, alias, person, values: try texts("SELECT value FROM name WHERE subject = ?", id, database),
      words: try texts("SELECT word FROM person_word WHERE subject = ?", id, database))
    (subject.shown, subject.erased) = (row["shown"], row["erased"])
    subject.isChanged = false
    return subject
  }

  private static func texts(_ sql: String, _ id: Int64, _ database: Database) throws -> Set<String> {
    try String.fetchSet(database.cachedStatement(sql: sql), arguments: [id])
  }

  /// A new one, for the first event about it.
  static func make(_ stream: Stream, _ alias: String, _ database: Database) throws -> AuditSubject {
    try database.cachedStatement(sql: "INSERT INTO subject (alias) VALUES (?)").execute(arguments: [alias])
    let id = database.lastInsertedRowID
    if case .operator = stream { return AuditSubject(id, alias, nil) }
    return AuditSubject(id, alias, Person(alias: alias))
  }

  func save(_ database: Database) throws {
    if let person { shown = person.user?[.userPrincipalName] ?? person.account.userName }
    try database.cachedStatement(sql: "UPDATE subject SET shown = ?, erased = ?, state = ? WHERE id = ?")
      .execute(arguments: [shown, erased, person?.json.text, id])
    isChanged = false
  }
}
