import Base
import Foundation
import Ledger
import Logging
import Provisioning

/// The ledger of a simulated company, in memory where the machine has a file system for that; gone when the life is over.
final class EngineLedger {
  private static let memory = "/dev/shm"

  let folder: String
  private let clock: @Sendable () -> Timestamp

  init(_ configuration: String, clock: @escaping @Sendable () -> Timestamp) throws {
    let isThere = FileManager.default.isWritableFile(atPath: Self.memory)
    let root = isThere ? Self.memory : NSTemporaryDirectory()
    folder = "\(root)/provledger-engine-\(UUID().uuidString)"
    self.clock = clock
    try OpenLedger.create(
      folder: folder, url: "https://scim.example/v2", token: .environment("TOKEN"), origin: "simulation.example/engine",
      logger: Self.quiet, clock: clock)
    try configure(configuration)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  private static let quiet = Logger(label: "simulation") { _ in SwiftLogNoOpLogHandler() }

  /// Writes the configuration; whoever opens the ledger from then on has it.
  func configure(_ text: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/provledger.yaml"))
  }

  /// Opens the ledger, as a new process does.
  func open() throws -> OpenLedger { try OpenLedger(folder: folder, logger: Self.quiet, clock: clock) }
}
