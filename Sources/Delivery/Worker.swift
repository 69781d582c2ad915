import Base
public import DeliveryMachine
import EventLog
public import Ledger
public import Logging
public import Provisioning
import SCIM
import Sealing
import Synchronization
import TeamViewer
import Views

/// The shell round the delivery machine: appends its events durably, sends its calls, brings answers, time and other
/// processes' events back to it.
public final class Worker: Sendable {
  /// How a run ended.
  public enum End: Equatable, Sendable {
    /// Nothing is pending but what is set aside.
    case idle
    /// It was asked to stop, and what was under way is finished or cut off.
    case stopped
    /// Credentials are refused, or the target is no SCIM endpoint.
    case quarantined(QuarantineEntered)
    /// An operator lets no call leave; only for a run until idle, as a service waits.
    case paused(DeliveryPaused)
    /// Nothing got through for longer than the run's patience; only for a run until idle.
    case fruitless(Fruitless)
    /// An operator released the quarantine, or put another token in place: the token may be another's now, so a new
    /// worker has to ask for its owner.
    case renewed
  }

  /// How far a run is.
  public struct Progress: Equatable, Sendable {
    /// People with something to deliver that is not set aside.
    public var unsettled: Int
    /// Deliveries completed in this run.
    public var completed = 0
    /// People who are parked, as `status` counts them.
    public var parked = 0
    /// Calls sent in this run.
    public var calls = 0
    /// Calls on their way.
    public var underWay = 0
    /// A stable word for what went wrong last; nil once a call went well again.
    public var lastFault: String?
    /// Why nothing leaves, and until when; nil when calls leave.
    public var closed: DeliveryBlock?
    /// True while the log has not everything yet of what happened: nobody may conclude from it that nothing did.
    var isBehind = false

    /// Takes over what the machine says of itself, and what waits for the log.
    mutating func show(_ machine: Machine, _ outbox: Outbox) {
      isBehind = !outbox.isEmpty
      unsettled = machine.unsettled
      parked = machine.parked
      underWay = machine.callsUnderWay
      closed = machine.closed
    }
  }

  enum Input: Sendable {
    case answer(call: Int, exchange: Exchange)
    case appended([Event], erased: Set<String>)
    case events([LoggedEvent])
    case wake
    case renew
    case stop
    case cutOff
    case failure(any Error)
  }

  /// The actor that the worker's events name.
  public static let actor = Actor.worker

  let ledger: OpenLedger
  private let send: TargetConnection.Send
  private let pause: @Sendable (Duration) async throws -> Void
  private let isTokenReplaced: @Sendable () -> Bool
  private let settings: DeliverySettings
  private let untilIdle: Bool
  private let logger: Logger
  private let patience: Patience
  private let progress: @Sendable (Progress) -> Void
  let inbox = Inbox<Input>()

