import Base
import Provisioning

/// The full import of all accounts, and how far it is.
struct Listing {
  /// The number of full imports begun.
  var sent = 0
  /// The number of the newest full import that was answered whole.
  var answered = 0
  /// True when the next match needs a new full import: at a start, and after each cycle.
  var isStale = true
  /// True when somebody waits for a full import.
  var isWanted = false
  /// True from the first page's sending until the last one's answer.
  var isInProgress: Bool { isUnderWay || reading.pages > 0 }
  /// True while a page is on its way.
  var isUnderWay = false
  /// No page before this moment, after a fault.
  var notBefore: Timestamp?
  /// The pages so far.
  var reading = ListReading()
  /// The entries of the newest full import that cannot be read as accounts.
  var passedOver: [UnreadableAccount] = []
  /// The people who wait for it.
  var waiters: [PersonIndex] = []
  /// The newest full import, if it is not whole: the accounts that it has are there, and of others it says nothing.
  var short: (number: Int, ids: Set<String>)?
  /// The number of such imports in a row.
  var shortfalls = 0

  /// Begins anew, not before a moment.
  mutating func restart(notBefore moment: Timestamp) {
    reading = ListReading()
    notBefore = moment
  }

  /// Those who waited, out of here.
  mutating func takeWaiters() -> [PersonIndex] {
    defer { waiters = [] }
    return waiters
  }
}
