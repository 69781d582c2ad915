import Base
import EventLog
import Foundation
import Provisioning
import Sealing
import Views

/// Carrying out what `subject.erased` says: the log comes first, and all else follows from it, also after a crash.
extension OpenLedger {
  /// Deletes the keys of everybody whom the log says is erased and who is not gone yet, and leaves nothing of them in
  /// any file of the ledger. The caller holds the cycle lock, and names whom it has just said to be erased: they are gone on return,
  /// whatever is noted as carried out.
  ///
  /// Costs nothing that grows with the log: how far it got is kept beside the keys. Throws the faults of the keys, and
  /// `FaultCode.erasureUnfinished` when a key is still there or the views could not be cleared; it may be tried again.
  public func finishErasures(of named: [String] = []) throws {
    try dropForeignNote()
    let pending = try pendingErasures()
    let aliases = Set(pending.compactMap(\.erasedAlias)).union(named).sorted()
    if pending.isEmpty, aliases.isEmpty { return }
    let position = try pending.last?.position ?? log.lastPosition()
    try keys.erase(aliases)
    try requireGone(aliases, position)
    do {
      try views.scrub()
      try forgetInAudit(aliases)
      try log.checkpointWAL()
    } catch let fault as Fault {
      throw Fault(
        .erasureUnfinished,
        "The person is erased (event \(position)) and the key is gone, but a file still holds old pages: \(fault.sentence) The next command on this ledger tries again."
      )
    }
    if !pending.isEmpty { try keys.setErased(upTo: position) }
  }

  /// Asks the key file anew: nobody is told that a key is gone which is still there.
  private func requireGone(_ aliases: [String], _ position: Int64) throws {
    guard let left = try keys.aliases(among: aliases).min() else { return }
    throw Fault(
      .erasureUnfinished,
      "Event \(position) says who is erased, but the key of \(left) is still in \(File.keys): something keeps it from being deleted. Run `provledger doctor`, restore that file from a backup if it was changed, and run any command: it tries again."
    )
  }

  /// At an opening: the keys go at once; the files are cleared unless somebody else holds the cycle lock and does it.
  func resumeErasures() throws {
    try dropForeignNote()
    let pending = try pendingErasures()
    guard !pending.isEmpty else { return }
    try keys.erase(pending.compactMap(\.erasedAlias))
    guard let lock = try take(.cycle) else { return }
    defer { withExtendedLifetime(lock) {} }
    do { try finishErasures() } catch let fault as Fault where fault.code == .erasureUnfinished {}
  }

  /// Deletes the keys that are there although their erasure is noted as carried out: the note was of another state of the log.
  /// Returns whose they were. The next opening clears the other files. Throws the faults of log and keys.
  package func eraseLeftKeys() throws -> [String] {
    let left = try leftKeys().sorted()
    if left.isEmpty { return [] }
    try keys.setErased(upTo: 0)
    try keys.erase(left)
    return left
  }

  /// How many people the log says are erased whose key, or some file with pages of theirs, is still there. All erasures of the log
  /// are looked at.
  public func unfinishedErasures() throws -> Int {
    try leftKeys().union(pendingErasures().compactMap(\.erasedAlias)).count
  }

  private func leftKeys() throws -> Set<String> {
    try keys.aliases(among: recordedErasures(after: 0).compactMap(\.erasedAlias))
  }

  private func pendingErasures() throws -> [RecordedEvent] {
    try recordedErasures(after: keys.erasedUpTo(in: log))
  }

  /// What is noted as carried out goes where it is not of this log: an erasure may come to stand there.
  private func dropForeignNote() throws {
    if try keys.erasedUpTo() > 0, try keys.erasedUpTo(in: log) == 0 { try keys.setErased(upTo: 0) }
  }

  private func recordedErasures(after position: Int64) throws -> [RecordedEvent] {
    var erasures: [RecordedEvent] = []
    var done = position
    while true {
      let page = try log.read(types: [SubjectErased.type], from: done + 1)
      erasures += page
      guard let last = page.last else { return erasures }
      done = last.position
    }
  }
}
