import Base
public import EventLog
import Foundation
public import Logging
import Provisioning

/// Reads the whole log again and again while a worker runs, a piece at a time, and keeps where it is and how the last
/// pass ended.
public struct Rehasher: Sendable {
  private let ledger: OpenLedger
  private let logger: Logger

  /// A reader of a ledger's log.
  public init(for ledger: OpenLedger, logger: Logger) {
    self.ledger = ledger
    self.logger = logger
  }

  /// Half of the configured hours for a pass, half of them before the next one: no entry is older than that.
  private var span: Duration { .seconds(1800 * ledger.configuration.log.rehashHours) }

  /// Reads on until its task is cancelled. What is wrong is logged and shown by `status`; it keeps nobody from work.
  public func run(
    pause: @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
  ) async {
    var rehash = (try? ledger.keptRehash()) ?? Rehash()
    do { try rehash.settle(ledger.log, within: span * 2) } catch { rehash = Rehash() }
    while !Task.isCancelled {
      do { try await pause(step(&rehash)) } catch { return }
    }
  }

  /// Does what is due, and returns how long to wait before the next step.
  func step(_ rehash: inout Rehash) -> Duration {
    if rehash.progress == nil, let last = rehash.last {
      let rest = span - (ledger.clock() - last.finished)
      // Not all of it at once: the clock may be set.
      if rest > .zero { return min(rest, .seconds(60)) }
    }
    do {
      let outcome = try rehash.step(ledger.log, ledger.verificationScope())
      // An operator may have verified the log meanwhile.
      rehash.adopt(try ledger.keptRehash()?.last)
      try ledger.keep(rehash)
      guard let outcome else { return min(rehash.pause(toTake: span), .seconds(5)) }
      if outcome.findings > 0 {
        logger.critical(
          "the log was tampered with", metadata: ["first": "\(outcome.first ?? "")", "findings": "\(outcome.findings)"])
      }
      return .zero
    } catch {
      logger.error("the log could not be read again", metadata: ["reason": "\(error)"])
      return .seconds(60)
    }
  }
}

extension OpenLedger {
  private var rehashPath: String { "\(folder)/\(File.rehash)" }

  /// What the log is verified against: the ledger's own keys. Throws `FaultCode.logKeyUnusable`, and the faults of the
  /// log.
  public func verificationScope() throws -> VerificationScope {
    // A log that cannot be read tells no keys; it is verified all the same.
    VerificationScope(keys: try presentKeys(), formerKeys: (try? formerKeys()) ?? [])
  }

  /// Where the background reading of the log is; nil when nothing was kept, or what was kept was not kept by us. Throws
  /// `FaultCode.logKeyUnusable`.
  public func keptRehash() throws -> Rehash? {
    guard let bytes = try? OutsideFile.read(rehashPath, limit: 16 << 20) else { return nil }
    return Rehash(sealed: bytes, under: try secret(for: "rehash"))
  }

  /// Keeps how an operator's verification of the whole log ended, as that of the worker is kept. Throws
  /// `FaultCode.logKeyUnusable`, and `PrivateFile.Failure`.
  public func keep(_ verification: Verification) throws {
    var rehash = try keptRehash() ?? Rehash()
    rehash.adopt(Rehash.Outcome(verification, finished: clock()))
    try keep(rehash)
  }

  fileprivate func keep(_ rehash: Rehash) throws {
    try PrivateFile.write(try rehash.sealed(under: try secret(for: "rehash")), path: rehashPath)
  }
}
