public import Base
import DeliveryMachine
import EventLog
public import Ledger
public import Logging
import Operations
public import Provisioning
import Sealing
import Views

/// A comparison of TeamViewer with the log, for an operator: the running worker does it where there is one, since only
/// the holder of the worker lock may say what TeamViewer has; else this process takes that lock.
public struct Reconciler: Sendable {
  private let ledger: OpenLedger
  private let target: TargetConnection
  private let actor: Actor
  private let logger: Logger
  /// How long a comparison may take.
  private let patience: Duration

  /// A comparison in a ledger, asked for by `actor`; it may take as long as `patience`.
  public init(
    in ledger: OpenLedger, target: TargetConnection, actor: Actor, logger: Logger, patience: Duration = .seconds(600)
  ) {
    self.ledger = ledger
    self.target = target
    self.actor = actor
    self.logger = logger
    self.patience = patience
  }

  /// Compares, and waits for the end. `repair` is what to do with differences; nil is what the configuration says.
  /// `waiting` hears who holds the worker lock.
  ///
  /// Throws `FaultCode.quarantined` or `quarantinedNoSCIM` while no call may leave for that reason, and
  /// `FaultCode.reconcileWaits` when it cannot begin now or took too long; the faults of log, views and target.
  public func run(repair: Bool?, waiting: (LockHolder?) -> Void) async throws -> ReconcileReport {
    try refuseClosed()
    let mine = try turn()
    if mine == nil {
      waiting(ledger.lockHolder(of: .worker))
    } else {
      try await Records(in: ledger, actor: actor).configuration()
    }
    let request = ReconcileRequested(id: ledger.codec.newID(), repair: repair)
    let position = try await Records(in: ledger, actor: actor).request(request)
    let unmanaged: ReconcileReport.Unmanaged
    if let mine {
      defer { withExtendedLifetime(mine) {} }
      unmanaged = .read(try await compare())
    } else if try await isAnswered(request.id, after: position) {
      unmanaged = try await readUnmanaged()
    } else {
      unmanaged = .read(try await takeOver(request.id, after: position))
    }
    return try report(request.id, after: position, unmanaged)
  }

  /// The worker lock; nil when another process holds it.
  private func turn() throws -> ProcessLock? {
    do {
      return try ledger.lock(.worker)
    } catch let fault as Fault where fault.code == .lockBusy {
      return nil
    }
  }

  private func refuseClosed() throws {
    try ledger.views.catchUp()
    if let quarantine = try ledger.views.target().condition.quarantine { throw Self.fault(quarantine) }
    guard let closed = try Worker.closed(for: ledger), closed.reason != .targetPause else { return }
    throw Fault(
      .reconcileWaits,
      closed.reason == .operatorPause
        ? "Deliveries are paused, so that no call leaves; say `provledger delivery resume` first."
        : "Maintenance is planned\(closed.until.map { " until \($0)" } ?? ""), so that no call leaves; compare after it."
    )
  }

  private static func fault(_ quarantine: QuarantineEntered) -> Fault {
    Fault(
      .of(quarantine.reason),
      "No call leaves: deliveries are in quarantine since \(quarantine.operation) was answered \(quarantine.status); `provledger quarantine show` says what to do."
    )
  }

  private var overdue: Fault {
    Fault(
      .reconcileWaits,
      "The comparison was not over after \(patience.components.seconds) s; `provledger status` says why nothing goes on. A worker answers the request as soon as it can."
    )
  }

  // MARK: Without a worker

  /// Compares in this process, without any delivery; the caller holds the worker lock. Returns the accounts that are not
  /// ours.
  private func compare() async throws -> [RemoteAccount] {
    guard var settings = try await settings() else {
      try refuseClosed()
      throw overdue
    }
    settings.reconcilesOnly = true
    let worker = Worker(ledger: ledger, send: target.send, settings: settings, untilIdle: true, logger: logger)
    let alarm = Task { [patience] in
      try await Task.sleep(for: patience)
      worker.stop()
    }
    defer { alarm.cancel() }
    var unmanaged: [RemoteAccount] = []
    switch try await worker.run(idle: { unmanaged = $0.unmanaged }) {
    case .idle: return unmanaged
    case .quarantined(let quarantine): throw Self.fault(quarantine)
    case .paused, .renewed, .stopped, .fruitless:
      try refuseClosed()
      throw overdue
    }
  }

