import Base
import Foundation

/// Verifying. Each call throws a `Fault` (PL-0301 to PL-0309) when the file cannot be read.
extension Log {
  /// The number of threads that `verify` uses unless it is told: one a core, and at most four, so that readers are left
  /// for others.
  public static var verifyingThreads: Int { min(4, ProcessInfo.processInfo.activeProcessorCount) }

  /// Reads the whole log, in short transactions, and says what is wrong with it: entries changed, removed, exchanged,
  /// inserted, rows that lie about them, wrong nodes of the tree, checkpoints that state another history, changed
  /// protection.
  ///
  /// Appends may go on; what comes after the size at the start is not looked at. Only a comparison with a checkpoint
  /// that is kept elsewhere shows a history that was rewritten or cut as a whole by somebody who has the log's key.
  /// With a `file`, a verification that was interrupted there goes on where it was.
  public func verify(
    _ scope: VerificationScope = VerificationScope(), threads: Int = Log.verifyingThreads,
    keptIn file: VerificationFile? = nil, progress: (VerificationProgress) -> Void = { _ in }
  ) throws -> Verification {
    var run = try file?.load(for: scope, of: self) ?? begin(scope)
    while true {
      try advance(&run, scope, pieces: 16, threads: threads, progress: progress)
      if let result = run.result {
        file?.remove()
        return result
      }
      file?.save(run, for: scope)
    }
  }

  /// Reads only what came after a checkpoint: proves that the log goes on from it, then checks the entries that are
  /// new. It costs as much as there is new.
  ///
  /// Throws also `FaultCode.noteUnsigned` when no key of the scope signed the checkpoint.
  public func verify(
    since checkpoint: SignedCheckpoint, _ scope: VerificationScope, threads: Int = Log.verifyingThreads,
    progress: (VerificationProgress) -> Void = { _ in }
  ) throws -> Verification {
    var run = try begin(scope, since: checkpoint)
    while true {
      if let result = run.result { return result }
      try advance(&run, scope, pieces: 16, threads: threads, progress: progress)
    }
  }

  /// The checkpoint of a size that the log keeps; the newest when no size is given.
  ///
  /// Throws `FaultCode.checkpointMissing` and `FaultCode.noteInvalid`.
  public func keptCheckpoint(size: Int64? = nil) throws -> SignedCheckpoint {
    if let size, !(0...Checkpoint.largest).contains(size) {
      throw Fault(.checkpointMissing, "There is no checkpoint of size \(size); name one that the log keeps.")
    }
    let note = try store.read { session in
      let size = try size ?? session.newestCheckpointSize()
      return try size.flatMap { try session.notes(above: $0 - 1, through: $0, limit: 1).first?.note }
    }
    guard let note else {
      let which = size.map { "no checkpoint of size \($0)" } ?? "no checkpoint"
      throw Fault(.checkpointMissing, "The log keeps \(which); name another one, or verify the whole log.")
    }
    return try SignedCheckpoint(SignedNote(Array(note.utf8), named: "A checkpoint in the log"))
  }

  /// Which tables, indexes and triggers are not those that this program makes: "the trigger x is missing". Throws the
  /// faults of the log.
  public func changedProtection() throws -> [String] {
    let (wanted, found) = try store.schemas()
    return Set(wanted.keys).union(found.keys).sorted().filter { wanted[$0] != found[$0] }.map { name in
      "the \(name) \(wanted[name] == nil ? "was added" : found[name] == nil ? "is missing" : "was changed")"
    }
  }

  // MARK: Step by step

  /// Begins a verification of the whole log, or of what came after a checkpoint.
  public func begin(_ scope: VerificationScope, since checkpoint: SignedCheckpoint? = nil) throws -> VerificationRun {
    if let checkpoint {
      try checkpoint.note.verify(
        with: (scope.keys + scope.formerKeys).filter { $0.name == checkpoint.checkpoint.origin })
    }
    let found = try store.schemas().found
    let since = checkpoint?.size ?? 0
    var run = try store.read { session in
      let streams = try session.streamNames()
      var run = VerificationRun(
        began: clock(), size: max(0, try session.highestPosition() ?? 0), since: since,
        newestCheckpoint: try session.newestCheckpointSize() ?? -1, streamCount: Int64(streams.count), key: .random())
      run.context = ChunkCheck.Context(
        streams: streams, types: try session.typeNames(), hash: run.key.hash,
        looksUp: since > 0 && IndexWalk.Index.allCases.allSatisfy { found["index \($0.rawValue)"] != nil })
      return run
    }
    for change in try changedProtection() { run.add(.schema, nil, change) }
    if let checkpoint { try store.read { try run.goOn(from: checkpoint.checkpoint, $0) } }
    return run
  }

