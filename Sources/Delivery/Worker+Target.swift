import Base
public import DeliveryMachine
import EventLog
import HTTPTransport
public import Ledger
public import Logging
public import Provisioning
import SCIM
import Sealing
public import TeamViewer
import Views

extension Worker {
  /// The client for the target that the configuration names. Throws the faults of URL and token.
  public static func client(for ledger: OpenLedger) throws -> SCIMClient {
    try client(for: ledger, token: TargetToken(of: ledger))
  }

  static func client(for ledger: OpenLedger, token: TargetToken) throws -> SCIMClient {
    let target = ledger.configuration.target
    let url = try TargetURL(target.url)
    let configuration = SCIMClient.Configuration(
      concurrency: target.concurrency, connectTimeout: .seconds(target.connectTimeout),
      firstByteTimeout: .seconds(target.firstByteTimeout), timeout: .seconds(target.timeout),
      route: try ledger.configuration.route(to: url.host, port: url.port, folder: ledger.folder))
    return try SCIMClient(baseURL: target.url, configuration: configuration) { token.current }
  }

  /// Says what a failure means on the way that the configuration names. Throws the faults of URL, proxy and views.
  public static func diagnosis(for ledger: OpenLedger) throws -> TargetDiagnosis {
    let url = try TargetURL(ledger.configuration.target.url)
    let route = try ledger.configuration.route(to: url.host, port: url.port, folder: ledger.folder)
    return TargetDiagnosis(url: url, proxy: route.proxy, hasRead: try !ledger.views.linkedAccounts().isEmpty)
  }

  /// The machine's settings: what the configuration says, and the token's owner among those who are never disabled.
  ///
  /// Waits until TeamViewer tells the owner, or will not: it may be away, an operator may have paused the deliveries,
  /// or TeamViewer may have asked for a pause that is not over. Nil when an operator has paused the deliveries and the
  /// run is one until idle, which does not wait for operators.
  ///
  /// Throws `Fruitless` when the patience is over, and the faults of log and views: where nobody knows whether calls may leave, none does.
  public static func settings(
    for ledger: OpenLedger, target: TargetConnection, untilIdle: Bool, logger: Logger, patience: Patience? = nil,
    sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
  ) async throws -> DeliverySettings? {
    var settings = DeliverySettings(ledger.configuration)
    let patience = patience ?? Patience(limit: nil, since: ledger.clock())
    guard try await isOpen(ledger, untilIdle, logger, patience, sleep) else { return nil }
    let start = WorkerStart(
      ledger: ledger, reads: RecordedReads(ledger: ledger, target: target, actor: actor), logger: logger,
      patience: patience, sleep: sleep)
    let owner = try await start.owner { _ = try await isOpen(ledger, false, logger, patience, sleep) }
    if let owner {
      settings.owner = RemoteAccount(id: owner.id, userName: owner.email ?? "", displayName: "", active: true)
      settings.protectedIDs.insert(owner.id)
      if let address = owner.email { settings.protectedAddresses.insert(Address.folded(address)) }
    } else {
      logger.warning("the token's owner is not known; list the owner's id under safeguard.protectedAccounts")
    }
    return settings
  }

  /// Why no call may leave now, whatever a worker does: an operator's pause, a maintenance, or a pause that TeamViewer
  /// asked for. Nil when calls may leave; throws when the views cannot be read, since nobody knows then.
  public static func closed(for ledger: OpenLedger) throws -> DeliveryBlock? {
    try ledger.views.catchUp()
    let condition = try ledger.views.target().condition
    let configuration = ledger.configuration
    let blocks = DeliveryBlock.all(
      condition, maintenance: configuration.delivery.maintenance, quotas: configuration.target.quotas,
      at: ledger.clock())
    // A worker's start probes a quarantine and an open circuit, and quotas are its machine's.
    return blocks.first { [.operatorPause, .maintenance, .targetPause].contains($0.reason) }
  }

  /// Who was parked before the last import finished: it lets each be tried again, whether or not a worker ran then. Cycles
  /// that come by themselves do not.
  static func due(_ people: [Person], in ledger: OpenLedger) throws -> Set<String> {
    var parked: [String: Int64] = [:]
    for person in people where person.account.parked != nil {
      let last = try ledger.log.events(about: person.alias).last { $0.type == DeliveryParked.type }
      if let last { parked[person.alias] = last.position }
    }
    guard var position = parked.values.min() else { return [] }
    var newest = position
    while true {
      let finished = try ledger.log.read(types: [CycleFinished.type], from: position + 1)
      guard let last = finished.last else { break }
      position = last.position
      newest = try finished.last { try Actor($0.envelope().actor) != .cycles }?.position ?? newest
    }
    return Set(parked.filter { $0.value < newest }.keys)
  }

  /// The operator's pause that is in force; nil when there is none.
  static func operatorPause(for ledger: OpenLedger) throws -> DeliveryPaused? {
    try closed(for: ledger)?.reason == .operatorPause ? try ledger.views.target().condition.operatorPause : nil
  }

  /// Waits until calls may leave; false when that is an operator's to decide and is not waited for.
  private static func isOpen(
    _ ledger: OpenLedger, _ untilIdle: Bool, _ logger: Logger, _ patience: Patience,
    _ sleep: @Sendable (Duration) async throws -> Void
  ) async throws -> Bool {
    var told: DeliveryBlock?
    while !Task.isCancelled, let closed = try closed(for: ledger) {
      if untilIdle, closed.reason == .operatorPause { return false }
      if closed != told {
        let until = closed.until.map { "\($0)" } ?? "delivery resume"
        logger.warning(
          "waiting: no call may leave", metadata: ["reason": "\(closed.reason.rawValue)", "until": "\(until)"])
        told = closed
      }
      patience.rest(closed, at: ledger.clock())
      // An operator may end a pause before its time.
      try? await sleep(.seconds(1))
    }
    return true
  }
}

extension DeliverySettings {
  /// What a ledger's configuration says.
  init(_ configuration: Configuration) {
    self.init()
    concurrency = configuration.target.concurrency
    ahead = concurrency
    profile = configuration.target.profile
    update = configuration.target.update
    quotas = configuration.target.quotas
    maintenance = configuration.delivery.maintenance
    breakerThreshold = configuration.delivery.breakerFaults
    protectedIDs = configuration.protectedAccounts
    let hours = configuration.target.reconcileHours
    reconcileEvery = hours > 0 ? .seconds(hours * 3600) : nil
    repairsDrift = configuration.target.drift == .repair
  }
}
