import Base
public import Crypto
public import EventLog
import Foundation
package import Provisioning
import Sealing

/// The log's key, and the checkpoints that it signs.
extension OpenLedger {
  private var logKeyPath: String { path(of: configuration.log.key) }

  /// A file that the configuration names: absolute, or in the ledger's folder.
  package func path(of file: String) -> String { file.hasPrefix("/") ? file : "\(folder)/\(file)" }

  /// The keys that sign: mostly one, two while a rotation is under way. Throws `FaultCode.logKeyUnusable`.
  private func logKeys() throws -> [LogKey] {
    try LogKey.read(path: logKeyPath, origin: configuration.origin)
  }

  /// The key that signs, as others check it. Throws `FaultCode.logKeyUnusable`.
  public func verifierKey() throws -> VerifierKey {
    let keys = try logKeys()
    return keys[keys.count - 1].verifier
  }

  /// A secret that nobody without the log's key can know, for what must not be forged between two runs of the program.
  public func secret(for purpose: String) throws -> SymmetricKey { try logKeys()[0].secret(for: purpose) }

  /// All keys that ever signed: those that rotations replaced, then the present one. Throws
  /// `FaultCode.logKeyUnusable`, and the faults of the log.
  public func verifierKeys() throws -> [VerifierKey] {
    try formerKeys() + presentKeys()
  }

  /// The keys that sign at present: mostly one, two while a rotation is under way. Throws
  /// `FaultCode.logKeyUnusable`.
  public func presentKeys() throws -> [VerifierKey] { try logKeys().map(\.verifier) }

  /// The keys that rotations replaced, as the log tells them: believe them only where a present key signed the log
  /// later. Throws the faults of the log.
  public func formerKeys() throws -> [VerifierKey] { try rotations().map { try VerifierKey(text: $0.old) } }

  private func rotations() throws -> [LogKeyRotated] {
    var found: [LogKeyRotated] = []
    var next: Int64 = 1
    while true {
      let events = try log.read(types: [LogKeyRotated.type], from: next)
      guard let last = events.last else { return found }
      for event in events {
        if case .logKeyRotated(let rotated) = try codec.decode(event).payload { found.append(rotated) }
      }
      next = last.position + 1
    }
  }

  /// Signs the log as it stands, and keeps the note; the kept one when nothing was appended since.
  ///
  /// Throws `FaultCode.logForked` when the log does not continue the checkpoint before, `FaultCode.sealBroken` when an
  /// event that is not signed yet is not of this program, `FaultCode.logKeyUnusable`, and the faults of the log.
  @discardableResult
  public func checkpoint() async throws -> SignedCheckpoint {
    try requireWritable()
    let keys = try logKeys()
    try requireSeals(after: try log.newestCheckpoint()?.checkpoint.size ?? 0, through: try log.lastPosition())
    if keys.count == 2 { return try await finishRotation(keys, actor: "ledger") }
    return try await sign(keys)
  }

  /// A note signed by the keys that sign at present. Throws `FaultCode.logKeyUnusable`.
  func sign(_ text: String) throws -> SignedNote { try SignedNote(text, signedBy: try logKeys()) }

  private func sign(_ keys: [LogKey]) async throws -> SignedCheckpoint {
    try await log.checkpoint(
      origin: configuration.origin, signedBy: keys, known: try formerKeys() + keys.map(\.verifier))
  }

  // MARK: Rotation

  /// Replaces the log's key: records it, has both keys sign the checkpoint that covers the record, forgets the old one.
  ///
  /// A rotation that was cut off is finished instead. Throws as `checkpoint` does.
  package func rotateLogKey(actor: Actor) async throws -> SignedCheckpoint {
    var keys = try logKeys()
    if keys.count == 1 {
      keys.append(try LogKey(origin: configuration.origin))
      // Both are durable before the log speaks of the new one.
      try LogKey.write(keys, path: logKeyPath)
    }
    return try await finishRotation(keys, actor: actor)
  }

  private func finishRotation(_ keys: [LogKey], actor: Actor) async throws -> SignedCheckpoint {
    let (old, new) = (keys[0].verifier.text, keys[1].verifier.text)
    // The version makes one of two processes that finish the same rotation the one that records it.
    while try !rotations().contains(where: { $0.new == new }) {
      var append = try codec.encode(
        Event(.ledger, .logKeyRotated(LogKeyRotated(old: old, new: new))), actor: actor)
      append.expectation = .version(try log.version(of: append.stream))
      guard try !rotations().contains(where: { $0.new == new }) else { break }
      do { try await log.append([append]) } catch is AppendConflict {}
    }
    let signed = try await sign(keys)
    try LogKey.write([keys[1]], path: logKeyPath)
    return signed
  }
}
