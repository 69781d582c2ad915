public import Base
public import EventLog
import Foundation
import Provisioning
import Sealing
import Views

/// What a ledger is held against besides its own log.
extension OpenLedger {
  /// What `verify` holds the log against: the ledger's keys, what its anchors' files hold, where its views are, and how
  /// much may be without a checkpoint. `unread` hears of each anchor that could not be read, and why.
  ///
  /// Throws `FaultCode.logKeyUnusable`, and the faults of log and views.
  public func evidence(unread: (_ name: String, Fault) -> Void = { _, _ in }) throws -> VerificationScope {
    var scope = try verificationScope()
    scope.viewsPosition = try views.position()
    scope.slack = CheckpointSlack(
      events: Int64(configuration.log.checkpointEvents), span: .seconds(60 * (configuration.log.checkpointMinutes + 1)),
      now: clock())
    for anchor in configuration.log.anchors {
      guard case .file(let path) = anchor, FileManager.default.fileExists(atPath: path) else { continue }
      do { scope.keptElsewhere += try Self.checkpoints(heldIn: path) } catch let fault as Fault {
        unread(name(of: anchor), fault)
      }
    }
    return scope
  }

  /// All of a file's checkpoints; of one that is longer than is read at once, the newest.
  private static func checkpoints(heldIn path: String) throws -> [SignedCheckpoint] {
    do { return try SignedCheckpoint.all(in: path) } catch {
      do { return try SignedCheckpoint.last(in: path).map { [$0] } ?? [] } catch let failure as OutsideFile.Failure {
        throw failure.fault(.noteInvalid, path, "look at the mount and its permissions.")
      }
    }
  }

  /// Why an anchor's file and the log cannot both be right, with both roots; nil when they agree, or the file cannot be
  /// read. Throws the faults of the log.
  public func disagreement(with anchor: Anchor) throws -> String? {
    guard case .file(let path) = anchor, let last = newestNote(of: anchor),
      last.checkpoint.origin == configuration.origin
    else { return nil }
    let size = try log.lastPosition()
    guard last.size <= size else {
      return
        "\(path) holds a checkpoint of \(last.size.of("event")), root \(last.checkpoint.root), and the log has \(size)"
    }
    let root = try log.root(at: last.size)
    if root == last.checkpoint.root { return nil }
    return "at \(last.size.of("event")) \(path) holds the root \(last.checkpoint.root), and the log has \(root)"
  }

  /// The newest checkpoint in the file of an anchor; nil for a command, and for a file that cannot be read.
  package func newestNote(of anchor: Anchor) -> SignedCheckpoint? {
    guard case .file(let path) = anchor else { return nil }
    return try? SignedCheckpoint.last(in: path)
  }

  /// The people of some aliases whose key is gone though nobody erased them. Throws the faults of the keys.
  package func lostKeys(among aliases: some Collection<String>) throws -> [String] {
    // Of a few each is looked for; of more it is quicker to read all that there are.
    let known = try aliases.count < 5000 ? keys.aliases(among: aliases) : keys.aliases()
    return aliases.filter { !known.contains($0) }.sorted()
  }

  /// Signs the log when more of it is without a checkpoint than the configuration allows: for those who append much while
  /// no worker may run. Throws as `checkpoint` does.
  package func checkpointIfDue() async throws {
    let signed = try log.newestCheckpoint()?.checkpoint.size ?? 0
    guard try log.lastPosition() - signed >= Int64(configuration.log.checkpointEvents) else { return }
    try await checkpoint()
  }
}
