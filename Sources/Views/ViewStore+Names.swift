import Foundation
import GRDB
import Provisioning

/// What a shell asks while somebody writes a name.
extension ViewStore {
  /// The sign-in names that begin so, as far as the views in a file show them: read only, without the log. None for an empty
  /// beginning, since that would be a look at everybody. Throws the errors of the database.
  public static func names(beginningWith prefix: String, in path: String, limit: Int) throws -> [String] {
    let first = Address.folded(prefix)
    guard !first.isEmpty, FileManager.default.fileExists(atPath: path) else { return [] }
    var configuration = Configuration()
    configuration.readonly = true
    configuration.busyMode = .timeout(0.2)
    return try DatabaseQueue(path: path, configuration: configuration).read { database in
      try String.fetchAll(database, sql: namesSQL, arguments: [first, first + "\u{10FFFF}", limit])
    }
  }

  static let namesSQL = """
    SELECT DISTINCT user_principal_name FROM person
    WHERE user_principal_name >= ?1 AND user_principal_name < ?2 ORDER BY 1 LIMIT ?3
    """
}
