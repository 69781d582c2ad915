import ArgumentParser
import Base
import Exports
import Foundation
import Ledger
import Operations
import Syslog

extension SyslogFeed {
  /// The feed of a ledger to a receiver, as this machine.
  init(of ledger: OpenLedger, to receiver: FeedConfiguration) {
    var settings = ExportSettings(
      origin: ledger.configuration.origin, version: Provledger.configuration.version,
      target: ledger.configuration.target.url)
    settings.privacy = receiver.privacy
    self.init(
      of: ledger, named: receiver.name, to: receiver.destination, settings, Records(ledger),
      logger: LedgerOptions.logger)
    (host, authorities) = (ProcessInfo.processInfo.hostName, receiver.certificates)
  }
}

extension FeedConfiguration {
  /// Records that a receiver gets events from here on, before the first of them leaves.
  func record(_ look: LookOptions, of ledger: OpenLedger) async throws {
    let next = try NamedExport(name, in: ledger).next
    try await look.record("export follow", count: nil, filter: "\(name) from \(next) to \(destination)", of: ledger)
  }
}
