import Base
import Provisioning

/// The place of a person in the machine's list; it stays the person's as long as the machine lives.
struct PersonIndex: Hashable, Comparable, Sendable {
  let place: Int

  init(_ place: Int) { self.place = place }

  static func < (left: PersonIndex, right: PersonIndex) -> Bool { left.place < right.place }
}

/// A person, and how far the machine is with them.
struct Recipient: Equatable, Sendable {
  /// What the log says of them: what a restart finds again.
  var known: Person
  /// What a restart may forget.
  var attempt = Attempt()

  /// True while the newest decision is of a cycle that has not finished: it may never count.
  var awaitsCycle = false

  /// True when this person is counted as parked.
  var isParked = false

  /// True when the delivery waits for an operator, for a retry that is not due, or for the end of a cycle.
  var isSetAside: Bool { awaitsCycle || known.isSetAsideByOperator || known.isSetAside && !attempt.isDue }

  init(known: Person) { self.known = known }
}

/// The passing side of one person's delivery: what a restart may forget.
struct Attempt: Equatable, Sendable {
  /// True while a call of this person is on its way.
  var isCalling = false
  /// True when a parked delivery may be tried although its time has not come.
  var isDue = false
  /// No call before this moment, after a fault.
  var notBefore: Timestamp?
  /// Faults since the last completed delivery.
  var faults = 0
  /// The number of the full import that this person's matching needs.
  var list = 0
  /// True when TeamViewer said that the address is taken, and the full import since then has not been looked at.
  var isContested = false
  /// Whether the linked account is there, as far as that is in doubt.
  var link = LinkDoubt.none
  /// What a read showed while writes fail, that the last one had no effect: it is told only if something else follows than
  /// the same write again.
  var untoldRead: CallFinished?
  /// True when a query for the contested address has been answered.
  var isQueried = false
  /// True when TeamViewer refused the last query for an address: a full import does as well.
  var isQueryRefused = false
  /// How many full imports had begun when the present decision was heard; none where it is older than the process.
  var listsBefore = 0
  /// True when a query for the address of a leaver has been answered since their account was verified to be inactive.
  var isSurveyed = false
  /// How often in a row that was so, although the full import since then showed the account.
  var missed = 0
  /// Answers in a row that were about another account.
  var misled = 0
  /// What the unanswered create was answered with, where that is an account under another address that nobody knew.
  var stray: Stray?
  /// True while a read on its way is to show whether an account that a full import lacks is gone.
  var isSought = false
  /// The refusal that a probe is to explain.
  var forbidden: String?
  /// True while the inactive account is to be given another address, since somebody needs the one that it has.
  var makesWay = false
  /// True when TeamViewer refused that; until whoever needs the address is parked.
  var cannotMakeWay = false
  /// The attributes that TeamViewer acknowledged for the present desired state.
  var acknowledged: Set<AccountAttribute> = []
  /// How often a read did not show what an acknowledged write made of `active`.
  var ineffective = 0
  /// How the delivery will have come about, once it is complete.
  var how = DeliveryCompleted.How.alreadySo
  /// The people who wait until this one's account has another address.
  var waiters: [PersonIndex] = []
  /// True when the answer at hand is to a call that carried the present desired state, not an older one.
  var answersCurrentDecision = true
  /// True when this person stands among another's waiters.
  var isWaiting = false
  /// True when this person is counted as unsettled.
  var isUnsettled = false
  /// Since when an address that was asked for is looked for from time to time, while nothing else is to be done.
  var requestedSince: Timestamp?
  /// When it is looked for next.
  var reread: Timestamp?
}

/// An account that a create was answered with, under another address than was asked for, and that nobody knew before.
struct Stray: Equatable, Sendable {
  let account: RemoteAccount
  /// True once nobody was found with the address that was asked for: then the account itself is read.
  var isSought = false
}

/// Why it is in doubt whether a linked account is there; nothing is sent to it until that is settled.
enum LinkDoubt: Sendable {
  /// It is not.
  case none
  /// TeamViewer did not know its id: the full import since then has not been looked at, or lacks it, and it is read by its id.
  case unknownID
  /// Neither that import nor a read by its id knew it.
  case gone
  /// It is to be read: a full import shows it after all, or lacks it while somebody needs its address, or it was written to
  /// after it was verified.
  case readDue
  /// Another person's create was answered with it, under that person's address: it is read, and shows whose it is.
  case disputed

  /// True when a read by its id is to come before anything else.
  var wantsRead: Bool { self == .readDue || self == .disputed }
  /// True when TeamViewer did not know the account's id: what became of a write is not asked by it then.
  var isLost: Bool { self == .unknownID || self == .gone }
}

/// All people whom the machine knows, in the order in which it came to know them.
struct Recipients: Sendable {
  private var list: [Recipient]
  private var places: [String: PersonIndex] = [:]

  init(_ people: [Person]) {
    list = people.map { Recipient(known: $0) }
    for (place, person) in people.enumerated() { places[person.alias] = PersonIndex(place) }
  }

  var count: Int { list.count }
  var indices: some Collection<PersonIndex> { list.indices.lazy.map(PersonIndex.init) }
  /// The people as the events so far leave them.
  var known: [Person] { list.map(\.known) }

  /// Changed where it lies: a copy for each change would cost more than the change.
  subscript(index: PersonIndex) -> Recipient {
    get { list[index.place] }
    _modify { yield &list[index.place] }
  }

  /// Where a person is; nil when the machine does not know them.
  func index(of alias: String) -> PersonIndex? { places[alias] }

  /// Where a person is, from now on at least.
  mutating func add(_ alias: String) -> PersonIndex {
    if let known = places[alias] { return known }
    let new = PersonIndex(list.count)
    list.append(Recipient(known: Person(alias: alias)))
    places[alias] = new
    return new
  }
}

/// Somebody to look at again at a moment.
struct Timer: Comparable {
  var due: Timestamp
  var person: PersonIndex
  static func < (left: Timer, right: Timer) -> Bool { (left.due, left.person) < (right.due, right.person) }
}
