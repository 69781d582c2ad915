import Base

/// The beginning of a verification of what is new, and what is told at the end of any.
extension VerificationRun {
  /// Proves that the log goes on from a checkpoint, and makes ready to read what came after it.
  ///
  /// The hashes read are bound by the root that was signed, so that the tree goes on from a history that is proved.
  mutating func goOn(from checkpoint: Checkpoint, _ session: LogSession) throws {
    guard checkpoint.size <= size else {
      add(
        .truncated, endOfLog,
        "the checkpoint to go on from states \(checkpoint.size.of("entry", "entries")), and the log holds \(size)")
      return end(isWhole: false)
    }
    let old = try session.tree(size: checkpoint.size)
    guard old.root == checkpoint.root else {
      add(
        .forked, nil,
        "the log does not go on from the checkpoint of size \(checkpoint.size): what it states was rewritten; "
          + "verify the whole log")
      return end(isWhole: false)
    }
    checkpoints = 1
    let width = ChunkCheck.leaves.trailingZeroBitCount
    for part in old.parts {
      if part.level >= width {
        tree.append(part.root, level: part.level)
      } else {
        seed.append(part.root, level: part.level)
      }
    }
    lastTime = try session.time(at: checkpoint.size)?.milliseconds
  }

  /// Makes the result of what was found.
  private mutating func end(isWhole: Bool) {
    let sorted = findings.sorted(by: Verification.Finding.stands)
    result = Verification(
      size: size, since: since, root: isWhole ? tree.root : nil, checkpoints: checkpoints, covered: agreed,
      findings: Array(sorted.prefix(Verification.limit)))
  }

  /// Everything was read: what is open is decided, and the result made.
  mutating func finish(_ scope: VerificationScope, of origin: String, _ session: LogSession) throws {
    endGap()
    if let displacement { add(displacement.unresolved(lastOffset: lastOffset)) }
    for doubt in doubts { add(doubt.finding(doubt.fallback)) }
    if let onlyFormer {
      add(
        .forked, nil,
        "the checkpoint of size \(onlyFormer) is signed only by a key that was replaced, and the present one signed no "
          + "later one")
    }
    for walk in walks { take(walk) }
    // What was appended meanwhile has nodes, checkpoints and views too.
    let present = try session.highestPosition() ?? 0
    try checkNodes(present, session)
    try checkTail(scope, of: origin, present, session)
    try checkSlack(scope.slack, session)
    end(isWhole: isWhole)
  }

  private mutating func take(_ walk: IndexWalk) {
    // A row that was found wrong by itself explains what its index shows of it.
    let known = Set(findings.compactMap(\.position))
    findings += walk.findings.filter { finding in finding.position.map { !known.contains($0) } ?? true }
    let wanted =
      switch walk.index {
      case .ids: sums.ids
      case .versions: sums.versions
      case .types: sums.types
      }
    if walk.sum != wanted {
      findings.append(
        .init(
          kind: .index, position: nil, stream: nil,
          sentence: "the index \(walk.index.rawValue) does not hold what the table event holds"))
    }
    if walk.index == .versions, walk.streams < streamCount {
      let lost = (streamCount - walk.streams).of("stream that the log knows has", "streams that the log knows have")
      findings.append(.init(kind: .truncated, position: endOfLog, stream: nil, sentence: "\(lost) no event"))
    }
  }

  private var endOfLog: Int64 { size == .max ? size : size + 1 }

  /// The part behind the last checkpoint that agrees.
  private mutating func checkSlack(_ slack: CheckpointSlack?, _ session: LogSession) throws {
    guard let slack, size - agreed > slack.events, let time = try session.time(at: agreed + 1),
      slack.now - time > slack.span
    else { return }
    add(
      .uncovered, agreed + 1,
      "no checkpoint covers positions \(agreed + 1) to \(size), though one is due after \(slack.events.of("event")); when a "
        + "worker ran, checkpoints were taken out, and what they covered may have been rewritten")
  }

  /// Nodes beyond those that the size asks for; missing and wrong ones were found during the walk.
  private mutating func checkNodes(_ present: Int64, _ session: LogSession) throws {
    guard isWhole else { return }
    if since > 0 {
      for level in stride(from: 8, through: 56, by: 8) {
        if let highest = try session.highestNode(level: level), highest >= present >> level { tellNode(level, highest) }
      }
      return
    }
    for level in try session.levels() {
      let isLevel = (8...56).contains(level.level) && level.level.isMultiple(of: 8)
      let complete = isLevel ? present >> level.level : 0
      guard level.lowest < 0 || level.highest >= complete || level.count > complete else { continue }
      // Neighbours that go on beyond the end were made by entries that are gone; others by nobody.
      if level.level == 8, level.lowest == 0, level.count == level.highest + 1 {
        tellNode(8, level.highest)
      } else {
        add(.index, nil, "level \(level.level) of the tree holds nodes that the log's size does not ask for")
      }
    }
  }

  private mutating func tellNode(_ level: Int, _ highest: Int64) {
    let reach = (highest &+ 1) << Int64(level)
    add(.truncated, endOfLog, "the tree holds a node over positions up to \(reach), and the log ends at \(size)")
  }

  /// What knows more than the log holds: its end is missing, unless the file is another ledger's altogether.
  private mutating func tellTail(_ what: String, _ other: String?) {
    if let other {
      add(.forked, nil, "\(what), and the file is another ledger's log, \(other)")
    } else {
      add(.truncated, endOfLog, "\(what), and the log holds \(size)")
    }
  }

  /// Checkpoints and views that know more than the log holds.
  private mutating func checkTail(
    _ scope: VerificationScope, of origin: String, _ present: Int64, _ session: LogSession
  ) throws {
    let other = session.origin(otherThan: origin)
    for mark in try scope.marks(above: size, through: .max, session) {
      // What the log signed since the beginning is of entries that came since.
      if mark.isStored, mark.size > newestCheckpoint { continue }
      if let failure = mark.failure {
        add(.forked, nil, "\(mark.name) \(failure)")
      } else if mark.isStored || mark.size > present {
        tellTail("\(mark.name) states \(mark.size.of("entry", "entries"))", other)
      } else if try session.tree(size: mark.size).root != mark.root {
        add(.forked, endOfLog, "\(mark.name) states another root: history was rewritten")
      }
    }
    if let position = scope.viewsPosition, position > present {
      tellTail("the views show \(position.of("entry", "entries"))", other)
    }
    guard since == 0 else { return }
    for mark in try scope.marks(above: -1, through: 0, session) where mark.root != Merkle.emptyRoot {
      add(.forked, nil, "\(mark.name) \(mark.failure ?? "states another root than that of an empty log")")
    }
  }
}
