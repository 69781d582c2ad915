import Base
import Foundation
import Testing

@testable import Directory

@Suite("A folder of exports") struct WatchedFolderTests {
  private let folder: String
  private let now = Timestamp(milliseconds: 1_700_000_000_000)

  init() throws {
    folder = "\(NSTemporaryDirectory())/watched-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  private func drop(_ name: String, age: Int) throws {
    let path = "\(folder)/\(name)"
    try FileManager.default.createDirectory(
      atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try Data("x".utf8).write(to: URL(fileURLWithPath: path))
    let written = Date(timeIntervalSince1970: Double(now.milliseconds / 1000 - Int64(age)))
    try FileManager.default.setAttributes([.modificationDate: written], ofItemAtPath: path)
  }

  private var newest: String? {
    get throws { try WatchedFolder(path: folder).newest(at: now).map { ($0.path as NSString).lastPathComponent } }
  }

  @Test("The newest counts that nobody writes any more") func settled() throws {
    #expect(try newest == nil)
    try drop("old.csv", age: 100)
    try drop("new.csv", age: 10)
    try drop("growing.csv", age: 9)
    #expect(try newest == "new.csv")
  }

  @Test("Hidden and unfinished files are passed over, and links") func passedOver() throws {
    for name in [".hidden", "a.part", "b.tmp"] { try drop(name, age: 20) }
    try FileManager.default.createSymbolicLink(atPath: "\(folder)/link.csv", withDestinationPath: "/etc/hostname")
    #expect(try newest == nil)
  }

  @Test("A folder of pages is as new as its newest page") func pages() throws {
    try drop("pages/page1.json", age: 50)
    try drop("pages/page2.json", age: 20)
    try drop("users.csv", age: 30)
    #expect(try newest == "pages")
    try drop("pages/page3.json", age: 1)
    #expect(try newest == "users.csv")
  }

  @Test("Marks are in the order of time") func marks() throws {
    let early = WatchedFolder.Export(path: "/x/b.csv", modified: now)
    let late = WatchedFolder.Export(path: "/x/a.csv", modified: now + .seconds(1))
    #expect(early.mark < late.mark)
  }

  @Test("A folder that is not there is a fault") func missing() {
    #expect(throws: Fault.self) { try WatchedFolder(path: "\(folder)/none").newest(at: now) }
  }
}
