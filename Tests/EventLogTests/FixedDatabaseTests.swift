import Foundation
import GRDB
import Testing

@testable import EventLog

@Suite("Databases where nothing can be written")
struct FixedDatabaseTests {
  @Test("what does not fit the memory that is allowed lies in a file that has no name any more")
  func spills() throws {
    let own = try FixedDatabase.temporary(kibibytes: 64)
    try own.write { database in
      try database.execute(sql: "CREATE TABLE t (x BLOB)")
      for _ in 0..<64 { try database.execute(sql: "INSERT INTO t VALUES (randomblob(65536))") }
    }
    #expect(try own.read { try Int.fetchOne($0, sql: "SELECT sum(length(x)) FROM t") } == 64 * 65_536)
    #expect(try own.read { try String.fetchOne($0, sql: "SELECT file FROM pragma_database_list") } == "")
    let files = FileManager.default
    let open = try files.contentsOfDirectory(atPath: "/proc/self/fd").compactMap {
      try? files.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)")
    }
    #expect(open.contains { $0.contains("etilqs") && $0.hasSuffix("(deleted)") }, "\(open)")
    try own.close()
  }
}
