import Base
import GRDB

/// The tables `checkpoint` and `anchor`.
extension LogSession {
  var hashes: TreeHashes { TreeHashes(read: hashes(level:indices:)) }

  func insert(_ checkpoint: SignedCheckpoint, at time: Timestamp) throws {
    let statement = try statement(.insertCheckpoint)
    try statement.bind(checkpoint.size, at: 1)
    try statement.bind(time.milliseconds, at: 2)
    try statement.bind(checkpoint.note.description, at: 3)
    try statement.run()
  }

  /// A row of `checkpoint` as the file has it.
  struct StoredCheckpoint {
    var size: Int64
    var time: Timestamp
    var note: String

    /// Reads the note. Throws `FaultCode.noteInvalid`.
    func signed() throws -> SignedCheckpoint {
      try SignedCheckpoint(SignedNote(Array(note.utf8), named: "The checkpoint of size \(size) in the log"))
    }
  }

  func newestCheckpoint() throws -> StoredCheckpoint? {
    try statement(.newestCheckpoint).first(checkpoint)
  }

  /// Checkpoints from a size on, in order.
  func checkpoints(from size: Int64, limit: Int) throws -> [StoredCheckpoint] {
    let statement = try statement(.checkpoints)
    try statement.bind(size, at: 1)
    try statement.bind(Int64(limit), at: 2)
    var found: [StoredCheckpoint] = []
    try statement.rows { row in
      found.append(try checkpoint(row))
      return true
    }
    return found
  }

  private func checkpoint(_ row: RawRow) throws -> StoredCheckpoint {
    guard let size = row.integer(0), let time = row.integer(1), let note = row.string(2) else {
      throw StoreDamage("a checkpoint lacks a column")
    }
    return StoredCheckpoint(size: size, time: Timestamp(milliseconds: time), note: note)
  }

  /// Throws `FaultCode.logForked` unless the log begins with what a checkpoint states.
  func requireContinuation(of old: Checkpoint, size: Int64, root: Digest32) throws {
    guard old.size <= size else {
      throw Fault(
        .logForked,
        """
        A checkpoint states \(old.size.of("entry", "entries")) and the log has \(size): its tail was cut off, or an older copy was put \
        back. Keep the files, run `provledger verify`, and restore a backup.
        """)
    }
    let proof = try ConsistencyProof(old: old.size, new: size, hashes)
    guard proof.verify(oldRoot: old.root, newRoot: root) else {
      throw Fault(
        .logForked,
        """
        The log does not begin with the \(old.size.of("entry", "entries")) that a checkpoint states: history was rewritten. Keep the \
        files, run `provledger verify`, and restore a backup.
        """)
    }
  }

  // MARK: Anchors

  func anchors() throws -> [AnchorState] {
    var found: [AnchorState] = []
    try statement(.anchors).rows { row in
      found.append(
        AnchorState(
          name: row.string(0) ?? "", size: row.integer(1),
          anchored: row.integer(2).map { Timestamp(milliseconds: $0) },
          failed: row.integer(3).map { Timestamp(milliseconds: $0) }, failure: row.string(4)))
      return true
    }
    return found
  }

  func record(_ name: String, took size: Int64, at time: Timestamp) throws {
    try insertAnchor(name)
    let statement = try statement(.tellAnchor)
    try statement.bind(name, at: 1)
    try statement.bind(size, at: 2)
    try statement.bind(time.milliseconds, at: 3)
    try statement.run()
  }

  func record(_ name: String, failedWith failure: String, at time: Timestamp) throws {
    try insertAnchor(name)
    let statement = try statement(.failAnchor)
    try statement.bind(name, at: 1)
    try statement.bind(time.milliseconds, at: 2)
    try statement.bind(failure, at: 3)
    try statement.run()
  }

  func forgetAnchor(_ name: String) throws {
    let statement = try statement(.forgetAnchor)
    try statement.bind(name, at: 1)
    try statement.run()
  }

  private func insertAnchor(_ name: String) throws {
    let statement = try statement(.insertAnchor)
    try statement.bind(name, at: 1)
    try statement.run()
  }
}
