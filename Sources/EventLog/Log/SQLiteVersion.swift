import GRDBSQLite

/// A release of SQLite.
public struct SQLiteVersion: Comparable, Hashable, Sendable, CustomStringConvertible {
  /// The three numbers, such as 3, 40 and 1.
  public let major, minor, patch: Int

  /// The numbers with dots.
  public var description: String { "\(major).\(minor).\(patch)" }

  /// A release by its three numbers.
  public init(_ major: Int, _ minor: Int, _ patch: Int) {
    (self.major, self.minor, self.patch) = (major, minor, patch)
  }

  /// The release that this process runs with, which need not be the one that it was built with.
  public static var running: SQLiteVersion {
    // Major × 1,000,000 + minor × 1000 + patch (https://sqlite.org/c3ref/libversion.html).
    let number = Int(sqlite3_libversion_number())
    return SQLiteVersion(number / 1_000_000, number / 1000 % 1000, number % 1000)
  }

  /// The older precedes the newer.
  public static func < (left: SQLiteVersion, right: SQLiteVersion) -> Bool {
    (left.major, left.minor, left.patch) < (right.major, right.minor, right.patch)
  }

  /// The oldest that has STRICT tables, of which all databases are made (https://sqlite.org/stricttables.html).
  public static let oldest = SQLiteVersion(3, 37, 0)

  /// Whether a checkpoint that meets another connection's commit can damage a database: 3.7.0 to 3.51.2, but for the
  /// branches into which the mend was brought back (https://sqlite.org/wal.html#walresetbug). A distribution may have
  /// brought it back into others, which the number does not tell.
  ///
  /// The other bugs of this kind that https://sqlite.org/howtocorrupt.html lists are older than `oldest`.
  public var hasWALResetBug: Bool {
    guard (SQLiteVersion(3, 7, 0)..<SQLiteVersion(3, 51, 3)).contains(self) else { return false }
    return switch minor {
    case 44: patch < 6
    case 50: patch < 7
    default: true
    }
  }

  /// Whether its authors took it back, for what had become incompatible in it
  /// (https://sqlite.org/releaselog/3_51_3.html).
  public var isWithdrawn: Bool { self == SQLiteVersion(3, 52, 0) }
}
