import DequeModule
import Provisioning

/// Who is next: leavers before changes before first-time creates. A lane that was passed over too often gets a turn, so
/// that none starves.
struct Lanes {
  /// After how many turns of others a lane with somebody in it gets one.
  static let patience = 16

  /// Who was put into each lane, in order; an entry counts only while the person still stands in that lane.
  private var queues: [Deque<PersonIndex>] = [[], [], []]
  /// The lane in which each person stands; -1 for none.
  private var places: [Int8] = []
  /// How many stand in each lane.
  private var counts = [0, 0, 0]
  /// How often each lane was passed over while somebody stood in it.
  private var passed = [0, 0, 0]

  /// The number of people in a lane.
  func count(_ lane: Lane) -> Int { counts[lane.place] }

  /// True when nobody stands anywhere.
  var isEmpty: Bool { counts.allSatisfy { $0 == 0 } }

  /// Lets a person stand in a lane, at its end or, after a wait that was not theirs, in front; whoever stood in another
  /// lane leaves it.
  mutating func put(_ person: PersonIndex, in lane: Lane, inFront: Bool = false) {
    let missing = person.place - places.count + 1
    if missing > 0 { places.append(contentsOf: repeatElement(-1, count: missing)) }
    guard places[person.place] != Int8(lane.place) else { return }
    remove(person)
    places[person.place] = Int8(lane.place)
    counts[lane.place] += 1
    if inFront { queues[lane.place].prepend(person) } else { queues[lane.place].append(person) }
  }

  /// Takes a person out of a lane, if that is where they stand.
  mutating func leave(_ person: PersonIndex, _ lane: Lane) {
    if person.place < places.count, places[person.place] == Int8(lane.place) { remove(person) }
  }

  /// Takes out whoever is next; nil when nobody stands anywhere.
  mutating func next() -> PersonIndex? {
    guard let first = counts.firstIndex(where: { $0 > 0 }) else { return nil }
    let starving = counts.indices.first { $0 > first && counts[$0] > 0 && passed[$0] >= Self.patience }
    let lane = starving ?? first
    for other in counts.indices where other != lane && counts[other] > 0 { passed[other] += 1 }
    passed[lane] = 0
    while let person = queues[lane].popFirst() {
      guard places[person.place] == Int8(lane) else { continue }
      remove(person)
      return person
    }
    return nil
  }

  private mutating func remove(_ person: PersonIndex) {
    guard places[person.place] >= 0 else { return }
    counts[Int(places[person.place])] -= 1
    places[person.place] = -1
  }
}

extension Lane {
  /// Its place in the order in which lanes leave.
  fileprivate var place: Int {
    switch self {
    case .leavers: 0
    case .changes: 1
    case .creates: 2
    }
  }
}
