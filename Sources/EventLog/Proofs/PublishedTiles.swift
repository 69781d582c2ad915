public import Base
import Foundation
public import Logging

/// A log as `Tiles` published it: its entries, and the checkpoint that they are held against.
public struct PublishedTiles: Sendable {
  private static let width: Int64 = 256
  /// A whole bundle: as many entries as a tile is wide, each of the largest size behind its length.
  private static let limit = 256 * (EntryEncoder.limit + 2)
  /// Bundles that one transaction takes over.
  private static let piece: Int64 = 16

  private let folder: String
  /// What the folder says that it holds. Nobody has looked at its signatures yet.
  public let checkpoint: SignedCheckpoint

  /// Whether a folder holds published tiles, as far as its names tell.
  public static func areIn(_ folder: String) -> Bool {
    let files = FileManager.default
    return files.fileExists(atPath: "\(folder)/checkpoint") && files.fileExists(atPath: "\(folder)/tile/entries")
  }

  /// Reads the checkpoint of a folder. Throws `FaultCode.tilesUnreadable` and `.noteInvalid`.
  public init(in folder: String) throws {
    self.folder = folder
    let path = "\(folder)/checkpoint"
    let bytes = try OutsideFile.read(path, limit: SignedNote.limit, fault: .tilesUnreadable, Self.wayOut)
    checkpoint = try SignedCheckpoint(SignedNote(bytes, named: path))
  }

  private static let wayOut = "name a folder that `provledger log tiles` wrote, and all of it."

  /// Makes a log of the entries in a new file. The checkpoint is not kept in it: it names one before it, which is not here.
  ///
  /// Throws `FaultCode.tilesUnreadable` for a file that is missing or not as published, and when the entries are not those
  /// that the checkpoint states; the faults of writing a log.
  public func restore(
    to path: String, lockPath: String, clock: @escaping @Sendable () -> Timestamp, logger: Logger,
    progress: (Double) -> Void = { _ in }
  ) async throws {
    let log = try Log(
      path: path, lockPath: lockPath, origin: checkpoint.checkpoint.origin, clock: clock, logger: logger)
    do {
      try await fill(log, progress)
      try log.checkpointWAL()
    } catch {
      try? log.close()
      throw error
    }
    try log.close()
  }

  private func fill(_ log: Log, _ progress: (Double) -> Void) async throws {
    let bundles = (checkpoint.size + Self.width - 1) / Self.width
    var next: Int64 = 0
    while next < bundles {
      let end = min(bundles, next + Self.piece)
      try await log.takeOver(try (next..<end).flatMap(bundle))
      next = end
      progress(Double(next) / Double(bundles))
    }
    guard try log.head().root == checkpoint.checkpoint.root else {
      throw Self.refuse("The entries in \(folder) are not those that its checkpoint states")
    }
  }

  /// The entries of one bundle; the last may be a partial one.
  private func bundle(_ index: Int64) throws -> [[UInt8]] {
    let count = Int(min(checkpoint.size - index * Self.width, Self.width))
    let name = "\(folder)/tile/entries/\(Tiles.name(index))"
    let path = count == Int(Self.width) ? name : "\(name).p/\(count)"
    let entries = try Self.entries(
      in: OutsideFile.read(path, limit: Self.limit, fault: .tilesUnreadable, Self.wayOut))
    guard let entries, entries.count == count else {
      throw Self.refuse("\(path) does not hold \(count.of("entry", "entries"))")
    }
    return entries
  }

  private static func refuse(_ what: String) -> Fault {
    Fault(.tilesUnreadable, "\(what); \(wayOut)")
  }

  /// What stands behind each length; nil for bytes that end too early.
  private static func entries(in bytes: [UInt8]) -> [[UInt8]]? {
    var entries: [[UInt8]] = []
    var offset = 0
    while offset + 2 <= bytes.count {
      let end = offset + 2 + Int(bytes[offset]) << 8 + Int(bytes[offset + 1])
      guard end <= bytes.count else { return nil }
      entries.append(Array(bytes[(offset + 2)..<end]))
      offset = end
    }
    return offset == bytes.count ? entries : nil
  }
}
