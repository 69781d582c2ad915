import EventLog
import Testing

@testable import Doctor

@Suite("doctor: the SQLite that runs")
struct DatabaseTests {
  static let versions: [(SQLiteVersion, hasBug: Bool)] = [
    (SQLiteVersion(3, 37, 0), true), (SQLiteVersion(3, 40, 1), true), (SQLiteVersion(3, 44, 5), true),
    (SQLiteVersion(3, 44, 6), false), (SQLiteVersion(3, 45, 0), true), (SQLiteVersion(3, 49, 2), true),
    (SQLiteVersion(3, 50, 6), true), (SQLiteVersion(3, 50, 7), false), (SQLiteVersion(3, 51, 0), true),
    (SQLiteVersion(3, 51, 2), true), (SQLiteVersion(3, 51, 3), false), (SQLiteVersion(3, 53, 0), false),
    (SQLiteVersion(4, 0, 0), false),
  ]

  @Test("a release with the bug of the write-ahead log's reset is named, with what protects here", arguments: versions)
  func reset(version: SQLiteVersion, hasBug: Bool) throws {
    let findings = Examination.database(version)
    #expect(findings.first?.code == "sqlite" && findings.first?.sentence.contains("\(version)") == true)
    #expect(findings.map(\.code).contains("sqlite-wal-reset") == hasBug && findings.count == (hasBug ? 2 : 1))
    guard hasBug else { return }
    let named = try #require(findings.last)
    #expect(named.severity == .notice && named.sentence.contains("append.lock"))
    #expect(named.remedy?.contains("3.51.3") == true)
  }

  @Test("a release that is too old, and one that was withdrawn")
  func others() {
    #expect(Examination.database(SQLiteVersion(3, 36, 9)).map(\.code) == ["sqlite-too-old"])
    #expect(Examination.database(SQLiteVersion(3, 52, 0)).map(\.code) == ["sqlite", "sqlite-withdrawn"])
  }

  @Test("the release that runs is one that can be used, and releases are in order")
  func running() {
    #expect(SQLiteVersion.running >= .oldest && SQLiteVersion.running.major == 3)
    #expect(SQLiteVersion(3, 9, 9) < SQLiteVersion(3, 10, 0) && SQLiteVersion(3, 51, 2) < SQLiteVersion(3, 51, 3))
  }
}
