import Base
import Foundation
import Glibc

/// The files of snapshots beside the views: at most one for each stretch of the log, so that they are few however long it is.
struct SnapshotShelf: Sendable {
  /// The most stretches that a log has.
  ///
  /// A stretch is between a sixteenth and an eighth of the log, and so is what has to be folded behind a snapshot.
  static let most: Int64 = 16
  /// The fewest events of a stretch: less is folded in a moment.
  static let fewest: Int64 = 256

  /// The database of the views.
  let views: String
  /// The fewest events of a stretch.
  let fewest: Int64

  private var name: String { URL(fileURLWithPath: views).lastPathComponent + ".past-" }
  private var folder: String { URL(fileURLWithPath: views).deletingLastPathComponent().path }

  /// The file of a position.
  func file(_ position: Int64) -> String { "\(views).past-\(position)" }

  /// How long stretches are in a log of so many events.
  func stretch(_ size: Int64) -> Int64 {
    var length = fewest
    while length * Self.most < size { length *= 2 }
    return length
  }

  /// Where the stretch ends in which a position stands, in a log of so many events.
  func end(ofStretchAt position: Int64, _ size: Int64) -> Int64 { (position / stretch(size) + 1) * stretch(size) }

  /// The positions at which there is a file, in order.
  var positions: [Int64] { names.compactMap { Int64($0.dropFirst(name.count)) }.sorted() }

  private var names: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { $0.hasPrefix(name) }
  }

  /// Whether the stretch in which a position stands has no file yet. The first has none: it is folded from the start.
  func isDue(at position: Int64) -> Bool {
    let length = stretch(position)
    return position >= length && !positions.contains { $0 / length == position / length }
  }

  /// Puts a file in place that `body` fills, and removes those that are too many. Throws what `body` throws, and `Failure`.
  func put(_ position: Int64, _ body: (Int32) throws -> Void) throws {
    let beside = "\(file(position)).new-\(randomName())"
    try PrivateFile.make(beside, body)
    guard rename(beside, file(position)) == 0 else {
      unlink(beside)
      throw PrivateFile.Failure()
    }
    thin(position)
  }

  /// Leaves the first file of each stretch, as stretches are at a position; those that are ahead of it are of another log.
  private func thin(_ position: Int64) {
    let length = stretch(position)
    var kept: Set<Int64> = [0]
    let stay = Set(positions.filter { $0 <= position && kept.insert($0 / length).inserted }.map { "\(name)\($0)" })
    for other in names where !stay.contains(other) { unlink("\(folder)/\(other)") }
  }

  /// Removes one that is of no use.
  func remove(_ position: Int64) { unlink(file(position)) }

  /// Removes all, since the rows that they were made of are not to be relied on.
  func clear() { for name in names { unlink("\(folder)/\(name)") } }

  /// Whether the disk has room for a snapshot and for whatever else is written: four times the views.
  var hasRoom: Bool {
    var file = stat()
    guard let free = DiskRoom.free(in: folder), stat(views, &file) == 0 else { return false }
    return free / 4 > Int64(file.st_size)
  }
}
