import Base

/// Somebody to look at again at a moment.
struct Timer: Comparable {
  var due: Timestamp
  var person: PersonIndex
  static func < (left: Timer, right: Timer) -> Bool { (left.due, left.person) < (right.due, right.person) }
}
