public import Base
public import JSON
import Ledger
import Provisioning
import Views

/// How far the way of a cycle is: from the directory through the decisions to the target, as the portal shows it.
public struct CycleProgress: Equatable, Sendable {
  /// What is done now.
  public enum Phase: String, CaseIterable, Sendable {
    /// Users are read.
    case reading
    /// Who is assigned is read.
    case assignments
    /// It is decided.
    case deciding
    /// Decisions get into the log.
    case recording
    /// What was decided is brought to the target.
    case delivering
  }

  /// What is done now.
  public var phase: Phase
  /// True for a cycle that reads everybody.
  public var isInitial: Bool
  /// How much of the phase is done.
  public var done: Int
  /// Of how much; nil where nobody knows.
  public var total: Int?
  /// How much of that is set aside, so that it is not done and may never be: nobody waits for it.
  public var setAside = 0
  /// When the cycle began.
  public var began: Timestamp
  /// When this was so.
  public var observed: Timestamp
  /// When the phase will be over at its pace; nil where nobody can say.
  public var estimate: Timestamp?

  /// The share that is done, of what is not set aside, in percent; nil where nobody knows.
  public var percent: Int? {
    total.map { $0 - setAside }.flatMap { $0 > 0 ? min(100, 100 * done / $0) : nil }
  }

  /// A cycle that a process runs.
  init(_ running: CycleState.Progress) {
    phase = Phase(rawValue: running.phase.rawValue) ?? .reading
    (isInitial, done, total) = (running.isFull, running.done, running.total)
    (began, observed) = (running.began, running.observed)
    let took = (running.observed - running.phaseBegan).milliseconds
    if let total, done > 0, total > done, took > 0 {
      estimate = observed + .milliseconds(took * Int64(total - done) / Int64(done))
    }
  }

  /// A cycle that is in the log, of which something is still to be delivered; nil when nothing is. `setAside` are its
  /// deliveries that are set aside.
  init?(_ cycle: CycleRow?, _ throughput: Throughput, setAside: Int) {
    let pending = throughput.backlog.pending
    guard let cycle, cycle.state == .finished, pending > 0 else { return nil }
    let actions: [Decision.Action] = [.create, .update, .disable, .enable]
    let decided = actions.reduce(0) { $0 + (cycle.counts[$1.rawValue]?.integer ?? 0) }
    let all = max(decided, pending + setAside)
    (phase, isInitial, done, total) = (.delivering, cycle.isInitial, all - pending - setAside, all)
    self.setAside = setAside
    began = cycle.started
    observed = max(cycle.started, throughput.backlog.completed?.newest ?? cycle.started)
    estimate = throughput.empty
  }

  /// As a JSON object.
  public var json: JSONValue {
    [
      "phase": .string(phase.rawValue), "initial": .bool(isInitial), "done": .integer(Int64(done)),
      "total": JSONValue(orNull: total), "setAside": .integer(Int64(setAside)), "percent": JSONValue(orNull: percent),
      "began": .string(began.description),
      "observed": .string(observed.description), "estimate": JSONValue(orNull: estimate?.description),
    ]
  }

  /// The row of `status`; an estimate that has passed is not shown.
  func row(_ now: Timestamp) -> [String] {
    let kind = isInitial ? "initial cycle" : "incremental cycle"
    let bar = percent.map { "\(Self.bar($0)) \($0) %, " } ?? ""
    let end = estimate.flatMap { $0 > now ? ", done about \($0)" : nil } ?? ""
    return ["progress", "\(bar)\(kind), \(words)\(end)"]
  }

  private var words: String {
    switch phase {
    case .reading: return "reading: \(amount("user"))"
    case .assignments: return "reading: \(amount("assignment"))"
    case .deciding: return "deciding about \((total ?? 0).people)"
    case .recording: return "recording: \(amount("event"))"
    case .delivering: return "delivering: \(amount("change"))\(setAside > 0 ? ", \(setAside) set aside" : "")"
    }
  }

  private func amount(_ noun: String) -> String {
    total.map { "\(done) of \($0.of(noun))" } ?? done.of(noun)
  }

  private static func bar(_ percent: Int) -> String {
    let filled = percent / 5
    return "[\(String(repeating: "#", count: filled))\(String(repeating: "-", count: 20 - filled))]"
  }
}
