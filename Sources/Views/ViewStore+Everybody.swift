import GRDB
public import Provisioning

/// Everybody at once.
extension ViewStore {
  /// How many people are read from their rows at a time, on two threads.
  private static let piece = 1024

  /// Everybody, in the order of their aliases, and the position that this shows.
  public func people() throws -> (people: [Person], position: Int64) {
    try read { database in
      var (people, piece): ([Person], [String]) = ([], [])
      let states = try String.fetchCursor(database, sql: "SELECT state FROM person ORDER BY alias")
      while let state = try states.next() {
        piece.append(state)
        guard piece.count == Self.piece else { continue }
        people += try Beside.map(piece[...]) { try ViewsSQL.person($0) }
        piece = []
      }
      people += try piece.map { try ViewsSQL.person($0) }
      return (people, try ViewsSQL.position(database))
    }
  }

  /// The aliases of everybody who was not erased. Throws `FaultCode.viewsDamaged`.
  public func livingAliases() throws -> [String] { try people().people.filter { $0.erasure == nil }.map(\.alias) }
}
