import Base
import Foundation
import Glibc

/// Writes a log as static files that any web server can publish and any monitor of tile logs can read (C2SP
/// tlog-tiles): `checkpoint`, `tile/<level>/<index>`, `tile/entries/<index>`.
public struct Tiles {
  private static let width: Int64 = 256

  private let log: Log
  private let folder: String

  /// The files of a log in a folder, which is made when it is not there.
  public init(of log: Log, in folder: String) {
    self.log = log
    self.folder = folder
  }

  /// Brings the folder up to a checkpoint of the log; only what is new is written, the checkpoint last, so that
  /// whoever reads meanwhile finds all that a checkpoint names. Returns the number of files written.
  ///
  /// Throws `FaultCode.tilesUnwritable`; `FaultCode.logForked` when the folder holds another log, or more of this one
  /// than there is; the faults of reading the log.
  @discardableResult
  public func write(_ checkpoint: SignedCheckpoint, progress: (Int64) -> Void = { _ in }) throws -> Int {
    let old = try published()
    if let old {
      try log.requireContinuation(of: old.checkpoint)
      guard old.size < checkpoint.size else { return 0 }
    }
    let (from, size) = (old?.size ?? 0, checkpoint.size)
    var written = 0
    for index in from / Self.width..<(size + Self.width - 1) / Self.width {
      try write("entries", index, of: size) { try bundle($0) }
      written += 1
      progress(min(size, (index + 1) * Self.width))
    }
    var level = 0
    while size >> (8 * level) > 0 {
      let hashes = size >> (8 * level)
      for index in (from >> (8 * level)) / Self.width..<(hashes + Self.width - 1) / Self.width {
        try write("\(level)", index, of: hashes) { indices in
          try log.store.read { try $0.hashes(level: 8 * level, indices: indices) }.flatMap(\.bytes)
        }
        written += 1
      }
      level += 1
    }
    try put(Array(checkpoint.note.description.utf8), "checkpoint")
    return written + 1
  }

  /// The checkpoint that the folder holds.
  private func published() throws -> SignedCheckpoint? {
    let path = "\(folder)/checkpoint"
    do {
      return try SignedCheckpoint(SignedNote(OutsideFile.read(path, limit: SignedNote.limit), named: path))
    } catch let failure as OutsideFile.Failure {
      if failure.kind == .missing { return nil }
      throw failure.fault(.tilesUnwritable, path, "name another folder.")
    }
  }

  /// One tile, whole or partial; a whole one takes the place of its partial ones.
  private func write(_ kind: String, _ index: Int64, of size: Int64, _ content: (Range<Int64>) throws -> [UInt8]) throws
  {
    let end = min(size, (index + 1) * Self.width)
    let count = end - index * Self.width
    let path = "tile/\(kind)/\(Self.name(index))"
    try put(try content(index * Self.width..<end), count == Self.width ? path : "\(path).p/\(count)")
    if count == Self.width { try? FileManager.default.removeItem(atPath: "\(folder)/\(path).p") }
  }

  /// Entries, each behind its length in two bytes, big-endian.
  private func bundle(_ indices: Range<Int64>) throws -> [UInt8] {
    var bytes: [UInt8] = []
    var next = indices.lowerBound + 1
    while next <= indices.upperBound {
      let events = try log.read(from: next, limit: Int(indices.upperBound - next + 1))
      guard let last = events.last else {
        throw Fault(.logDamaged, "Entry \(next) is missing; run `provledger verify`.")
      }
      for event in events { bytes += [UInt8(event.entry.count >> 8), UInt8(event.entry.count & 0xFF)] + event.entry }
      next = last.position + 1
    }
    return bytes
  }

  /// An index as a path: 1234067 is `x001/x234/067`.
  static func name(_ index: Int64) -> String {
    var groups: [String] = []
    var rest = index
    repeat {
      let digits = String(rest % 1000)
      groups.append(String(repeating: "0", count: 3 - digits.count) + digits)
      rest /= 1000
    } while rest > 0
    return (groups.dropFirst().reversed().map { "x" + $0 } + groups.prefix(1)).joined(separator: "/")
  }

  /// Writes a file whole or not at all, readable for everybody: it is there to be published.
  private func put(_ bytes: [UInt8], _ name: String) throws {
    let path = "\(folder)/\(name)"
    do {
      try OwnFolder.make((name as NSString).deletingLastPathComponent, below: folder, mode: 0o755)
      try PrivateFile.write(bytes, path: path, mode: 0o644)
    } catch let failure as PrivateFile.Failure {
      throw Fault(.tilesUnwritable, "\(path) cannot be written: \(failure.text). Check the folder, or name another.")
    }
  }
}
