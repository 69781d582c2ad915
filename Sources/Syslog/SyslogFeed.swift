public import Base
import Crypto
import EventLog
public import Exports
public import Ledger
public import Logging
public import Operations
import Provisioning

/// Sends events to a receiver of syslog as they come, each at least once.
///
/// The log is the spool: how far the receiver got is the newest event of the export's stream. After a restart it goes on there,
/// and when a connection breaks somewhat before it: what the other machine confirmed, its program may not have read.
public struct SyslogFeed: Sendable {
  /// So many events are sent before it is recorded how far they went.
  static let most = 1000
  private static let batch = 500

  let ledger: OpenLedger
  let name: String
  let destination: SyslogDestination
  let settings: ExportSettings
  let records: Records
  let logger: Logger
  /// The machine's name.
  public var host = "-"
  /// A file of certificates in PEM form that are trusted beside the system's.
  public var authorities: String?
  /// How long a connection has to stand after the last byte before what was sent counts.
  public var settling = Duration.seconds(1)
  /// So many events before the mark are sent again when a connection did not come about, or was ended.
  var overlap = 200
  /// How long a receiver may take nothing before it is tried anew.
  var limit = Duration.seconds(60)
  /// The longest wait before the next connection.
  public var patience = Duration.seconds(60)

  /// A feed of a name.
  public init(
    of ledger: OpenLedger, named name: String, to destination: SyslogDestination, _ settings: ExportSettings,
    _ records: Records, logger: Logger
  ) {
    (self.ledger, self.name, self.destination) = (ledger, name, destination)
    (self.settings, self.records, self.logger) = (settings, records, logger)
  }

  /// Sends until its task is cancelled. Throws the faults of the ledger, and `FaultCode.exportOvertaken` when another process
  /// feeds under the name.
  public func run() async throws {
    var (wait, again) = (Duration.milliseconds(500), 0)
    while !Task.isCancelled {
      do {
        try await session(again: again) { wait = .milliseconds(500) }
      } catch let fault as Fault {
        throw fault
      } catch is CancellationError {
        return
      } catch {
        logger.warning("\(destination) takes nothing (\(error)); the next attempt is in \(wait)")
        again = overlap
        do { try await Task.sleep(for: wait) } catch { return }
        wait = min(wait * 2, patience)
      }
    }
  }

  /// One connection, until it ends.
  private func session(again: Int, _ succeeded: () -> Void) async throws {
    let connection = try await SyslogConnection.open(destination, authorities: authorities, limit: limit)
    do {
      try await feed(connection, again: again, succeeded)
      connection.close()
    } catch {
      connection.close()
      throw error
    }
  }

  private func feed(_ connection: SyslogConnection, again: Int, _ succeeded: () -> Void) async throws {
    let feed = CEFFeed(log: ledger.log, codec: ledger.codec, settings)
    var mark = Mark(from: try NamedExport(name, in: ledger))
    for try await batch in ledger.log.follow(from: max(1, mark.first - Int64(again)), batch: Self.batch) {
      let frames = try feed.lines(of: batch).map {
        SyslogFrame(severity: $0.severity, time: $0.time, host: host, text: $0.text).bytes
      }
      try await connection.send(Array(frames.joined()))
      mark.take(batch, frames)
      guard batch.count < Self.batch || mark.count >= Self.most else { continue }
      try await connection.settle(for: settling)
      succeeded()
      if mark.isDue { try await record(&mark) }
    }
  }

  private func record(_ mark: inout Mark) async throws {
    let exported = ReportExported(
      name: name, format: ExportFormat.cef.rawValue, count: mark.count,
      file: ExportedFile(
        digest: mark.digest, first: mark.first, last: mark.last, privacy: settings.privacy.rawValue),
      path: destination.description)
    try await records.mark(exported, since: mark.version)
    mark = Mark(from: try NamedExport(name, in: ledger))
  }
}

/// What was sent since it was recorded last how far it went.
struct Mark {
  let first: Int64
  let version: Int
  private(set) var last: Int64
  private(set) var count = 0
  private var others = 0
  private var hash = SHA256()

  init(from export: NamedExport) {
    (first, last, version) = (export.next, export.next - 1, export.version)
  }

  var digest: String { Digest32(hash.finalize()).description }

  /// What was sent again is recorded already.
  mutating func take(_ batch: [RecordedEvent], _ frames: [[UInt8]]) {
    for (event, frame) in zip(batch, frames) where event.position >= first { take(event, frame) }
  }

  private mutating func take(_ event: RecordedEvent, _ frame: [UInt8]) {
    hash.update(data: frame)
    (count, last) = (count + 1, event.position)
    if event.type != ReportExported.type { others += 1 }
  }

  /// Records of how far an export went are sent too, and make no further record: two feeds would answer each other for ever.
  var isDue: Bool { others > 0 }
}
