import Base
import DeliveryMachine
import Ledger
import Operations
import Provisioning
import SCIM
import Synchronization
import TeamViewerModel
import TestSupport
import Views

@testable import Delivery

/// A ledger on disk and a TeamViewer in memory; time passes when somebody waits for it.
final class Site: Sendable {
  let place: TestLedger
  let ledger: OpenLedger
  private let target: Mutex<SimulatedTeamViewer>

  init(
    faults: FaultPlan = FaultPlan(), settings change: (inout TeamViewerService.Settings) -> Void = { _ in }
  ) throws {
    place = try TestLedger()
    ledger = try place.open()
    var settings = TeamViewerService.Settings(tokens: [TeamViewerService.Token("t")])
    change(&settings)
    target = Mutex(SimulatedTeamViewer(model: TeamViewerService(settings: settings), plan: faults))
  }

  // MARK: TeamViewer

  /// What TeamViewer makes of a request.
  func exchange(_ request: SCIMRequest) -> Exchange {
    let now = place.clock.moment
    return target.withLock { $0.exchange(request, token: "t", now: now).exchange }
  }

  /// The accounts, by address.
  var accounts: [String: String] {
    target.withLock { target in
      Dictionary(target.model.users.map { ($0.email, "\($0.name) \($0.active)") }, uniquingKeysWith: { "\($0), \($1)" })
    }
  }

  /// What the accounts are to be.
  static func accounts(of people: [Exported]) -> [String: String] {
    Dictionary(uniqueKeysWithValues: people.map { ($0.address, "\($0.name ?? "") \($0.isEnabled)") })
  }

  static func people(_ numbers: ClosedRange<Int>) -> [Exported] { numbers.map { Exported("p\($0)") } }

  // MARK: The ledger

  @discardableResult
  func take(
    _ people: [Exported], file: String = "export.csv", of source: DirectorySourceID = .standard
  ) async throws -> CycleSummary {
    let path = try place.write(file, Export.csv(people))
    return try await DirectoryImport(into: ledger, source: source, actor: "operator").run(paths: [path])
  }

  /// The people as the views show them.
  func known() throws -> [Person] {
    try ledger.views.catchUp()
    return try ledger.views.people().people
  }

  // MARK: The worker

  var connection: TargetConnection {
    TargetConnection {
      self.exchange($0)
    } get: { _ in
      .response(SCIMResponse(status: 403))
    }
  }

  /// A worker until idle that has one call on its way, unless said otherwise.
  func worker(
    concurrency: Int = 1, patience: Patience? = nil, send: TargetConnection.Send? = nil,
    progress: @escaping @Sendable (Worker.Progress) -> Void = { _ in }
  ) async throws -> Worker {
    let connection = connection
    var settings =
      try await Worker.settings(for: ledger, target: connection, untilIdle: true, logger: quiet) ?? DeliverySettings()
    settings.concurrency = concurrency
    settings.ahead = concurrency
    let busy = Busy()
    return Worker(
      ledger: ledger, send: send ?? connection.send, settings: settings, untilIdle: true, logger: quiet,
      pause: { [clock = place.clock] span in
        // A machine that answers or writes slowly must not look like a target that does.
        while patience != nil, busy.isBusy, !Task.isCancelled { await Task.yield() }
        // What is due within minutes is worth waiting for; timers of hours are not what these tests are about.
        if span < .seconds(120) { clock.advance(span) } else { try await Task.sleep(for: span) }
      }, patience: patience,
      progress: { step in
        busy.isBusy = step.underWay > 0 || step.isBehind
        progress(step)
      })
  }

  /// Delivers until nothing is pending.
  func deliver() async throws -> Worker.End { try await worker().run() }
}

/// Something that is waited for until it has happened.
final class Latch: Sendable {
  private let state = Mutex<(isOpen: Bool, waiters: [CheckedContinuation<Void, Never>])>((false, []))

  func open() {
    let waiters = state.withLock { state in
      defer { state = (true, []) }
      return state.waiters
    }
    for waiter in waiters { waiter.resume() }
  }

  func wait() async {
    await withCheckedContinuation { continuation in
      let isOpen = state.withLock { state in
        if !state.isOpen { state.waiters.append(continuation) }
        return state.isOpen
      }
      if isOpen { continuation.resume() }
    }
  }
}

/// Never comes back, unless the task is cancelled.
func hang() async {
  while !Task.isCancelled { try? await Task.sleep(for: .seconds(3600)) }
}

/// Whether calls are on their way, or events.
private final class Busy: Sendable {
  private let state = Mutex(false)

  var isBusy: Bool {
    get { state.withLock { $0 } }
    set { state.withLock { $0 = newValue } }
  }
}