  /// The worker's settings, waited for no longer than the comparison may take.
  private func settings() async throws -> DeliverySettings? {
    do {
      return try await Worker.settings(
        for: ledger, target: target, untilIdle: true, logger: logger,
        patience: Patience(limit: patience, since: ledger.clock()))
    } catch is Fruitless { return nil }
  }

  // MARK: With a worker

  /// Waits for the worker's answer; false when there is no worker any more.
  private func isAnswered(_ id: String, after position: Int64) async throws -> Bool {
    let end = ContinuousClock.now + patience
    while ContinuousClock.now < end {
      if try finished(id, after: position) != nil { return true }
      if ledger.lockHolder(of: .worker) == nil { return try finished(id, after: position) != nil }
      try await Task.sleep(for: .milliseconds(200))
    }
    throw overdue
  }

  /// The worker went away before it answered.
  private func takeOver(_ id: String, after position: Int64) async throws -> [RemoteAccount] {
    let lock = try await ledger.lock(.worker) { _ in }
    defer { withExtendedLifetime(lock) {} }
    return try await compare()
  }

  private func finished(_ id: String, after position: Int64) throws -> (ReconcileFinished, position: Int64)? {
    for recorded in try ledger.log.read(types: [ReconcileFinished.type], from: position + 1) {
      if case .reconcileFinished(let finished) = try ledger.codec.decode(recorded).payload, finished.request == id {
        return (finished, recorded.position)
      }
    }
    return nil
  }

  /// Reads the accounts that nobody is linked to, unless the calls that it takes are not ours to spend.
  private func readUnmanaged() async throws -> ReconcileReport.Unmanaged {
    if !ledger.configuration.target.quotas.isEmpty { return .omitted("a quota of calls is configured") }
    try ledger.views.catchUp()
    let condition = try ledger.views.target().condition
    if condition.quarantine != nil { return .omitted("deliveries are in quarantine") }
    if try Worker.closed(for: ledger) != nil { return .omitted("no call may leave now") }
    if condition.circuit != nil { return .omitted("TeamViewer fails at present") }
    guard let accounts = try await RecordedReads(ledger: ledger, target: target, actor: actor).list() else {
      return .omitted("TeamViewer did not answer")
    }
    try ledger.views.catchUp()
    let ours = Set(try ledger.views.people().people.compactMap { $0.account.believed?.id })
    return .read(accounts.filter { !ours.contains($0.id) })
  }

  // MARK: What it found

  private func report(
    _ id: String, after position: Int64, _ unmanaged: ReconcileReport.Unmanaged
  ) throws -> ReconcileReport {
    guard let (finished, last) = try finished(id, after: position) else { throw overdue }
    try ledger.views.catchUp()
    var found: [String: DriftDetected] = [:]
    var next = position + 1
    while next < last {
      let page = try ledger.log.read(types: [DriftDetected.type], from: next)
      for recorded in page where recorded.position < last {
        let event = try ledger.codec.decode(recorded)
        if case .driftDetected(let drift) = event.payload, let alias = event.subject { found[alias] = drift }
      }
      next = (page.last?.position ?? last) + 1
    }
    let people = try ledger.views.people().people
    var drift: [ReconcileReport.Drift] = []
    for person in people where person.erasure == nil {
      // Of those for whom something is pending only what this comparison found counts; the rest is the delivery's.
      let known = person.isPending ? nil : person.account.drift
      let before = known.map { DriftDetected($0, isRepaired: false, account: person.account.believed) }
      guard let detected = found[person.alias] ?? before else { continue }
      drift.append(ReconcileReport.Drift(person: person, detected: detected))
    }
    drift.sort { ($0.name ?? "", $0.alias) < ($1.name ?? "", $1.alias) }
    let recorded = ReconcileReport.Recorded(first: position, last: last, differences: found.count)
    return ReconcileReport(
      recorded: recorded, finished: finished, drift: drift, unmanaged: unmanaged,
      unconfirmed: ReconcileReport.unconfirmed(of: people, unmanaged))
  }
}
