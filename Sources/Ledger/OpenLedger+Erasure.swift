import Base
import EventLog
import Foundation
import Provisioning
import Sealing
import Views

/// Carrying out what `subject.erased` says: the log comes first, and all else follows from it, also after a crash.
extension OpenLedger {
  /// Deletes the keys of everybody whom the log says is erased and who is not gone yet, and leaves nothing of them in
  /// any file of the ledger. The caller holds the cycle lock.
  ///
  /// Costs nothing that grows with the log: how far it got is kept beside the keys. Throws the faults of the keys, and
  /// `FaultCode.erasureUnfinished` when the views could not be cleared; the keys are gone then, and it may be tried again.
  public func finishErasures() throws {
    let pending = try pendingErasures()
    guard let last = pending.last else { return }
    try keys.erase(pending.compactMap(\.alias))
    do {
      try views.scrub()
      try forgetInAudit(pending.compactMap(\.alias))
      try log.checkpointWAL()
    } catch let fault as Fault {
      throw Fault(
        .erasureUnfinished,
        "The person is erased (event \(last.position)) and the key is gone, but a file still holds old pages: \(fault.sentence) The next command on this ledger tries again."
      )
    }
    try keys.setErased(upTo: last.position)
  }

  /// At an opening: the keys go at once; the files are cleared unless somebody else holds the cycle lock and does it.
  func resumeErasures() throws {
    let pending = try pendingErasures()
    guard !pending.isEmpty else { return }
    try keys.erase(pending.compactMap(\.alias))
    guard let lock = try take(.cycle) else { return }
    defer { withExtendedLifetime(lock) {} }
    do { try finishErasures() } catch let fault as Fault where fault.code == .erasureUnfinished {}
  }

  /// How many people the log says are erased whose key, or some file with pages of theirs, is still there.
  public func unfinishedErasures() throws -> Int { try pendingErasures().count }

  private func pendingErasures() throws -> [RecordedEvent] {
    var done = try keys.erasedUpTo()
    // A log that was put back to an earlier state: what is appended from here on counts again.
    if try done > log.lastPosition() { done = 0 }
    var pending: [RecordedEvent] = []
    while true {
      let page = try log.read(types: [SubjectErased.type], from: done + 1)
      pending += page
      guard let last = page.last else { return pending }
      done = last.position
    }
  }
}

extension RecordedEvent {
  /// The person, or operator, in whose stream the event stands.
  fileprivate var alias: String? {
    switch Stream(stream) {
    case .user(let alias)?, .operator(let alias)?: alias
    default: nil
    }
  }
}
