public import Base
import EventLog
import Foundation
import Ledger
public import Logging
public import Provisioning
import Sealing
import Views

/// Makes all that is derived from a log anew, and proves that it is what it was.
public struct LedgerRebuild: Sendable {
  /// What is done and how far, from 0 to 1.
  public typealias Progress = (_ what: String, _ done: Double) -> Void

  /// The ledger's folder.
  let folder: String
  /// What the log and the keys in it come from.
  var source: LedgerRebuilt.Source
  /// Where the master key is, when not where the configuration says.
  var master: SecretSource?
  /// Files that whoever laid the log here holds elsewhere.
  var held: Set<String> = []
  /// Whom somebody who knows of all erasures says is erased; nil where nobody was asked.
  var erased: Set<String>?
  let logger: Logger
  let clock: @Sendable () -> Timestamp

  /// A rebuild of the ledger in a folder, of which no more need be left than log and keys; `source` is where these came from.
  public init(
    folder: String, source: LedgerRebuilt.Source = .ledger, logger: Logger,
    clock: @escaping @Sendable () -> Timestamp = SystemClock.now
  ) {
    self.folder = folder
    self.source = source
    self.logger = logger
    self.clock = clock
  }

  /// Verifies the log, puts the configuration back where it is missing, makes the views anew twice and compares. Others may
  /// use the ledger meanwhile.
  ///
  /// Throws `FaultCode.ledgerMissing`, `.keysMissing`, `.logDamaged`, `.rebuildImpossible`, `.rebuildDiffers`, `.viewsAhead`
  /// for views that know more than the log does, `.logForked` for an anchor's file that states another history, and the
  /// faults of opening.
  public func run(_ progress: Progress = { _, _ in }) throws -> Rebuilt {
    let (ledger, rebuilt) = try open(progress)
    try ledger.close()
    return rebuilt
  }

  /// As `run`, with the ledger left open.
  func open(_ progress: Progress) throws -> (ledger: OpenLedger, rebuilt: Rebuilt) {
    let began = clock()
    try OpenLedger.requirePresence(in: folder)
    let bare = BareFolder(folder: folder, master: master, logger: logger, clock: clock)
    let hadViews = bare.has(OpenLedger.File.views)
    try bare.verify { progress("verifying the log", $0) }
    let configuration = try bare.configuration()
    let ledger = try OpenLedger(folder: folder, logger: logger, master: master, clock: clock)
    do {
      try ledger.requireWritable()
      _ = try ledger.eraseLeftKeys()
      let (views, comparison) = try self.views(ledger, hadViews, progress)
      var rebuilt = try account(ledger, [configuration, views], comparison)
      rebuilt.milliseconds = Int((clock() - began).milliseconds)
      return (ledger, rebuilt)
    } catch {
      try? ledger.close()
      throw error
    }
  }

  /// Brings the views up to the log, builds them a second time beside, and puts in place what differs.
  private func views(
    _ ledger: OpenLedger, _ wereThere: Bool, _ progress: Progress
  ) throws -> (RebuiltPart, ViewStore.Comparison) {
    let size = max(1, try ledger.log.lastPosition())
    func tell(_ what: String, _ position: Int64) { progress(what, Double(position) / Double(size)) }
    try ledger.views.catchUp { tell("building the views", $0) }
    let first = try ledger.views.rebuild { tell("building the views a second time", $0) }
    let last = first.isEqual ? first : try ledger.views.check { tell("building the views a third time", $0) }
    let name = OpenLedger.File.views
    guard last.isEqual else {
      throw Fault(
        .rebuildDiffers,
        "Two builds of the views in \(folder) differ at event \(last.position): \(last.differing.joined(separator: ", ")). Nothing can be relied on here; run `provledger doctor`."
      )
    }
    let words =
      !wereThere
      ? "made anew"
      : first.isEqual
        ? "equal to a second build" : "made anew, since they differed in \(first.differing.joined(separator: ", "))"
    return (RebuiltPart(name, wereThere && first.isEqual ? .found : .rebuilt, words), last)
  }

  private func account(
    _ ledger: OpenLedger, _ parts: [RebuiltPart], _ comparison: ViewStore.Comparison
  ) throws -> Rebuilt {
    let head = try ledger.log.head()
    return Rebuilt(
      source: source,
      parts: try [log(head, ledger), keys(ledger)] + parts + [logKey(ledger)] + lostKeys(ledger) + lostErasures(ledger)
        + lostEvents(ledger),
      size: head.size, root: head.root.description, views: comparison.rebuilt,
      isEqual: comparison.isEqual && comparison.position == head.size,
      pending: try ledger.views.backlog().pending, isCopy: try ledger.isCopy())
  }
}

/// What is found and what is lost, part by part.
extension LedgerRebuild {
  private func log(_ head: LogHead, _ ledger: OpenLedger) -> RebuiltPart {
    RebuiltPart(OpenLedger.File.log, .found, "\(head.size.of("event")), all as they were written")
  }

  private func keys(_ ledger: OpenLedger) throws -> RebuiltPart {
    RebuiltPart(OpenLedger.File.keys, .found, try ledger.keys.aliases().count.of("key"))
  }

  /// The newest checkpoint in the log is held against the key, where that is there.
  private func logKey(_ ledger: OpenLedger) throws -> RebuiltPart {
    let name = ledger.configuration.log.key
    if held.contains(name) { return RebuiltPart(name, .found, "is in the backup") }
    do {
      let keys = try ledger.verifierKeys()
      try ledger.log.newestCheckpoint()?.checkpoint.note.verify(with: keys)
      return RebuiltPart(name, .found, "signed the newest checkpoint")
    } catch let fault as Fault where fault.code == .logKeyUnusable {
      return RebuiltPart(name, .lost, "no checkpoint can be signed until a copy of it is put back")
    }
  }

  private func lostKeys(_ ledger: OpenLedger) throws -> [RebuiltPart] {
    let living = try ledger.views.livingAliases().filter { erased?.contains($0) != true }
    let lost = try ledger.lostKeys(among: living)
    if lost.isEmpty { return [] }
    let names = lost.prefix(10).joined(separator: ", ") + (lost.count > 10 ? ", …" : "")
    return [RebuiltPart("keys", .lost, "those of \(lost.count.people), whose data cannot be read: \(names)")]
  }

  /// The keys may know of erasures that the log does not hold.
  private func lostErasures(_ ledger: OpenLedger) -> [RebuiltPart] {
    guard erased == nil, let last = ledger.erasuresBeyond else { return [] }
    let words =
      "the keys know of some up to event \(last), and the log ends before: whoever misses a key may be erased. Rebuild with --erasures-from or --erasures"
    return [RebuiltPart("erasures", .lost, words)]
  }

  /// The files of anchors may know of more events than the log has.
  private func lostEvents(_ ledger: OpenLedger) throws -> [RebuiltPart] {
    let size = try ledger.log.lastPosition()
    return try ledger.configuration.log.anchors.compactMap { anchor in
      guard let disagreement = try ledger.disagreement(with: anchor) else { return nil }
      guard let last = ledger.newestNote(of: anchor), last.size > size else {
        throw Fault(.logForked, "\(disagreement). Keep both, and rebuild from a backup that agrees with it.")
      }
      return RebuiltPart("events", .lost, "\(size + 1) to \(last.size): \(disagreement)")
    }
  }
}
