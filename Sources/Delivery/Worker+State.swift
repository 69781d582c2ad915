import Base
import DeliveryMachine
import Provisioning

extension Worker {
  /// What a run keeps beside the machine.
  struct State {
    let isUntilIdle: Bool
    var outbox = Outbox()
    var progress = Progress(unsettled: 0)
    var isStopping = false
    var isRenewed = false
    /// Set when nothing got through for too long.
    var fruitless: Fruitless?
    /// The list whose unreadable entries were told last.
    var toldList = 0

    /// How a run ends that was asked to stop.
    var stopped: End { fruitless.map { .fruitless($0) } ?? .stopped }

    /// Notes that the run is to stop, or to begin anew with another token; false when that was known.
    mutating func stops() -> Bool {
      defer { isStopping = true }
      return !isStopping
    }
    mutating func renews() -> Bool {
      defer { isRenewed = true }
      return !isRenewed
    }

    /// Why the run is over; nil while it is not.
    func end(_ machine: Machine) -> End? {
      guard outbox.isEmpty else { return nil }
      let isQuiet = machine.callsUnderWay == 0
      if isStopping, isQuiet { return stopped }
      if isRenewed, isQuiet { return .renewed }
      if machine.isQuarantined, isUntilIdle || isStopping, let quarantine = machine.quarantine {
        return .quarantined(quarantine)
      }
      if isUntilIdle, isQuiet, let pause = machine.operatorPause { return .paused(pause) }
      return isUntilIdle && machine.isIdle ? .idle : nil
    }

    /// What others appended, as the machine takes it; the release of a quarantine ends the run.
    mutating func heard(
      _ events: [LoggedEvent], _ machine: Machine
    ) -> [Machine.Input] {
      events.compactMap { logged in
        if case .quarantineLeft(let left) = logged.payload, left.how == .released, machine.quarantine != nil {
          isRenewed = true
          return nil
        }
        return .event(logged)
      }
    }
  }

  /// What came in since the last step.
  struct Taken {
    var inputs: [Machine.Input] = []
    /// Whose key was gone when their events were to be appended.
    var erased: Set<String> = []
    /// True when the time to finish is over.
    var isCutOff = false
  }
}
