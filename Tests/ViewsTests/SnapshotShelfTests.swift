import Base
import Foundation
import Testing

@testable import Views

@Suite("The shelf of snapshots")
struct SnapshotShelfTests {
  private let root = FileManager.default.temporaryDirectory.appending(path: "shelf-\(UUID().uuidString)").path
  private var shelf: SnapshotShelf { SnapshotShelf(views: "\(root)/views.sqlite", fewest: 100) }

  init() throws { try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true) }

  private func put(_ position: Int64) throws { try shelf.put(position) { try PrivateFile.write([1], to: $0) } }

  @Test("however long the log grows there are a few, spread over all of it")
  func few() throws {
    defer { try? FileManager.default.removeItem(atPath: root) }
    #expect([1, 1600, 1601, 3201].map(shelf.stretch) == [100, 100, 200, 400])
    #expect(shelf.end(ofStretchAt: 0, 1601) == 200 && shelf.end(ofStretchAt: 200, 1601) == 400)
    for position in stride(from: Int64(0), through: 20_000, by: 37) where shelf.isDue(at: position) {
      try put(position)
      let (length, kept) = (shelf.stretch(position), shelf.positions)
      #expect(kept.count <= 16 && kept.last == position)
      for (before, after) in zip([0] + kept, kept) { #expect(after - before <= 2 * length, "\(kept)") }
    }
    #expect(shelf.positions.count >= 8)
    shelf.clear()
    #expect(try FileManager.default.contentsOfDirectory(atPath: root).isEmpty)
  }

  @Test("what cannot be written leaves nothing, and what was left half written goes with the next")
  func unwritable() throws {
    defer { try? FileManager.default.removeItem(atPath: root) }
    #expect(throws: CancellationError.self) { try shelf.put(100) { _ in throw CancellationError() } }
    #expect(try FileManager.default.contentsOfDirectory(atPath: root).isEmpty)
    try Data([1]).write(to: URL(fileURLWithPath: shelf.file(90) + ".new-abc"))
    try Data([1]).write(to: URL(fileURLWithPath: "\(root)/views.sqlite"))
    try put(120)
    let names = try FileManager.default.contentsOfDirectory(atPath: root).sorted()
    #expect(names == ["views.sqlite", "views.sqlite.past-120"])
    #expect(shelf.hasRoom)
  }
}
