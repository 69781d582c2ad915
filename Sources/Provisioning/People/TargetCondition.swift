public import JSON

/// TeamViewer as a whole, as the log tells it.
public struct TargetCondition: Equatable, Sendable {
  /// The pause that TeamViewer asked for last; it may be over.
  public var pause: TargetPaused?
  /// The pause that an operator asked for; it may be over.
  public var operatorPause: DeliveryPaused?
  /// Set while in quarantine.
  public var quarantine: QuarantineEntered?
  /// Set while faults in a row let only probes leave.
  public var circuit: CircuitOpened?
  /// The newest word of the faults of an outage that were not told one by one; nil once it is over.
  public var unreachable: TargetUnreachable?
  /// The blocks of calls that were taken of each quota, oldest first; some may no longer count.
  public var reservations: [QuotaReserved] = []
  /// Requests for a comparison that no worker has answered yet, oldest first.
  public var requests: [ReconcileRequested] = []
  /// The newest comparison of TeamViewer with the log.
  public var reconciled: ReconcileFinished?

  /// How many blocks of one quota are kept: a window is shared out in fewer.
  public static let mostReservations = 400

  /// Nothing known against it.
  public init() {}

  /// Takes over what an event of the `target` stream says.
  public mutating func evolve(_ logged: LoggedEvent) {
    switch logged.payload {
    case .targetPaused(let pause): self.pause = pause
    case .targetResumed: pause = nil
    case .targetUnreachable(let faults): unreachable = faults
    case .deliveryPaused(let pause): operatorPause = pause
    case .deliveryResumed: operatorPause = nil
    case .quarantineEntered(let quarantine): self.quarantine = quarantine
    case .quarantineLeft:
      quarantine = nil
      unreachable = nil
    case .circuitOpened(let circuit): self.circuit = circuit
    case .circuitClosed:
      circuit = nil
      unreachable = nil
    case .quotaReserved(let block):
      reservations.append(block)
      let same = reservations.indices.filter { reservations[$0].quota == block.quota }
      if same.count > Self.mostReservations, let oldest = same.first { reservations.remove(at: oldest) }
    case .reconcileRequested(let request): requests.append(request)
    case .reconcileFinished(let finished):
      reconciled = finished
      requests.removeAll { $0.id == finished.request }
    default: break
    }
  }
}

extension TargetCondition {
  /// The whole condition as JSON: the form in which views keep it; it never enters the log.
  public var json: JSONValue {
    .object(
      JSONObject(present: [
        ("pause", pause?.fields.json), ("operatorPause", operatorPause?.fields.json),
        ("quarantine", quarantine?.fields.json), ("circuit", circuit?.fields.json),
        ("unreachable", unreachable?.fields.json),
        ("reservations", reservations.isEmpty ? nil : .array(reservations.map(\.fields.json))),
        ("requests", requests.isEmpty ? nil : .array(requests.map(\.fields.json))),
        ("reconciled", reconciled?.fields.json),
      ]))
  }

  /// Reads the form that `json` writes.
  public init(_ json: JSONValue) {
    pause = json["pause"].flatMap { try? TargetPaused(Fields($0)) }
    operatorPause = json["operatorPause"].flatMap { try? DeliveryPaused(Fields($0)) }
    quarantine = json["quarantine"].flatMap { try? QuarantineEntered(Fields($0)) }
    circuit = json["circuit"].flatMap { try? CircuitOpened(Fields($0)) }
    unreachable = json["unreachable"].flatMap { try? TargetUnreachable(Fields($0)) }
    reservations = json["reservations"]?.array?.compactMap { try? QuotaReserved(Fields($0)) } ?? []
    requests = json["requests"]?.array?.compactMap { try? ReconcileRequested(Fields($0)) } ?? []
    reconciled = json["reconciled"].flatMap { try? ReconcileFinished(Fields($0)) }
  }
}
