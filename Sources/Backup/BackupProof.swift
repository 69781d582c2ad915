public import Base
import EventLog
public import Ledger
public import Logging
public import Provisioning
import Sealing
import Views

extension OpenLedger {
  /// Unpacks a backup in a folder of the ledger's own, which is removed again, holds it against this ledger, and records that it is good.
  ///
  /// The backup must be sound in itself; its root must be the one that this ledger's log has at that size; and the views
  /// rebuilt from it must be those rebuilt from this ledger up to there, with whom was erased since erased in both.
  /// The manifest must be signed by this log's key, and the configuration be this ledger's or the one that the log
  /// recorded last. `progress` gets what is done and how far. Throws `FaultCode.backupDamaged`, `.backupForeign`,
  /// `.backupUnsigned` and `.backupConfiguration` for what is wrong,
  /// and the faults of all parts.
  public func prove(
    _ backup: BackupFolder, actor: Actor, logger: Logger,
    progress: (_ what: String, _ done: Double) -> Void = { _, _ in }
  ) async throws -> BackupProved {
    let manifest = backup.manifest
    guard manifest.origin == configuration.origin else {
      throw foreign(backup, "it is one of the log \(manifest.origin), and this is \(configuration.origin)")
    }
    let size = try log.lastPosition()
    guard manifest.size <= size else {
      throw foreign(backup, "it holds \(manifest.size.of("event")), and this ledger only \(size)")
    }
    guard try log.root(at: manifest.size).description == manifest.root else {
      throw foreign(backup, "this ledger does not begin with its \(manifest.size.of("event"))")
    }
    let keys = try verifierKeys()
    try backup.requireSigned(by: keys)
    let place = try ProofFolder(in: folder)
    defer { withExtendedLifetime(place) {} }
    let restored = try backup.open(in: place.path, keys: keys, logger: logger, clock: clock, progress)
    defer { try? restored.close() }
    try backup.requireConfiguration(of: restored, or: configurationText)
    let proved = BackupProved(
      name: backup.name, created: manifest.created, size: manifest.size, root: manifest.root,
      views: try compareViews(backup, restored, progress))
    try await append([Event(.ledger, .backupProved(proved))], actor: actor)
    try await checkpoint()
    return proved
  }

  private func foreign(_ backup: BackupFolder, _ what: String) -> Fault {
    Fault(
      .backupForeign,
      """
      \(backup.folder) is no backup of the ledger \(folder): \(what). Name the right ledger, or run `provledger verify`.
      """)
  }

  /// The digest of the views at the backup's end. Throws `FaultCode.backupDamaged` unless both give the same.
  private func compareViews(_ backup: BackupFolder, _ restored: OpenLedger, _ progress: (String, Double) -> Void) throws
    -> String
  {
    let position = backup.manifest.size
    if let digest = try sharedViews(with: restored, named: backup.name, at: position, progress) { return digest }
    throw Fault(
      .backupDamaged,
      """
      The backup \(backup.folder) is damaged: the views rebuilt from it are not those of this ledger at event \
      \(position), so its keys do not open what they should. Take another backup.
      """)
  }

  /// The digest that the views of this ledger and of a copy have at an event; nil when they differ. Whoever was erased
  /// since is erased in the copy too.
  func sharedViews(
    with copy: OpenLedger, named name: String, at position: Int64, _ progress: (String, Double) -> Void
  ) throws -> String? {
    func digest(_ views: ViewStore, _ what: String) throws -> String {
      try views.digest(at: position) { progress(what, position == 0 ? 1 : Double($0) / Double(position)) }
    }
    // An erasure that comes meanwhile may be in the one and not yet in the other; then both are made again.
    for attempt in 1... {
      let erased = try erasures(after: position)
      try copy.keys.erase(erased.map(\.alias))
      let theirs = try digest(copy.views, "rebuilding the views of \(name)")
      let mine = try digest(views, "rebuilding the views of the ledger")
      if theirs == mine { return mine }
      if try attempt >= 5 || erasures(after: position) == erased { break }
    }
    return nil
  }

  /// The newest `backup.proved` up to a position and when it was recorded; nil when there is none. Throws the faults of the
  /// log.
  public func lastProof(upTo position: Int64 = .max) throws -> (proof: BackupProved, time: Timestamp)? {
    // From the end of the ledger's own stream, which only rotations and proofs make longer.
    var end = try log.version(of: Stream.ledger.description)
    while end > 0 {
      let start = max(1, end - 49)
      let page = try log.read(stream: Stream.ledger.description, fromVersion: start, limit: end - start + 1)
      for recorded in page.reversed() where recorded.type == BackupProved.type && recorded.position <= position {
        if case .backupProved(let proof) = try codec.decode(recorded).payload { return (proof, recorded.time) }
      }
      end = start - 1
    }
    return nil
  }
}
