import Base
import Provisioning

extension DeliveryMachine {
  /// Whether calls may leave.
  enum Gate: Equatable {
    /// As many as the concurrency allows.
    case open
    /// None before a moment: a pause that TeamViewer asked for, or the circuit breaker.
    case closed(Closed.Reason, until: Timestamp)
    /// One, to see whether it goes well.
    case halfOpen
    /// None: credentials are refused. Only the probe of a start leaves it.
    case quarantined
  }

  /// The passing side of one person's delivery: what a restart may forget.
  struct Errand: Equatable {
    /// True while a call of this person is on its way.
    var isCalling = false
    /// True when a parked delivery may be tried although its time has not come.
    var isDue = false
    /// No attempt before this moment, after a fault.
    var notBefore: Timestamp?
    /// Faults since the last completed delivery.
    var faults = 0
    /// The number of the full read that this person's matching needs.
    var list = 0
    /// True when TeamViewer said that the address is taken, and the full read since then has not been looked at.
    var isContested = false
    /// The refusal that a probe is to explain.
    var forbidden: String?
    /// The attributes that TeamViewer acknowledged for the present desired state.
    var acknowledged: Set<String> = []
    /// How often a read showed that an acknowledged disable had no effect.
    var ineffective = 0
    /// How the delivery will have come about, once it is complete.
    var how = DeliveryCompleted.How.alreadySo
    /// The people who wait until this one's account has another address.
    var waiters: [Int] = []
    /// True when the answer at hand is to a call that carried the present desired state, not an older one.
    var isAnswerPresent = true
    /// True when this person stands among another's waiters.
    var isWaiting = false
    /// True when this person is counted as unsettled.
    var isUnsettled = false
    /// Since when an address that was asked for is looked for from time to time, while nothing else is to be done.
    var requestedSince: Timestamp?
    /// When it is looked for next.
    var reread: Timestamp?
  }

  struct Timer: Comparable {
    var due: Timestamp
    var person: Int
    static func < (left: Timer, right: Timer) -> Bool { (left.due, left.person) < (right.due, right.person) }
  }
}
