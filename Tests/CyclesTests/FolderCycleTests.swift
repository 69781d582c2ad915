import Base
import Cycles
import Directory
import Foundation
import Ledger
import Operations
import Provisioning
import TestSupport
import Testing

@Suite("Cycles over a watched folder", .timeLimit(.minutes(2)))
struct FolderCycleTests {
  private let place: TestLedger
  private let folder: String

  init() throws {
    place = try TestLedger()
    folder = "\(place.folder)/drop"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  private func drop(_ name: String, _ people: Int, written: Duration, end: String = "") throws {
    let path = "\(folder)/\(name)"
    try Data((Export.csv((0..<people).map { Exported("p\($0)") }) + end).utf8).write(to: URL(filePath: path))
    let moment = Double((place.clock.moment + written).milliseconds) / 1000
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSince1970: moment)], ofItemAtPath: path)
  }

  /// How many people the next cycle reads; nil when there is nothing to take.
  private func cycle() async throws -> Int? {
    let ledger = try place.open()
    defer { try? ledger.close() }
    let cycles = FolderCycles(of: WatchedFolder(path: folder), into: ledger, actor: .schedule("folder"))
    return try await cycles.run()?.counts.read
  }

  @Test("each export is taken once, and an older one never")
  func once() async throws {
    #expect(try await cycle() == nil)
    try drop("b.csv", 4, written: .seconds(-100))
    #expect(try await cycle() == 4)
    #expect(try await cycle() == nil)
    try drop("a.csv", 3, written: .seconds(-200))
    #expect(try await cycle() == nil)
    try drop("c.csv", 5, written: .seconds(-50))
    #expect(try await cycle() == 5)
  }

  @Test("the newest one is taken again when cycles begin anew, and by another configuration; once each time")
  func again() async throws {
    try drop("a.csv", 4, written: .seconds(-100))
    #expect(try await cycle() == 4)
    let ledger = try place.open()
    _ = try await CycleRestart(in: ledger, actor: .operator("olga")).run()
    try ledger.close()
    #expect(try await cycle() == 4)
    #expect(try await cycle() == nil)
    try place.reconfigure("ssoCustomerId: \"\"", with: "ssoCustomerId: \"sso\"")
    #expect(try await cycle() == 4)
    #expect(try await cycle() == nil)
  }

  @Test("why each newest one is refused is kept, since the first refusal, until one is taken")
  func refused() async throws {
    let ledger = try place.open()
    defer { try? ledger.close() }
    try drop("a.csv", 4, written: .seconds(-100))
    #expect(try await cycle() == 4)
    try drop("b.csv", 4, written: .seconds(-50), end: "\"cut")
    let since = place.clock.moment
    for _ in 0..<2 {
      let refusal = await fault { _ = try await cycle() }
      let kept = ledger.cycleState().failures
      #expect(kept.map(\.way) == [.folder] && kept.first?.since == since)
      #expect(kept.first?.code == refusal?.code.description && kept.first?.reason == refusal.map { "\($0)" })
      place.clock.advance(.seconds(60))
    }
    try FileManager.default.removeItem(atPath: "\(folder)/b.csv")
    #expect(try await cycle() == nil)
    #expect(ledger.cycleState().failures == [])
  }

  @Test("an export that a wrong clock dates ahead counts from when it came")
  func ahead() throws {
    try drop("a.csv", 4, written: .seconds(-100))
    try drop("b.csv", 4, written: .seconds(400 * 86_400))
    let newest = try WatchedFolder(path: folder).newest(at: SystemClock.now() + .seconds(11))
    #expect(newest?.path.hasSuffix("b.csv") == true)
  }

  @Test("an export that is older than what was imported by hand is not taken, whatever the configuration")
  func older() async throws {
    try drop("a.csv", 4, written: .seconds(-100))
    let ledger = try place.open()
    let path = try place.write("export.csv", Export.csv((0..<5).map { Exported("p\($0)") }))
    _ = try await DirectoryImport(into: ledger, actor: "test").run(paths: [path])
    try ledger.close()
    try place.reconfigure("ssoCustomerId: \"\"", with: "ssoCustomerId: \"sso\"")
    #expect(try await cycle() == nil)
  }
}
