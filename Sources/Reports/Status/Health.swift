public import Base
import EventLog
public import JSON
public import Ledger
import Provisioning
import Views

/// Whether a ledger is well, and if not, why: the answer of `status --check`. No personal data is in it.
public struct Health: Equatable, Sendable {
  /// How a ledger is; the raw value is the exit code, as monitoring plugins have it.
  public enum Level: Int, Comparable, Sendable {
    /// Nothing is to be done.
    case well = 0
    /// It goes on; somebody should look.
    case degraded = 1
    /// It does not do what it is for, or its evidence is in doubt.
    case broken = 2

    /// The better precedes the worse.
    public static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }

    /// In a word.
    public var word: String { "\(self)" }
  }

  /// One thing that is wrong.
  public struct Reason: Equatable, Sendable {
    /// The stable words for what may be wrong.
    public enum Code: String, CaseIterable, Sendable {
      case tampered, forked, quarantine, silent, activeLeavers, workerStopped, noCycle
      case parked, drifted, held, paused, circuit, noWorker, oldBackup, oldCheckpoint, anchorFailed, copy, overdueReview
      case cycleFailed, oldExport, credentialsEnding

      /// How bad it is.
      public var level: Level {
        switch self {
        case .tampered, .forked, .quarantine, .silent, .activeLeavers, .workerStopped, .noCycle: .broken
        default: .degraded
        }
      }
    }

    /// What is wrong.
    public var code: Code
    /// The same in words.
    public var words: String
  }

  /// What is wrong, the worst first; empty for a ledger that is well.
  public let reasons: [Reason]

  /// How it is: as bad as the worst reason.
  public var level: Level { reasons.map(\.code.level).max() ?? .well }

  /// How it is and why, in one line.
  public var line: String {
    reasons.isEmpty ? level.word : "\(level.word): \(reasons.map(\.words).joined(separator: "; "))"
  }

  /// As a JSON object.
  public var json: JSONValue {
    [
      "level": .string(level.word),
      "reasons": .array(
        reasons.map {
          ["reason": .string($0.code.rawValue), "level": .string($0.code.level.word), "text": .string($0.words)]
        }),
    ]
  }

  /// How a ledger is at a moment, by what its configuration takes for usual.
  public init(_ status: StatusReport, _ limits: MonitoringConfiguration, at now: Timestamp) {
    reasons = Reason.Code.allCases.compactMap { code in
      Self.words(code, status, limits, now).map { Reason(code: code, words: $0) }
    }
  }

  // MARK: What is wrong

  private static func words(
    _ code: Reason.Code, _ status: StatusReport, _ limits: MonitoringConfiguration, _ now: Timestamp
  ) -> String? {
    switch code {
    case .tampered: (status.rehash?.findings).flatMap { $0 > 0 ? "\($0.of("finding")) in the log" : nil }
    case .forked: status.fork.map { _ in "the log does not continue its newest checkpoint" }
    case .quarantine: block(.quarantine, status).map { "quarantine\($0)" }
    case .silent: status.silence.map { "silent: no call went well since \($0.since)" }
    case .activeLeavers: counted(status.activeLeavers, "active though to be inactive (\(status.leaverWords))")
    case .workerStopped: status.worker.flatMap { $0.isStopped ? "the worker is stopped" : nil }
    case .parked: parked(status, limits)
    case .drifted: counted((status.people[.drifted] ?? 0) - (status.leavers[.drifted] ?? 0), "drifted")
    case .held: counted(status.safeguards.reduce(0) { $0 + $1.holding }, "held by the safeguard")
    case .paused: block(.operatorPause, status).map { "paused by an operator\($0)" }
    case .circuit: block(.circuit, status).map { "the target fails\($0)" }
    case .noWorker: workerless(status, limits, now)
    case .oldBackup: overdue(status)
    case .oldCheckpoint: unsigned(status, limits, now)
    case .anchorFailed: failed(status.anchors.count { $0.failure != nil })
    case .copy: status.isCopy ? "a copy that does not deliver" : nil
    case .overdueReview: late(status)
    case .noCycle: cycleless(status.watch, now)
    case .cycleFailed: failing(status.watch, isLong: false, now)
    case .oldExport: status.watch.isExportOld ? "no new export in the watched folder" : nil
    case .credentialsEnding:
      status.watch.ending.first.map { "a \($0.kind) for the directory \($0.verb(at: now)) at \($0.end)" }
    }
  }

  private static func counted(_ count: Int, _ what: String) -> String? { count > 0 ? "\(count) \(what)" : nil }

  private static func failed(_ anchors: Int) -> String? {
    anchors > 0 ? "\(anchors.of("anchor")) failed" : nil
  }

  private static func block(_ reason: BlockReport.Reason, _ status: StatusReport) -> String? {
    status.blocks.first { $0.reason == reason }.map { $0.since.map { " since \($0)" } ?? "" }
  }

  private static func parked(_ status: StatusReport, _ limits: MonitoringConfiguration) -> String? {
    let (parked, abandoned) = (status.people[.parked] ?? 0, status.people[.abandoned] ?? 0)
    guard parked + abandoned > limits.parked else { return nil }
    return [counted(parked, "parked"), counted(abandoned, "given up")].compactMap { $0 }.joined(separator: ", ")
  }

  private static func workerless(_ status: StatusReport, _ limits: MonitoringConfiguration, _ now: Timestamp) -> String?
  {
    guard status.worker == nil, let oldest = status.throughput.backlog.oldest,
      now - oldest > .seconds(60 * limits.workerMinutes)
    else { return nil }
    return "no worker runs, and \(status.throughput.backlog.pending.of("is", "are")) pending since \(oldest)"
  }

  /// Since when no cycle has finished, and which ones fail for as long.
  private static func cycleless(_ watch: CycleWatch, _ now: Timestamp) -> String? {
    let words = [
      watch.silentSince.map { "no cycle has finished since \($0)" }, failing(watch, isLong: true, now),
    ].compactMap(\.self)
    return words.isEmpty ? nil : words.joined(separator: "; ")
  }

  private static func failing(_ watch: CycleWatch, isLong: Bool, _ now: Timestamp) -> String? {
    let failures = watch.failures.filter { watch.isLong($0, at: now) == isLong }
    return failures.isEmpty ? nil : failures.map(\.words).joined(separator: "; ")
  }

  private static func late(_ status: StatusReport) -> String? {
    let late = status.reviews.filter(\.isOverdue)
    if late.isEmpty { return nil }
    return late.map { "the access review \($0.id) was due on \($0.due)" }.joined(separator: "; ")
  }

  private static func overdue(_ status: StatusReport) -> String? {
    guard status.backup.isOverdue, let due = status.backup.due else { return nil }
    return "the proof of a backup was due on \(due)"
  }

  private static func unsigned(_ status: StatusReport, _ limits: MonitoringConfiguration, _ now: Timestamp) -> String? {
    guard let uncovered = status.uncovered, now - uncovered > .seconds(3600 * limits.checkpointHours) else {
      return nil
    }
    return "no checkpoint covers what came since \(uncovered)"
  }
}
