public import Base
import HeapModule
public import Provisioning

/// What the machine says of itself.
extension Machine {
  /// When the machine wants to be woken; nil when only an answer or an event can change anything.
  public var nextWake: Timestamp? {
    if isStopping { return nil }
    // While nothing may leave there is nothing to wake for.
    if let planned { return planned.until }
    var moments = [timers.min?.due, listing.notBefore, gate.probeNotBefore, reconciliation.due].compactMap { $0 }
    if case .closed(_, let until) = gate.state { moments.append(until) }
    if isLeaverWaiting, let moment = gate.earlyProbe { moments.append(moment) }
    if !overdue.isEmpty { moments.append(retries.next(at: now) ?? now) }
    moments += quotas.indices.filter(isAwaited).compactMap { quotas.nextFree($0) }
    if let targetQuota, let moment = quotas.nextFree(targetQuota) { moments.append(moment) }
    return moments.min()
  }

  /// Why no call leaves, and until when; nil when calls leave, in quarantine, and while a single one is to show whether
  /// it goes well.
  public var closed: DeliveryBlock? {
    if let planned { return planned }
    switch gate.state {
    case .closed(let reason, let until): return DeliveryBlock(reason, until: until)
    case .quarantined, .halfOpen: return nil
    case .open:
      let holding = quotas.indices.first(where: isAwaited) ?? targetQuota
      guard lanes.isEmpty, calls.isEmpty, let holding else { return nil }
      return DeliveryBlock(.quota, until: quotas.nextFree(holding), quota: quotas.name(holding))
    }
  }

  private func isAwaited(_ quota: QuotaIndex) -> Bool { waiting[quota]?.isEmpty == false }

  /// The pause that an operator asked for, while it is in force.
  public var operatorPause: DeliveryPaused? { planned?.reason == .operatorPause ? condition.operatorPause : nil }

  /// The entries of the newest full import that cannot be read as accounts: to be shown, never to be recorded.
  public var passedOver: [UnreadableAccount] { listing.passedOver }
  /// The number of calls on their way.
  public var callsUnderWay: Int { calls.count }
  /// How many calls may be on their way at once at present.
  public var concurrency: Int { pace.width }
  /// True while credentials are refused and no probe is on its way.
  public var isQuarantined: Bool { gate.state == .quarantined && !gate.wantsProbe && calls.isEmpty }
  /// Why no call leaves; nil when there is no quarantine.
  public var quarantine: QuarantineEntered? { condition.quarantine }
  /// True when nothing is pending but what is set aside, nobody asks for a comparison, and no call is on its way.
  public var isIdle: Bool {
    (unsettled == 0 || settings.reconcilesOnly) && calls.isEmpty && !gate.wantsProbe && condition.requests.isEmpty
  }

  /// The people as the events so far leave them.
  public var allPeople: [Person] { people.known }
}
