public import Base
import EventLog
import GRDB
public import Provisioning
import Sealing

/// The views of a moment that is past. An erasure reaches back: whoever was erased since is erased at every moment at which
/// the ledger knew them.
extension ViewStore {
  /// The position of the last event that was recorded by a moment, which is then what `--as-of` shows.
  ///
  /// Throws `FaultCode.momentUnknown` for a moment that is still to come, or before the first event.
  public func position(asOf moment: Timestamp, now: Timestamp) throws -> Int64 {
    guard moment <= now else {
      throw Fault(.momentUnknown, "\(moment) is still to come; name a moment that is past.")
    }
    let last = try log.positions(recorded: moment..<moment + .milliseconds(1)).upperBound - 1
    guard last > 0 else {
      throw Fault(
        .momentUnknown, "The log begins after \(moment); `provledger log export` shows when each event was recorded.")
    }
    return last
  }

  /// The views as the log has them up to a position; all questions can be asked of them.
  ///
  /// They are built from the log for this, in a file beside the live ones that is there until they are closed. One at a time:
  /// a rebuild, and another past, wait.
  ///
  /// Throws `FaultCode.momentUnknown` for a position that the log does not hold; the faults of log and views.
  public func past(at position: Int64) throws -> PastViews {
    try requireHeld(position)
    let fresh = try fresh(lookups: true)
    do {
      try Self.faults(path) { try fill(fresh.queue, upTo: position) }
    } catch {
      fresh.close()
      throw error
    }
    return PastViews(fresh, ViewStore(fresh.queue, of: self, at: position))
  }

  /// Runs a body with the views as the log has them up to a position. Throws as `past` does.
  public func at<Result>(_ position: Int64, _ body: (ViewStore) throws -> Result) throws -> Result {
    let past = try past(at: position)
    defer { past.close() }
    return try body(past.views)
  }

  private func fill(_ queue: DatabaseQueue, upTo position: Int64) throws {
    try build(queue, upTo: position) { _ in }
    let erasures = try erasures(after: position)
    try queue.inTransaction(.immediate) { database in
      var projection = try Projection(database, log: log, codec: codec)
      try projection.applyLater(erasures)
      return .commit
    }
  }

  /// Everybody whom the ledger knew at a position, in the order of their aliases: as `people` of the views at that position,
  /// only that nothing else is built. Throws as `at` does.
  ///
  /// `seen` gets each event on the way, with its person after it. Of whoever was erased it may have seen more than is known in
  /// the end. Without it, where little was recorded since, the rows that are there serve as a snapshot; else the newest of those
  /// that are kept does.
  public func people(
    at position: Int64, _ seen: ((LoggedEvent, Person) throws -> Void)? = nil
  ) throws -> [Person] {
    try requireHeld(position)
    if seen == nil, let people = try peopleLately(at: position) { return people }
    var (fold, closed) = try folded(upTo: position, seen)
    try take(&fold, erasures(after: position), upTo: position)
    try putFromLog(&fold, closed, at: position)
    return fold.people.values.sorted { $0.alias < $1.alias }
  }

  /// Everybody up to a position, without the erasures that come later; those of `closed` are still to be taken from the log.
  private func folded(
    upTo position: Int64, _ seen: ((LoggedEvent, Person) throws -> Void)? = nil
  ) throws -> (fold: PeopleFold, closed: Set<String>) {
    let start = seen == nil ? try snapshot(upTo: position) : nil
    var fold = PeopleFold(start?.people ?? [:])
    try take(&fold, after: start?.position ?? 0, upTo: position, seen)
    return (fold, start?.closed ?? [])
  }

  /// Takes the people whom a snapshot has closed from the log: those who were erased since it was made, before all.
  private func putFromLog(_ fold: inout PeopleFold, _ closed: Set<String>, at position: Int64) throws {
    for alias in closed { fold.put(try person(alias, at: position), as: alias) }
  }

  /// The same from the rows that are there, where little was recorded since: whoever has no later event is as they were, and
  /// the others are made from their own events. Nil where much was, or the rows are not as far.
  private func peopleLately(at position: Int64) throws -> [Person]? {
    guard try log.lastPosition() - position <= position / 8 else { return nil }
    try catchUp()
    let (present, shown) = try people()
    guard shown >= position else { return nil }
    let changed = try aliases(after: position, upTo: log.lastPosition())
    let unchanged = present.filter { !changed.contains($0.alias) }
    let others = try changed.compactMap { try person($0, at: position) }
    return (unchanged + others).sorted { $0.alias < $1.alias }
  }

