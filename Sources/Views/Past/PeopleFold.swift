import EventLog
import Provisioning
import Sealing

/// People as a part of the log leaves them, in memory: what `PeopleProjector` keeps in a table.
struct PeopleFold {
  /// Everybody, by alias.
  private(set) var people: [String: Person]
  /// Whether `before` is kept.
  var keepsBefore = false
  /// Those who were changed while `keepsBefore` was set, as they were before that; nil where nothing was known of them.
  private(set) var before: [String: Person?] = [:]

  init(_ people: [String: Person] = [:]) { self.people = people }

  /// Puts a person in place as they are known otherwise; nil takes them away.
  mutating func put(_ person: Person?, as alias: String) { people[alias] = person }

  /// Takes over an event of a person's streams; what is about nobody changes nothing.
  ///
  /// An erasure leaves what the person's events before `end` say in clear, so that it is the same whether the key was still
  /// there when they were read or not. Throws the faults of log and codec.
  mutating func take(_ logged: LoggedEvent, before end: Int64, _ log: Log, _ codec: EventCodec) throws {
    guard let alias = logged.personAlias else { return }
    let wasErased = people[alias]?.erasure != nil
    evolve(alias, wasErased ? try logged.erased() : logged)
    guard case .subjectErased = logged.payload, !wasErased else { return }
    for earlier in try log.events(about: alias, before: end) {
      evolve(alias, try codec.decode(earlier, asErased: true))
    }
  }

  private mutating func evolve(_ alias: String, _ logged: LoggedEvent) {
    if keepsBefore, before[alias] == nil { before[alias] = .some(people[alias]) }
    people[alias, default: Person(alias: alias)].evolve(logged)
  }
}

extension LoggedEvent {
  /// The alias of the person in whose streams it stands; nil for anything else.
  fileprivate var personAlias: String? {
    switch stream {
    case .user(let alias), .account(let alias): alias
    default: nil
    }
  }
}
