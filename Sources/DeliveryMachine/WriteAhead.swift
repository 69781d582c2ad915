import DequeModule

/// Writes whose start is recorded before their turn comes, and how much of what was recorded a call has to wait for.
struct WriteAhead {
  /// The writes that wait for their turn; first come, first served.
  private(set) var prepared = Deque<Call>()
  /// How many events were given out so far.
  private(set) var recorded = 0
  /// How many were when the newest block of a quota was taken.
  private(set) var reserved = 0

  var isEmpty: Bool { prepared.isEmpty }
  var count: Int { prepared.count }

  // MARK: What calls wait for

  /// One more event was given out.
  mutating func noteEvent() { recorded += 1 }

  /// The newest event takes a block of a quota, which every call from here on needs.
  mutating func noteReservation() { reserved = recorded }

  // MARK: Prepared writes

  /// Keeps a write, whose start is the newest event, for its turn.
  mutating func append(_ call: Call) {
    var call = call
    call.after = recorded
    prepared.append(call)
  }

  /// Takes a write back that was handed out and has not left.
  mutating func putBack(_ call: Call) { prepared.prepend(call) }

  /// The next write, out of here.
  mutating func next() -> Call? { prepared.popFirst() }

  /// The write of a person, out of here; nil when none waits.
  mutating func remove(of alias: String) -> Call? {
    guard !prepared.isEmpty, let place = prepared.firstIndex(where: { $0.person == alias }) else { return nil }
    return prepared.remove(at: place)
  }
}
