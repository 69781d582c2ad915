public import Base
import Directory
import JSON
public import Ledger
import Views

/// What whoever watches the cycles is told: that none has finished for too long, that the newest export is old, that the
/// credentials for the directory end.
public struct CycleWatch: Equatable, Sendable {
  /// Since when no cycle over the tenant has finished, where that is too long.
  public var silentSince: Timestamp?
  /// After how many minutes that is too long: two intervals.
  public var silentMinutes = 0
  /// When the newest export in the watched folder was written; nil where there is none, and where none is watched.
  public var export: Timestamp?
  /// True when a folder is watched and its newest export is older than the configuration allows, or there is none.
  public var isExportOld = false
  /// After how many hours an export is old.
  public var exportHours = 0
  /// True when a folder is watched.
  public var isFolderWatched = false
  /// The secrets and certificates by which the tenant is read, the first to end first.
  public var credentials: [CycleState.Credential] = []
  /// Those of them that end within 30 days; where all have ended, these.
  public var ending: [CycleState.Credential] = []

  /// Why cycles fail, where the last one over the tenant or the folder did.
  public var failures: [CycleState.Failure] = []

  /// Nobody watches.
  init() {}

  /// How cycles are at a moment; `folder` is where the watched folder is, `began` when there was nothing to read yet.
  init(
    _ configuration: Configuration, _ state: CycleState, folder: String?, last: Timestamp?, began: Timestamp?,
    at now: Timestamp
  ) {
    silentMinutes = 2 * configuration.cycles.everyMinutes
    exportHours = configuration.monitoring.exportHours
    failures = state.failures.filter { $0.way == .tenant ? configuration.graph != nil : folder != nil }
    if configuration.graph != nil {
      let since = last ?? began
      // A cycle that goes on may take its time.
      let isAtWork = state.progress.map { now - $0.observed < .seconds(900) } ?? false
      if let since, now - since > .seconds(60 * silentMinutes), !isAtWork { silentSince = since }
      credentials = state.credentials ?? []
      ending = CycleState.Credential.ending(credentials, at: now)
    }
    if let folder {
      let watched = WatchedFolder(path: folder)
      isFolderWatched = true
      export = (try? watched.newest(at: now))?.modified
      isExportOld = export.map { now - $0 > .seconds(3600 * exportHours) } ?? true
    }
  }

  /// Whether cycles have failed for so long that it is as bad as none.
  public func isLong(_ failure: CycleState.Failure, at now: Timestamp) -> Bool {
    now - failure.since > .seconds(60 * silentMinutes)
  }

  /// The rows of `status` at a moment.
  func rows(at now: Timestamp) -> [[String]] {
    var rows: [[String]] = []
    if let silentSince {
      // Whoever fails is at work.
      let question = failures.contains { $0.way == .tenant } ? "" : "; is `provledger serve` at work?"
      rows.append(["NO CYCLE", "none has finished since \(silentSince)\(question)"])
    }
    rows += failures.map { ["CYCLES FAIL", "over \($0.way.words) since \($0.since): \($0.reason)"] }
    if isFolderWatched {
      let words = export.map { "written \($0)" } ?? "none"
      let due = "\(words); one is due every \(exportHours.of("hour"))"
      rows.append(isExportOld ? ["OLD EXPORT", due] : ["newest export", words])
    }
    if let first = ending.first ?? credentials.last {
      rows.append([ending.isEmpty ? "credentials" : "CREDENTIALS", "the \(first.words(at: now))"])
    }
    return rows
  }

  /// As a JSON object.
  var json: JSONValue {
    [
      "silentSince": JSONValue(orNull: silentSince?.description), "silentMinutes": .integer(Int64(silentMinutes)),
      "newestExport": JSONValue(orNull: export?.description), "exportOld": .bool(isExportOld),
      "exportHours": .integer(Int64(exportHours)), "credentials": .array(credentials.map(\.json)),
      "credentialsEnding": .bool(!ending.isEmpty), "failures": .array(failures.map(\.json)),
    ]
  }
}
