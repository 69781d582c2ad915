import EventLog
import Ledger
import Provisioning
import Sealing

/// What others append while the worker runs.
extension Worker {
  /// What cycles and operators append; the worker's own events it knows already.
  func follow(from position: Int64) async {
    do {
      for try await batch in ledger.log.follow(from: position) {
        var events: [LoggedEvent] = []
        for recorded in batch {
          if let stream = Stream(recorded.stream), !Self.concerns(stream, recorded) { continue }
          events.append(try ledger.codec.decode(recorded))
        }
        if !events.isEmpty { inbox.put(.events(events)) }
      }
    } catch {
      if !Task.isCancelled { inbox.put(.failure(error)) }
    }
  }

  /// What operators append about the target as a whole.
  private static let targetTypes: Set<String> = [
    QuarantineLeft.type, DeliveryPaused.type, DeliveryResumed.type, TargetResumed.type,
    ReconcileRequested.type,
  ]

  private static func concerns(_ stream: Stream, _ recorded: RecordedEvent) -> Bool {
    switch stream {
    case .user: true
    case .cycle: recorded.type == CycleStarted.type || recorded.type == CycleFinished.type
    case .target: Self.targetTypes.contains(recorded.type)
    case .account, .safeguard, .configuration, .operators, .operator, .export, .review, .ledger: false
    }
  }
}