  /// The people about whom something was recorded in a part of the log.
  private func aliases(after start: Int64, upTo end: Int64) throws -> Set<String> {
    var found: Set<String> = []
    var next = start + 1
    while next <= end {
      let page = try log.read(from: next, limit: Int(min(Int64(Self.batch), end - next + 1)))
      guard let last = page.last else { break }
      for recorded in page where recorded.isAboutPerson {
        if let slash = recorded.stream.firstIndex(of: "/") {
          found.insert(String(recorded.stream[slash...].dropFirst()))
        }
      }
      next = last.position + 1
    }
    return found
  }

  /// One person as the log has them up to a position; nil for somebody who was not known then. Throws as `at` does.
  public func person(_ alias: String, at position: Int64) throws -> Person? {
    try requireHeld(position)
    let recorded = try log.events(about: alias)
    guard let first = recorded.first, first.position <= position else { return nil }
    var person = Person(alias: alias)
    let erasure = recorded.first { $0.type == SubjectErased.type }
    if let erasure { person.evolve(try codec.decode(erasure)) }
    for recorded in recorded where recorded.position <= position {
      person.evolve(try codec.decode(recorded, asErased: erasure != nil))
    }
    return person
  }

  /// Everybody about whom something was recorded after a position, up to another one: as they were at the first, where they
  /// were known then, and at the second. In the order of their aliases. Throws as `at` does.
  public func changes(from start: Int64, to end: Int64) throws -> [(before: Person?, after: Person)] {
    try requireHeld(start)
    try requireHeld(end)
    var (fold, closed) = try folded(upTo: start)
    fold.keepsBefore = true
    try take(&fold, after: start, upTo: end)
    fold.keepsBefore = false
    var before = PeopleFold(fold.before.compactMapValues { $0 })
    try take(&before, erasures(after: start), upTo: start)
    try take(&fold, erasures(after: end), upTo: end)
    closed.formIntersection(fold.before.keys)
    try putFromLog(&before, closed, at: start)
    try putFromLog(&fold, closed, at: end)
    return fold.before.keys.sorted().compactMap { alias in
      fold.people[alias].map { (before.people[alias], $0) }
    }
  }

  private func requireHeld(_ position: Int64) throws {
    let last = try log.lastPosition()
    guard (0...last).contains(position) else {
      throw Fault(
        .momentUnknown, "The log holds \(last.of("event")), and no position \(position); name one of 0 to \(last).")
    }
    try codec.forgetErased(in: log)
  }

  /// The erasures of people that the log holds behind a position.
  func erasures(after position: Int64) throws -> [LoggedEvent] {
    var found: [LoggedEvent] = []
    var next = position + 1
    while true {
      let page = try log.read(types: [SubjectErased.type], from: next)
      found += try codec.decode(page)
      guard let last = page.last else { return found }
      next = last.position + 1
    }
  }

  /// Folds a part of the log: some events are decoded while those before them are taken over.
  private func take(
    _ fold: inout PeopleFold, after start: Int64, upTo end: Int64, _ seen: ((LoggedEvent, Person) throws -> Void)? = nil
  ) throws {
    var reached = start
    var batch = try decoded(after: reached, upTo: end) { $0.isAboutPerson }
    while reached < end {
      reached = min(end, reached + Int64(Self.batch))
      let (next, ready) = (reached, batch)
      func takeReady() throws {
        for logged in ready.joined() {
          try fold.take(logged, before: logged.position, log, codec)
          if let seen, let person = logged.subject.flatMap({ fold.people[$0] }) { try seen(logged, person) }
        }
      }
      guard next < end else { return try takeReady() }
      batch = try Beside.run {
        try self.decoded(after: next, upTo: end) { $0.isAboutPerson }
      } while: {
        try takeReady()
      }
    }
  }

  /// Takes over erasures of those whom the fold knows, which stands at a position.
  private func take(_ fold: inout PeopleFold, _ erasures: [LoggedEvent], upTo end: Int64) throws {
    for erasure in erasures where erasure.subject.map({ fold.people[$0] != nil }) == true {
      try fold.take(erasure, before: end + 1, log, codec)
    }
  }
}

extension RecordedEvent {
  fileprivate var isAboutPerson: Bool {
    stream.utf8.starts(with: "user/".utf8) || stream.utf8.starts(with: "account/".utf8)
  }
}
