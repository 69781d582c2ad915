public import Base

/// How far one place outside has been told of the log's checkpoints.
public struct AnchorState: Equatable, Sendable {
  /// The place, as the configuration names it.
  public let name: String
  /// The size of the newest checkpoint that it took; nil when it took none yet.
  public let size: Int64?
  /// When it took it.
  public let anchored: Timestamp?
  /// When it last failed; nil when the last attempt went well.
  public let failed: Timestamp?
  /// Why it failed.
  public let failure: String?

  /// A place, and what it took.
  public init(
    name: String, size: Int64? = nil, anchored: Timestamp? = nil, failed: Timestamp? = nil, failure: String? = nil
  ) {
    self.name = name
    self.size = size
    self.anchored = anchored
    self.failed = failed
    self.failure = failure
  }
}

/// Checkpoints: signed statements of the log's size and root.
extension Log {
  /// Signs the present head and keeps the note; what is kept already for this size is returned as it is.
  ///
  /// Before it signs, it proves that the log begins with what the newest checkpoint kept states, in the same
  /// transaction. Throws `FaultCode.logForked` when it does not, `FaultCode.noteUnsigned` when the kept one is not
  /// signed by a key in `known`, and the faults of `append`.
  @discardableResult
  public func checkpoint(origin: String, signedBy keys: [LogKey], known: [VerifierKey]) async throws
    -> SignedCheckpoint
  {
    try await write { session, now in
      let tree = try session.tree()
      var previous: Int64?
      if let stored = try session.newestCheckpoint() {
        let newest = try stored.signed()
        try newest.note.verify(with: known)
        try session.requireContinuation(of: newest.checkpoint, size: tree.size, root: tree.root)
        if newest.size == tree.size { return newest }
        previous = newest.size
      }
      let text = SignedCheckpoint.text(Checkpoint(origin: origin, size: tree.size, root: tree.root), after: previous)
      let signed = try SignedCheckpoint(try SignedNote(text, signedBy: keys))
      try session.insert(signed, at: now)
      // A trigger that somebody added can drop a row without a word.
      guard try session.newestCheckpoint()?.note == signed.note.description else {
        throw StoreDamage("a checkpoint was not kept")
      }
      return signed
    }
  }

  /// The newest checkpoint and when it was signed; nil when there is none. Throws as `head` does, and
  /// `FaultCode.noteInvalid`.
  public func newestCheckpoint() throws -> (checkpoint: SignedCheckpoint, time: Timestamp)? {
    try store.read { session in try session.newestCheckpoint().map { (try $0.signed(), $0.time) } }
  }

  /// At most `limit` checkpoints of at least this size, in order. Throws as `newestCheckpoint` does.
  public func checkpoints(from size: Int64 = 0, limit: Int = 1000) throws -> [SignedCheckpoint] {
    try datedCheckpoints(from: size, limit: limit).map(\.checkpoint)
  }

  /// As `checkpoints`, each with the moment at which it was signed. Throws as `newestCheckpoint` does.
  public func datedCheckpoints(
    from size: Int64 = 0, limit: Int = 1000
  ) throws -> [(checkpoint: SignedCheckpoint, time: Timestamp)] {
    try store.read { session in
      try session.checkpoints(from: size, limit: max(0, limit)).map { (try $0.signed(), $0.time) }
    }
  }

  /// Throws `FaultCode.logForked` unless the log begins with what this checkpoint, kept elsewhere perhaps, states.
  public func requireContinuation(of checkpoint: Checkpoint) throws {
    try store.read { session in
      let tree = try session.tree()
      try session.requireContinuation(of: checkpoint, size: tree.size, root: tree.root)
    }
  }

  // MARK: Proofs

  /// The root of the first `size` entries, computed from the tree. Throws `FaultCode.proofOutside`.
  public func root(at size: Int64) throws -> Digest32 {
    try store.read { session in
      try requireReach(size, session, "the root of \(size.of("entry", "entries"))")
      return try session.hashes.root(of: 0..<size)
    }
  }

  /// That the event at a position stands in the tree of the first `size` entries; a few hundred hashes are read,
  /// however long the log is. Throws `FaultCode.proofOutside`.
  public func inclusionProof(of position: Int64, size: Int64) throws -> InclusionProof {
    try store.read { session in
      guard position >= 1, position <= size else { throw outside("position \(position)", size) }
      try requireReach(size, session, "a proof for \(size.of("entry", "entries"))")
      return try InclusionProof(index: position - 1, size: size, session.hashes)
    }
  }

  /// That the first `new` entries begin with the first `old`. Throws `FaultCode.proofOutside`.
  public func consistencyProof(old: Int64, new: Int64) throws -> ConsistencyProof {
    try store.read { session in
      guard old >= 0, old <= new else { throw outside("size \(old)", new) }
      try requireReach(new, session, "a proof for \(new.of("entry", "entries"))")
      return try ConsistencyProof(old: old, new: new, session.hashes)
    }
  }

  private func requireReach(_ size: Int64, _ session: LogSession, _ what: String) throws {
    let reach = try session.size()
    guard (0...reach).contains(size) else { throw outside(what, reach) }
  }

  private func outside(_ what: String, _ reach: Int64) -> Fault {
    Fault(.proofOutside, "There is no \(what): the entries that can be proved are 1 to \(reach).")
  }

  // MARK: Anchors

  /// How far each place outside has been told.
  public func anchors() throws -> [AnchorState] { try store.read { try $0.anchors() } }

  /// Keeps that a place outside took the checkpoint of this size.
  public func record(anchor name: String, took size: Int64) async throws {
    try await write { session, now in try session.record(name, took: size, at: now) }
  }

  /// Forgets places that are no longer told, so that nothing of them stays in the file. Looks before it writes.
  public func forgetAnchors(except names: [String]) async throws {
    let others = try anchors().map(\.name).filter { !names.contains($0) }
    if others.isEmpty { return }
    try await write { session, _ in for name in others { try session.forgetAnchor(name) } }
  }

  /// Keeps that a place outside took nothing, and why.
  public func record(anchor name: String, failedWith failure: String) async throws {
    try await write { session, now in try session.record(name, failedWith: failure, at: now) }
  }
}
