import EventLog
import GRDB
import Provisioning
import Sealing

/// All projectors together, and how far they are: the checkpoint moves in the transaction that writes their rows.
struct Projection {
  /// The most people that should be kept before a `flush`: about 100 MB.
  static let mostPeople = 50_000

  /// Every table that the digest of the views goes over.
  static let tables =
    ["checkpoint"] + PeopleProjector.tables + DeliveriesProjector.tables + CyclesProjector.tables
    + SafeguardsProjector.tables + TargetProjector.tables + ActsProjector.tables + OperatorsProjector.tables

  private let database: Database
  private let log: Log
  private let codec: EventCodec
  private var people = PeopleProjector()
  private let deliveries = DeliveriesProjector()
  private var target = TargetProjector()
  private var others: [any Projector] = [
    CyclesProjector(), SafeguardsProjector(), ActsProjector(), OperatorsProjector(),
  ]
  /// The position of the newest event that was taken over.
  private(set) var position: Int64

  init(_ database: Database, log: Log, codec: EventCodec) throws {
    self.database = database
    self.log = log
    self.codec = codec
    position = try ViewsSQL.position(database)
  }

  /// Takes over some events, in order.
  mutating func apply(_ batch: [LoggedEvent]) throws {
    for logged in batch {
      try apply(logged)
      position = logged.position
    }
  }

  /// Takes over erasures that the log holds behind the end, of those who are known: the checkpoint stays where it is.
  mutating func applyLater(_ erasures: [LoggedEvent]) throws {
    for erasure in erasures {
      guard let alias = erasure.subject, try ViewsSQL.person(alias, database) != nil else { continue }
      try apply(erasure)
    }
    try flush()
  }

  /// How many people are kept until the next `flush`.
  var count: Int { people.count }

  /// Writes what is kept in memory, and moves the checkpoint.
  mutating func flush() throws {
    try people.flush(database)
    try target.flush(database)
    for place in others.indices { try others[place].flush(database) }
    try database.run("UPDATE checkpoint SET position = ?", [position])
  }

  private mutating func apply(_ logged: LoggedEvent) throws {
    switch logged.stream {
    case .user(let alias), .account(let alias): try apply(logged, to: people.kept(alias, database))
    case .target: try target.apply(logged, database)
    default: for place in others.indices { try others[place].apply(logged, database) }
    }
  }

  private mutating func apply(_ logged: LoggedEvent, to kept: KeptPerson) throws {
    let wasErased = kept.person.erasure != nil
    // What comes late about an erased person brings no value back, whoever still holds the key.
    let change = people.take(wasErased ? try logged.erased() : logged, kept)
    if case .callFinished(let finished) = change.logged.payload { target.count(finished, at: logged.time) }
    if case .subjectErased = logged.payload, !wasErased { return try forget(kept, logged) }
    try deliveries.apply(change, database)
  }

  /// Forgets a person: what is left is derived anew from what the events say in clear, so that it is the same whether the
  /// key was still there when the events before were read or not.
  private mutating func forget(_ kept: KeptPerson, _ logged: LoggedEvent) throws {
    try deliveries.remove(kept, database)
    for earlier in try log.events(about: kept.person.alias, before: position + 1) {
      let change = people.take(try codec.decode(earlier, asErased: true), kept, isAgain: true)
      try deliveries.apply(change, database)
    }
    try deliveries.end(kept, as: .erased, at: logged.time, database)
  }
}
