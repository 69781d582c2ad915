import Base
public import EventLog
import Foundation
import Ledger
public import Provisioning

/// What was kept elsewhere, which a ledger that comes back is held against, and who answers for it.
public struct KeptElsewhere: Sendable {
  /// Where it says who must not come back; nil where nothing does.
  public var erasures: ErasureSource?
  /// Checkpoints that the log must begin with, or fall short of.
  public var checkpoints: [SignedCheckpoint]
  /// Keys of the log beside those that come back with it.
  public var keys: [VerifierKey]
  /// What is gone on in spite of; only `RestoreConsent.unsigned` applies.
  public var consent: RestoreConsent
  /// Who erases again.
  public var actor: Actor

  /// As the properties say; by itself nothing was kept.
  public init(
    erasures: ErasureSource? = nil, checkpoints: [SignedCheckpoint] = [], keys: [VerifierKey] = [],
    consent: RestoreConsent = [], actor: Actor
  ) {
    self.erasures = erasures
    self.checkpoints = checkpoints
    self.keys = keys
    self.consent = consent
    self.actor = actor
  }
}

extension LedgerRebuild {
  /// As `run`, and holds the ledger against what was kept elsewhere: each checkpoint must state a beginning of the log or go further
  /// than it, and who was erased by the erasures kept is erased here too.
  ///
  /// Throws as `run` does, `FaultCode.backupForeign` for a checkpoint or erasures of another log or past, `.erasuresInvalid`, and
  /// the faults of appending.
  public func run(
    holding kept: KeptElsewhere, _ progress: Progress = { _, _ in }
  ) async throws -> (rebuilt: Rebuilt, restored: Restored) {
    let known = try kept.erasures.map { try Erasures($0, logger: logger) }
    var rebuild = self
    rebuild.erased = known.map { Set($0.entries.map(\.alias)) }
    let (ledger, first) = try rebuild.open(progress)
    let restored: Restored
    do {
      restored = try await rebuild.hold(ledger, against: kept, known, first)
    } catch {
      try? ledger.close()
      throw error
    }
    try ledger.close()
    if restored.erased.isEmpty { return (first, restored) }
    // What was erased is in log and views now; what was found is what the first run found.
    var second = try rebuild.run(progress)
    second.parts = first.parts
    second.milliseconds += first.milliseconds
    return (second, restored)
  }

  private func hold(
    _ ledger: OpenLedger, against kept: KeptElsewhere, _ known: Erasures?, _ rebuilt: Rebuilt
  ) async throws -> Restored {
    // Where the log's own key is lost, those that were named are left.
    let keys = ((try? ledger.verifierKeys()) ?? []) + kept.keys
    try known?.require(origin: ledger.configuration.origin)
    if !kept.consent.contains(.unsigned) { try known?.requireSigned(by: keys) }
    try known?.require(fitting: ledger, size: rebuilt.size)
    let beyond = try kept.checkpoints.filter { try ledger.isShorter(than: $0, signedBy: keys, named: "The log") }
    let end = try ledger.log.read(from: rebuilt.size, limit: 1).first?.time
    var restored = Restored(
      size: rebuilt.size, root: rebuilt.root, erased: [],
      // The ledger in its own folder is not behind itself.
      unprovedFrom: source == .ledger ? nil : end, beyond: beyond.map(\.size))
    guard let known else { return restored }
    restored.unprovedFrom = known.through
    restored.erased = try await ledger.eraseAgain(known.entries, actor: kept.actor)
    return restored
  }
}

extension OpenLedger {
  /// Whether a checkpoint that was kept elsewhere goes further than the log. Throws `FaultCode.backupForeign` when it states another
  /// past, or none of the keys signed it.
  func isShorter(than note: SignedCheckpoint, signedBy keys: [VerifierKey], named name: String) throws -> Bool {
    try note.require(by: keys, named: "The checkpoint of size \(note.size)", in: folder)
    if try note.size > log.lastPosition() { return true }
    guard try log.root(at: note.size) == note.checkpoint.root else {
      throw Fault(
        .backupForeign,
        """
        \(name) does not begin with the \(note.size.of("event")) that the checkpoint states: its history was rewritten. \
        Take another backup, or other tiles.
        """)
    }
    return false
  }
}

extension SignedCheckpoint {
  /// Throws `FaultCode.backupForeign` unless it is signed by a key of the log in a folder.
  func require(by keys: [VerifierKey], named name: String, in folder: String) throws {
    do {
      try note.verify(with: keys)
    } catch let fault as Fault where fault.code == .noteUnsigned {
      throw Fault(.backupForeign, "\(name) is not signed by the key of the log in \(folder). \(fault.sentence)")
    }
  }
}
