import GRDB
import JSON
public import Provisioning

/// What cycles over changes ask: about those whom they may concern, and about everybody in numbers alone.
extension ViewStore {
  /// The people whom a source, whichever, knows by one of some object ids.
  public func people(withObjectIDs ids: some Sequence<String>) throws -> [Person] {
    try people("SELECT state FROM person WHERE object_id = ?", each: ids)
  }

  /// The people with one of some aliases.
  public func people(withAliases aliases: some Sequence<String>) throws -> [Person] {
    try people("SELECT state FROM person WHERE alias = ?", each: aliases)
  }

  /// The people whom every cycle looks at, in the order of their aliases.
  public func unsettledPeople() throws -> [Person] {
    try ask { try Self.people($0, "SELECT state FROM person WHERE concern = ? ORDER BY alias", CycleConcern.always) }
  }

  /// Whether there is somebody whom every cycle looks at.
  public func hasUnsettledPeople() throws -> Bool {
    try ask { database in
      try Bool.fetchOne(
        database, sql: "SELECT EXISTS (SELECT 1 FROM person WHERE concern = ?)",
        arguments: [CycleConcern.always.rawValue]) ?? false
    }
  }

  /// Whether somebody's newest decision is held.
  public func hasHeldPeople() throws -> Bool {
    try ask { database in
      try Bool.fetchOne(
        database, sql: "SELECT EXISTS (SELECT 1 FROM delivery WHERE status = ? AND action = ?)",
        arguments: [DeliveryStatus.held.rawValue, Decision.Action.held.rawValue]) ?? false
    }
  }

  /// The people who are meant to have one of some folded addresses.
  public func people(withAddresses addresses: some Sequence<String>) throws -> [Person] {
    try people("SELECT state FROM person WHERE user_name = ?", each: addresses)
  }

  /// The people of some sources.
  public func people(ownedBy sources: some Sequence<DirectorySourceID>) throws -> [Person] {
    try people("SELECT state FROM person WHERE source = ? AND status <> 'erased'", each: sources.map(\.name))
  }

  /// The people who may be meant to have any address, beside those of `unsettledPeople`.
  public func peopleWithoutAddress() throws -> [Person] {
    try ask { try Self.people($0, "SELECT state FROM person WHERE concern = ?", CycleConcern.address) }
  }

  /// Whether a source owns anybody. Throws `FaultCode.viewsDamaged`.
  public func ownsSomebody(_ source: DirectorySourceID) throws -> Bool {
    try ask { database in
      try Bool.fetchOne(
        database, sql: "SELECT EXISTS (SELECT 1 FROM person WHERE source = ? AND status <> 'erased')",
        arguments: [source.name]) ?? false
    }
  }

  /// The people of each source, in numbers.
  public func populations() throws -> [DirectorySourceID: Population] {
    try ask { database in
      let rows = try Row.fetchAll(
        database,
        sql: """
          SELECT source, count(*), sum(active) FROM person
          WHERE source IS NOT NULL AND status <> 'erased' GROUP BY source
          """)
      return rows.reduce(into: [:]) { populations, row in
        populations[DirectorySourceID(row[0])] = Population(people: row[1], active: row[2])
      }
    }
  }

  /// The object ids of everybody present whom a source owns.
  public func presentObjectIDs(of source: DirectorySourceID) throws -> [String] {
    try ask { database in
      try String.fetchAll(
        database, sql: "SELECT object_id FROM person WHERE +source = ? AND directory = ? AND object_id IS NOT NULL",
        arguments: [source.name, DirectoryState.present.rawValue])
    }
  }

  /// Hands on the names of the app roles of everybody present whom a source owns, by their object ids, and the assigned
  /// groups whose direct members they were; nil for groups of which nothing is known.
  public func eachAssigned(
    by source: DirectorySourceID, _ take: (_ id: String, _ roles: [String], _ groups: [String]?) throws -> Void
  ) throws {
    try ask { database in
      let rows = try Row.fetchCursor(
        database,
        // Those of a source are most: their index would only lead back to the table, one by one.
        sql: """
          SELECT object_id, json_extract(state, ?), json_extract(state, ?) FROM person
          WHERE +source = ? AND directory = ? AND object_id IS NOT NULL
          """,
        arguments: [
          Self.path(.appRoleAssignments), Self.path(.assignedGroups), source.name, DirectoryState.present.rawValue,
        ])
      while let row = try rows.next() { try take(row[0], Self.texts(row[1]) ?? [], Self.texts(row[2])) }
    }
  }

  private static func path(_ attribute: DirectoryAttribute) -> String { "$.user.attributes.\(attribute.rawValue)" }

  private static func texts(_ json: String?) throws -> [String]? {
    try json.map { try JSONParser.parse($0.utf8).array?.compactMap(\.string) ?? [] }
  }

  private func people(_ sql: String, each keys: some Sequence<String>) throws -> [Person] {
    try read { database in
      let statement = try database.cachedStatement(sql: sql)
      return try keys.flatMap { key in
        try String.fetchAll(statement, arguments: [key]).map { try ViewsSQL.person($0) }
      }
    }
  }

  private static func people(_ database: Database, _ sql: String, _ concern: CycleConcern) throws -> [Person] {
    try String.fetchAll(database, sql: sql, arguments: [concern.rawValue]).map { try ViewsSQL.person($0) }
  }
}