  /// A worker for a ledger; the caller holds the worker lock. `send` reaches the target, `pause` lets time pass,
  /// `isTokenReplaced` says that another token is in place than that with which `send` sends, `patience` says when a run
  /// until idle is no use, and `progress` hears after every step.
  public init(
    ledger: OpenLedger, send: @escaping TargetConnection.Send, settings: DeliverySettings, untilIdle: Bool,
    logger: Logger,
    pause: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) },
    isTokenReplaced: @escaping @Sendable () -> Bool = { false }, patience: Patience? = nil,
    progress: @escaping @Sendable (Progress) -> Void = { _ in }
  ) {
    self.ledger = ledger
    self.send = send
    self.pause = pause
    self.isTokenReplaced = isTokenReplaced
    self.patience = patience ?? Patience(limit: nil, since: ledger.clock())
    self.settings = settings
    self.untilIdle = untilIdle
    self.logger = logger
    self.progress = progress
  }

  /// No new call from here on; what is under way has 10 s to finish.
  public func stop() { inbox.put(.stop) }

  /// Has it take a step although nothing came in, so that whoever watches it hears that it lives.
  public func poke() { inbox.put(.wake) }

  /// Runs until idle, stopped, renewed or quarantined; `idle` sees the machine when it is. Throws the faults of the log: then
  /// nothing more was sent.
  public func run(idle: (Machine) -> Void = { _ in }) async throws -> End {
    let position = try ledger.views.catchUp()
    let (people, shown) = try ledger.views.people()
    let condition = try ledger.views.target().condition
    var machine = Machine(
      people: people, condition: condition, unfinished: try ledger.views.unfinishedCycles(),
      due: try Self.due(people, in: ledger), settings: settings, seed: UInt64.random(in: 0...(.max)))
    logger.info("worker started", metadata: ["position": "\(position)", "people": "\(people.count)"])
    return try await withThrowingDiscardingTaskGroup { group in
      group.addTask { await self.follow(from: shown + 1) }
      defer { group.cancelAll() }
      var wake: (moment: Timestamp?, task: Task<Void, Never>?)
      defer { wake.task?.cancel() }
      var state = State(isUntilIdle: untilIdle)
      state.outbox.put(machine.start(at: ledger.clock()))
      while true {
        carryOut(&state, in: &group)
        state.progress.show(machine, state.outbox)
        progress(state.progress)
        if let end = state.end(machine) {
          if end == .idle { idle(machine) }
          return end
        }
        if !state.isStopping, let end = patience.end(at: ledger.clock(), machine.closed) {
          state.fruitless = end
          state.fruitless?.pages = machine.pagesRead
          inbox.put(.stop)
        }
        let moment = [machine.nextWake, patience.deadline(machine.closed)].compactMap { $0 }.min()
        if moment != wake.moment || moment.map({ $0 <= ledger.clock() }) == true {
          wake.task?.cancel()
          wake = (moment, alarm(at: moment))
        }
        let taken = try take(await inbox.take(), &state, machine, in: &group)
        if taken.isCutOff { return state.stopped }
        step(taken, &state, &machine)
        tellUnreadable(machine.newestList, &state)
        if Task.isCancelled { return state.stopped }
      }
    }
  }

  private func take(
    _ arrived: [Input], _ state: inout State, _ machine: Machine,
    in group: inout ThrowingDiscardingTaskGroup<any Error>
  ) throws -> Taken {
    var taken = Taken()
    for input in arrived {
      switch input {
      case .answer(let call, let exchange): taken.inputs.append(.answer(exchange, call: call))
      case .events(let events): taken.inputs += state.heard(events, machine)
      case .appended(let events, let gone):
        state.outbox.appended()
        tell(events, but: gone, &state)
        taken.erased.formUnion(gone)
      case .wake: taken.inputs.append(.wake)
      case .renew: if state.renews() { taken.inputs.append(.stop) }
      case .stop:
        guard state.stops() else { continue }
        taken.inputs.append(.stop)
        group.addTask {
          try? await self.pause(.seconds(10))
          self.inbox.put(.cutOff)
        }
      case .cutOff where state.isStopping:
        taken.isCutOff = true
        return taken
      case .cutOff: break
      case .failure(let error): throw error
      }
    }
    return taken
  }

  /// Hands the machine what came in, and takes up what it wants.
  private func step(_ taken: Taken, _ state: inout State, _ machine: inout Machine) {
    let now = ledger.clock()
    let unsent = state.outbox.calls(of: taken.erased)
    if !unsent.isEmpty { state.outbox.put(machine.recall(unsent, at: now)) }
    let effects = taken.inputs.isEmpty ? Machine.Effects() : machine.take(taken.inputs, at: now)
    // What was handed out before, and waits for the log, must not leave after a pause has begun.
    let waiting = machine.isClosed ? state.outbox.waiting() : []
    state.outbox.put(effects)
    if !waiting.isEmpty { state.outbox.put(machine.holdBack(waiting, at: now)) }
  }

  /// Sends what may leave, and appends what is there, without waiting for either.
  private func carryOut(_ state: inout State, in group: inout ThrowingDiscardingTaskGroup<any Error>) {
    let isHeld = !state.isRenewed && state.outbox.hasCalls && isTokenReplaced()
    if isHeld { inbox.put(.renew) }
    for call in isHeld ? [] : state.outbox.ready() {
      state.progress.calls += 1
      group.addTask {
        let exchange = await self.send(call.request)
        if !Task.isCancelled { self.inbox.put(.answer(call: call.id, exchange: exchange)) }
      }
    }
    guard let events = state.outbox.nextAppend() else { return }
    group.addTask {
      do {
        let erased = try await self.append(events)
        self.inbox.put(.appended(events, erased: erased))
      } catch {
        self.inbox.put(.failure(error))
      }
    }
  }

  /// Counts and logs what has become part of the log.
  private func tell(_ events: [Event], but erased: Set<String>, _ state: inout State) {
    for event in events where event.subject.map(erased.contains) != true {
      switch event.payload {
      case .deliveryCompleted: state.progress.completed += 1
      case .callFinished(let finished) where !finished.isUnsent:
        let isFault = finished.outcome == .failed || finished.outcome == .unknown
        state.progress.lastFault = isFault ? finished.error : nil
        patience.note(finished, at: ledger.clock())
      case .deliveryParked(let parked):
        logger.warning(
          "delivery parked",
          metadata: ["subject": "\(event.subject ?? "")", "reason": "\(parked.reason.rawValue)"])
      case .quarantineEntered(let quarantine):
        logger.error("quarantine entered", metadata: ["reason": "\(quarantine.reason.rawValue)"])
      case .circuitOpened(let circuit):
        logger.warning("circuit opened", metadata: ["faults": "\(circuit.faults)", "error": "\(circuit.error)"])
      case .circuitClosed:
        patience.renew(at: ledger.clock())
        logger.notice("circuit closed")
      case .targetUnreachable(let faults):
        patience.note(Fruitless.Sight(faults))
        logger.warning(
          "still unreachable",
          metadata: ["faults": "\(faults.count)", "error": "\(faults.error)", "since": "\(faults.first)"])
      case .targetResumed:
        patience.renew(at: ledger.clock())
        logger.notice("pause over")
      case .targetPaused(let pause):
        patience.note(Fruitless.Sight(pause))
        logger.notice("target paused", metadata: ["until": "\(pause.until)"])
      default: break
      }
    }
  }

  /// What a list's reader passed over is told once for each list.
  private func tellUnreadable(_ list: (number: Int, passedOver: [UnreadableAccount]), _ state: inout State) {
    guard list.number != state.toldList else { return }
    state.toldList = list.number
    if !list.passedOver.isEmpty { logger.warning("\(list.passedOver.sentence)") }
  }

  /// Appends events, and returns the aliases of those who were erased a moment ago: what would have been said of them is
  /// left out, and so are their calls. The event that says so is about to arrive.
  private func append(_ events: [Event]) async throws -> Set<String> {
    var erased = Set<String>()
    var appends: [StreamAppend] = []
    for event in events {
      if let alias = event.subject, erased.contains(alias) { continue }
      do {
        appends.append(try ledger.codec.encode(event, actor: Self.actor))
      } catch let fault as Fault where fault.code == .keyMissing {
        try ledger.views.catchUp()
        guard let alias = event.subject, try ledger.views.person(alias)?.erasure != nil else { throw fault }
        erased.insert(alias)
      }
    }
    try await ledger.log.append(appends)
    return erased
  }

  private func alarm(at moment: Timestamp?) -> Task<Void, Never>? {
    guard let moment else { return nil }
    let span = max(.zero, moment - ledger.clock())
    return Task {
      try? await pause(span)
      if !Task.isCancelled { inbox.put(.wake) }
    }
  }
}
