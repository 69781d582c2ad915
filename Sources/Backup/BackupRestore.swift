public import Base
public import EventLog
import Foundation
public import Ledger
public import Logging
public import Provisioning
import Sealing

/// Where a restore learns whom it must not bring back.
public enum ErasureSource: Sendable {
  /// The folder of the ledger that the backup was made from, as far as it still opens.
  case ledger(String)
  /// The list that is kept with the anchors.
  case list(String)
}

/// What a restore did, and what it cannot know.
public struct Restored: Equatable, Sendable {
  /// The number of events that came back.
  public var size: Int64
  /// The Merkle root over them.
  public var root: String
  /// Whom it erased again, those who were erased after the backup.
  public var erased: [ErasedAlias]
  /// From when on erasures are not known; nil when all are, up to the end of the ledger that was asked.
  public var unprovedFrom: Timestamp?
  /// The sizes of checkpoints kept elsewhere that go further than the backup: the events between are lost.
  public var beyond: [Int64]
}

/// What a restore is told to go on in spite of.
public struct RestoreConsent: OptionSet, Sendable {
  /// The bits.
  public let rawValue: Int

  /// A set of bits.
  public init(rawValue: Int) { self.rawValue = rawValue }

  /// The manifest, or the list of erasures, is not signed by the log's key: a former program made it, or somebody else.
  public static let unsigned = RestoreConsent(rawValue: 1)
  /// The configuration inside is not the one that the log recorded last.
  public static let configuration = RestoreConsent(rawValue: 2)
}

extension BackupFolder {
  /// Makes a new ledger of the backup, in a folder that does not exist or is empty. The backup itself is only read.
  ///
  /// Everything is checked before the ledger comes into being: the files, the whole log, its checkpoint, and that each
  /// of `checkpoints`, notes that are kept elsewhere, states a beginning of this log or goes further than it. Then who
  /// was erased after the backup is erased again, in the restored log too. `keys` are those of the log that the backup
  /// does not know of, since a rotation came later; `consent` is what is accepted. Throws `FaultCode.backupDamaged`,
  /// `.backupForeign`, `.backupUnsigned`, `.backupConfiguration`, `.backupInTheWay`, `.backupBusy`, `.backupFile`, `.erasuresInvalid`, `.noteInvalid`, and the faults
  /// of opening.
  public func restore(
    to place: String, erasures source: ErasureSource?, checkpoints: [SignedCheckpoint] = [],
    keys others: [VerifierKey] = [], consent: RestoreConsent = [], actor: Actor,
    logger: Logger, clock: @escaping @Sendable () -> Timestamp = SystemClock.now,
    progress: (_ what: String, _ done: Double) -> Void = { _, _ in }
  ) async throws -> Restored {
    let known = try source.map { try Erasures($0, logger: logger) }
    try known?.require(origin: manifest.origin)
    let new = try NewFolder(for: place)
    let ledger = try open(in: new.path, logger: logger, clock: clock, progress)
    var restored: Restored
    do {
      let keys = try ledger.verifierKeys() + others
      if !consent.contains(.unsigned) {
        try requireSigned(by: keys)
        try known?.requireSigned(by: keys)
      }
      if !consent.contains(.configuration) { try requireConfiguration(of: ledger) }
      try known?.require(fitting: ledger, size: manifest.size)
      let beyond = try checkpoints.filter { try ledger.isShorter(than: $0, signedBy: keys, named: folder) }.map(\.size)
      restored = Restored(
        size: manifest.size, root: manifest.root, erased: [], unprovedFrom: manifest.created, beyond: beyond)
      if let known { restored.unprovedFrom = known.through }
      if let known { restored.erased = try await ledger.eraseAgain(known.entries, actor: actor) }
    } catch {
      try? ledger.close()
      throw error
    }
    try ledger.close()
    try new.finish()
    return restored
  }
}

/// The erasures that a restore is told.
struct Erasures {
  var entries: [ErasedAlias]
  /// Up to when they are all; nil when there can be no later one that matters.
  var through: Timestamp?
  /// Where they come from, when it is a list.
  private var list: (file: String, content: ErasureList)?
  private let origin: String
  private let name: String

  init(_ source: ErasureSource, logger: Logger) throws {
    switch source {
    case .ledger(let folder):
      let ledger = try OpenLedger(folder: folder, logger: logger)
      defer { try? ledger.close() }
      origin = ledger.configuration.origin
      name = folder
      entries = try ledger.erasures()
    case .list(let file):
      let list = try ErasureList(file: file)
      origin = list.origin
      name = file
      entries = list.entries
      through = list.time
      self.list = (file, list)
    }
  }

  /// Throws `FaultCode.backupForeign` unless they are of the log that comes back.
  func require(origin other: String) throws {
    guard origin != other else { return }
    throw Fault(
      .backupForeign, "\(name) belongs to the log \(origin), and what comes back to \(other). Name the right one.")
  }

  /// Throws `FaultCode.erasuresInvalid` for a list that none of the keys signed: a line in it ends a person's data.
  func requireSigned(by keys: [VerifierKey]) throws {
    guard let list, !list.content.isSigned(by: keys) else { return }
    throw Fault(
      .erasuresInvalid,
      """
      \(list.file) is not signed by a key of the log, so anybody may have added to it. Name a list that is, or the log's \
      newer key with --key, or say --accept-unsigned once you have looked at each line.
      """)
  }

  /// Throws `FaultCode.erasuresInvalid` when a list says of the first events of the log what is not so.
  func require(fitting ledger: OpenLedger, size: Int64) throws {
    guard let list else { return }
    let erased = Set(try ledger.erasures().map(\.alias))
    guard let odd = entries.first(where: { $0.position <= size && !erased.contains($0.alias) }) else { return }
    throw Fault(
      .erasuresInvalid,
      """
      \(list.file) says that event \(odd.position) erased \(odd.alias), and in the log that comes back it did not: the \
      list was changed. Find out who wrote it, and name another one.
      """)
  }
}

extension OpenLedger {
  /// Erases in this ledger whom another one, of the same log, or a list of it, says is erased. Returns those who were not
  /// erased here yet; who never came into this log is left out.
  func eraseAgain(_ wanted: [ErasedAlias], actor: Actor) async throws -> [ErasedAlias] {
    let lock = try lock(.cycle)
    defer { withExtendedLifetime(lock) {} }
    let done = Set(try erasures().map(\.alias))
    var again: [ErasedAlias] = []
    var events: [Event] = []
    for entry in wanted where !done.contains(entry.alias) {
      let isOperator = try log.version(of: Stream.operator(entry.alias).description) > 0
      let stream = isOperator ? Stream.operator(entry.alias) : .user(entry.alias)
      let recorded =
        isOperator ? try log.events(of: [stream.description]) : try log.events(about: entry.alias)
      if recorded.isEmpty { continue }
      let sealed = try recorded.filter { try codec.isSealed($0) }
      let erased = SubjectErased(
        reason: entry.reason, forced: [], events: sealed.count,
        calls: sealed.count { $0.type == CallStarted.type || $0.type == CallFinished.type })
      events.append(Event(stream, .subjectErased(erased)))
      again.append(entry)
    }
    try await append(events, actor: actor)
    try finishErasures(of: again.map(\.alias))
    return again
  }
}
