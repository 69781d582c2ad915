import Base
import GRDB
import JSON
import Provisioning

/// The SQL that both the projection and the queries need.
enum ViewsSQL {
  static let unreadable = Fault(
    .viewsDamaged, "A row of views.sqlite cannot be read; run `provledger views rebuild`.")

  /// One of a choice of words; a word that is none of them was not written by the projection.
  static func word<Word: RawRepresentable<String>>(_ text: String) throws -> Word {
    guard let word = Word(rawValue: text) else { throw unreadable }
    return word
  }

  static func position(_ database: Database) throws -> Int64 {
    try Int64.fetchOne(database.cachedStatement(sql: "SELECT position FROM checkpoint")) ?? 0
  }

  static func hasNobody(_ database: Database) throws -> Bool {
    try Bool.fetchOne(database, sql: "SELECT NOT EXISTS (SELECT 1 FROM person)") ?? true
  }

  static func person(_ alias: String, _ database: Database) throws -> Person? {
    let statement = try database.cachedStatement(sql: "SELECT state FROM person WHERE alias = ?")
    return try String.fetchOne(statement, arguments: [alias]).flatMap(person)
  }

  static func person(_ state: String) throws -> Person {
    guard let person = Person(try JSONParser.parse(state.utf8)) else { throw unreadable }
    return person
  }

  static func condition(_ database: Database) throws -> TargetCondition {
    let text = try String.fetchOne(database, sql: "SELECT condition FROM target") ?? "{}"
    return TargetCondition(try JSONParser.parse(text.utf8))
  }
}
