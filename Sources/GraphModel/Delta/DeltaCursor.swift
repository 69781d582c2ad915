import Base
import JSON

/// How far a reader has come with a delta query: what a token holds.
struct DeltaCursor: Equatable, Sendable {
  /// What is asked for.
  struct Query: Equatable, Sendable {
    var kind: TenantObject.Kind
    /// The selected properties; empty for those that are returned without a selection.
    var select: [String] = []
    /// The objects that are asked for; empty for all.
    var ids: [String] = []
    /// Whether only what changed is wanted.
    var isMinimal = false
  }

  /// An object whose related objects did not fit on a page, and behind which of them it goes on.
  struct Rest: Equatable, Sendable {
    var place: Int
    var after: Int
  }

  var query: Query
  /// The place in the history from which on changes are wanted; nil in the first round, which lists everything.
  var from: Int?
  /// The place in the history at which the round ends.
  var to: Int
  /// True for the end of a round: the token of a deltaLink.
  var isLink = false
  /// The next object of the round.
  var next = 0
  var rests: [Rest] = []
  var issued: Timestamp
}

extension DeltaCursor {
  /// The form in which a token holds it.
  var json: JSONValue {
    .array([
      .string(query.kind.rawValue), .array(query.select.map(JSONValue.string)),
      .array(query.ids.map(JSONValue.string)), .bool(query.isMinimal), .integer(Int64(from ?? -1)), .integer(Int64(to)),
      .bool(isLink), .integer(Int64(next)),
      .array(rests.flatMap { [.integer(Int64($0.place)), .integer(Int64($0.after))] }),
      .integer(issued.milliseconds),
    ])
  }

  init?(_ json: JSONValue?) {
    guard let parts = json?.array, parts.count == 10, let kind = parts[0].string.flatMap(TenantObject.Kind.init),
      let from = parts[4].integer, let to = parts[5].integer, let next = parts[7].integer,
      let issued = parts[9].integer
    else { return nil }
    let texts = { (value: JSONValue) in (value.array ?? []).compactMap(\.string) }
    let rests = (parts[8].array ?? []).compactMap(\.integer)
    query = Query(kind: kind, select: texts(parts[1]), ids: texts(parts[2]), isMinimal: parts[3] == true)
    self.from = from < 0 ? nil : from
    self.to = to
    isLink = parts[6] == true
    self.next = next
    self.rests = stride(from: 0, to: rests.count - 1, by: 2).map { Rest(place: rests[$0], after: rests[$0 + 1]) }
    self.issued = Timestamp(milliseconds: Int64(issued))
  }

  /// The cursor as a token.
  func token(_ nonce: UInt64) -> String { OpaqueText.seal(Array(json.text.utf8), nonce: nonce) }

  /// Reads a token; nil for one that was not made here.
  init?(token: String) {
    guard let bytes = OpaqueText.open(token) else { return nil }
    self.init(try? JSONParser.parse(bytes))
  }
}

extension DeltaCursor {
  /// The round is told: what follows begins where it ended.
  mutating func end() {
    (from, next, isLink, query.isMinimal) = (to, 0, true, false)
    rests = []
  }

  /// The next round, up to a place.
  func round(to place: Int, isMinimal: Bool) -> DeltaCursor {
    var round = self
    (round.isLink, round.to, round.query.isMinimal) = (false, max(to, place), isMinimal)
    return round
  }
}