  /// Takes a verification at most so many pieces further, on so many threads; when that was the last, `run.result` says
  /// what came out.
  ///
  /// A piece is 8,192 entries, or 65,536 rows of an index; each is one short transaction. `scope` must be the one with
  /// which the run was begun.
  public func advance(
    _ run: inout VerificationRun, _ scope: VerificationScope, pieces limit: Int = 1, threads: Int = 1,
    progress: (VerificationProgress) -> Void = { _ in }
  ) throws {
    if run.result != nil { return }
    let context = try context(of: &run)
    if !run.entriesAreDone {
      try advanceEntries(&run, scope, context, pieces: limit, threads: threads, progress: progress)
    } else if run.walks.contains(where: { !$0.isDone }) {
      try advanceIndexes(&run, context, pieces: limit, threads: threads)
      progress(run.progress)
    }
    if run.entriesAreDone, run.walks.allSatisfy(\.isDone) { try store.read { try run.finish(scope, of: origin, $0) } }
  }

  private func context(of run: inout VerificationRun) throws -> ChunkCheck.Context {
    if let context = run.context { return context }
    let context = try store.read { session in
      ChunkCheck.Context(
        streams: try session.streamNames(), types: try session.typeNames(), hash: run.key.hash, looksUp: false)
    }
    run.context = context
    return context
  }

  private func advanceEntries(
    _ run: inout VerificationRun, _ scope: VerificationScope, _ context: ChunkCheck.Context, pieces limit: Int,
    threads: Int, progress: (VerificationProgress) -> Void
  ) throws {
    let pieces = run.pieces(limit)
    if pieces.isEmpty { return run.endEntries() }
    let seed = run.seed
    let checks = try concurrently(pieces.count, threads: threads) { index in
      var check = ChunkCheck(
        context: context, base: pieces[index].base, positions: pieces[index].positions,
        seed: index == 0 ? seed : CompactRange())
      try store.read { try check.read($0, scope) }
      return check
    }
    for check in checks {
      for tile in run.take(check) {
        run.compare(tile, with: try store.read { try $0.node(level: tile.level, index: tile.index) })
      }
      progress(run.entryProgress)
    }
    // A gap may be wider than anybody could walk through.
    if checks.last?.rows == 0, !run.entriesAreDone {
      let next = run.next
      if let position = try store.read({ try $0.nextPosition(from: next) }) { run.skip(to: position) }
    }
  }

  private func advanceIndexes(
    _ run: inout VerificationRun, _ context: ChunkCheck.Context, pieces limit: Int, threads: Int
  ) throws {
    let open = Array(run.walks.filter { !$0.isDone }.prefix(limit))
    let size = run.size
    let walks = try concurrently(open.count, threads: threads) { index in
      var walk = open[index]
      try store.read { try walk.advance($0, through: size, context) }
      return walk
    }
    for walk in walks {
      if let place = run.walks.firstIndex(where: { $0.index == walk.index }) { run.walks[place] = walk }
    }
  }

  // MARK: Hashing alone

  /// Reads every entry and computes its leaf hash and the tree, and nothing else: the root of the bytes as they are.
  public func hashPass(threads: Int = 1) throws -> Digest32 {
    let size = try lastPosition()
    let count = Int((size + ChunkCheck.leaves - 1) / ChunkCheck.leaves)
    let trees = try concurrently(count, threads: threads) { index in
      let first = Int64(index) * ChunkCheck.leaves + 1
      return try store.read { try $0.tree(over: first...min(size, first + ChunkCheck.leaves - 1)) }
    }
    var whole = CompactRange()
    for tree in trees { whole.append(tree) { _ in } }
    return whole.root
  }
}
