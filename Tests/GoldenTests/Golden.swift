import Base
import EventLog
import Foundation
import JSON
import Logging
import Provisioning
import Sealing
import TestSupport
import Testing
import Views

@testable import Backup
@testable import Ledger
@testable import Migrations

/// A ledger that a program of its time wrote, kept as a backup in `Ledgers`: later programs must read it to the same end.
///
///     PROVLEDGER_GOLDEN=1 tools/test --filter GoldenTests       writes Ledgers/1 anew
///
/// `Ledgers/3c4f2dc` was made with the verbs of the program of that commit: imports, deliveries, a hold, a legal hold, a
/// comparison, people whom the safeguard holds, an erasure, a backup.
///
/// A ledger that was released with a version of the program is never written again: a new event type or schema gets a
/// ledger of the next number.
struct Golden {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Ledgers").path

  let name: String
  var folder: String { "\(Self.root)/\(name)" }
  private var digests: String { "\(folder)/views.json" }

  /// All of them; the one that the environment names is written first.
  static func all() async throws -> [Golden] {
    try await writing?.value
    return try FileManager.default.contentsOfDirectory(atPath: root).filter { !$0.hasPrefix(".") }.sorted()
      .map { Golden(name: $0) }
  }

  /// The digests of the views by the newest step of their schema. Tables that changed give another digest, so that a
  /// ledger may have several, each recorded when its schema came.
  func recordedDigests() throws -> JSONObject {
    guard let data = FileManager.default.contents(atPath: digests) else { return JSONObject() }
    return try JSONParser.parse(data).object ?? JSONObject()
  }

  /// Opens a copy in an empty folder, checked as every backup is.
  func open(in place: String) throws -> OpenLedger {
    try BackupFolder(folder: folder).open(in: place, logger: quiet, clock: TestClock().read) { _, _ in }
  }

  // MARK: Writing

  private static let writing: Task<Void, any Error>? =
    ProcessInfo.processInfo.environment["PROVLEDGER_GOLDEN"].map { name in
      Task { try await Golden(name: name).write() }
    }

  private func write() async throws {
    let place = try TestLedger()
    let ledger = try place.open()
    var history = History(place, ledger, seed: 2026)
    try await history.live(rounds: 1)
    try await ledger.checkpoint()
    for (number, payload) in (PayloadSamples.whole + PayloadSamples.sparse).enumerated() {
      place.clock.advance(.seconds(1))
      try await ledger.append(
        [Event(try stream(payload.type, number, ledger.keys), payload, correlation: "golden")], actor: "golden")
    }
    try ledger.finishErasures()
    try? FileManager.default.removeItem(atPath: folder)
    let backup = try await ledger.backUp(to: folder)
    var digests = JSONObject()
    digests[Migrations.views.newest] = .string(try ledger.views.digest(at: backup.manifest.size))
    try Data((JSONValue.object(digests).text + "\n").utf8).write(to: URL(fileURLWithPath: self.digests))
  }

  /// A stream of the kind that events of a type stand in. Each erasure has a person of its own.
  private func stream(_ type: String, _ number: Int, _ keys: SubjectKeys) throws -> Provisioning.Stream {
    func alias() throws -> String {
      let id = type == SubjectErased.type ? "erased-\(number)" : "golden"
      return try #require(try keys.subjects(for: [id])[id]).alias
    }
    switch type {
    case DeliveryPaused.type, DeliveryResumed.type: return .target
    case DeliveryRetried.type, DeliverySkipped.type, DeliveryHeld.type, ReviewDecided.type, ReviewRefused.type:
      return .user(try alias())
    default: break
    }
    switch type.prefix(while: { $0 != "." }) {
    case "directory", "provisioning", "legal", "erasure", "subject": return .user(try alias())
    case "account", "scim", "delivery", "drift": return .account(try alias())
    case "operator": return .operator(try alias())
    case "cycle": return .cycle("golden-\(number)")
    case "safeguard": return .safeguard("golden-\(number)")
    case "target", "quarantine", "quota", "circuit", "reconcile": return .target
    case "configuration": return .configuration
    case "review": return .review("golden-\(number)")
    case "log", "master", "backup", "loss", "ledger": return .ledger
    default: return .operators
    }
  }
}
