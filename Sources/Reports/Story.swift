public import Base
public import EventLog
public import JSON
public import Provisioning
public import Sealing

/// The story of one person in plain sentences, each with the position in the log that it rests on.
public struct Story {
  /// One thing that happened.
  public struct Line: Equatable, Sendable {
    /// Where it stands in the log.
    public var position: Int64
    /// When it was recorded.
    public var time: Timestamp
    /// The event type.
    public var type: String
    /// What happened, in a sentence.
    public var sentence: String
    /// Who or what did it.
    public var actor: Actor
    /// What the event says, member by member, as far as it can be read.
    public var data: JSONObject
    /// True when part of it is sealed for good.
    public var isErased: Bool

    /// As a JSON object.
    public var json: JSONValue {
      [
        "position": .string(String(position)), "time": .string(time.description), "type": .string(type),
        "actor": .string(actor.description), "text": .string(sentence),
        "data": .object(data), "erased": .bool(isErased),
      ]
    }
  }

  /// Everything that the log holds about a person, in order. Throws the faults of log and keys.
  public static func of(_ alias: String, log: Log, codec: EventCodec) throws -> [Line] {
    let recorded = try log.events(about: alias)
    // Whoever still holds the key of somebody who was erased must not show more than who does not.
    let isErased = recorded.contains { $0.type == SubjectErased.type }
    var before: DirectoryUser?
    var rules = RecordedScopes(log: log, codec: codec)
    return try recorded.map { recorded in
      let logged = try codec.decode(recorded, asErased: isErased)
      let sentence = sentence(logged.payload, before, try rules.grounds(of: logged, for: before))
      if case .userObserved(let observed) = logged.payload { before = observed.user }
      let (data, isSealed) = content(logged.payload, isErased)
      return Line(
        position: logged.position, time: logged.time, type: logged.payload.type, sentence: sentence,
        actor: logged.actor, data: data, isErased: isSealed)
    }
  }

  /// The members of an event in both halves; of somebody who was erased, those that stand in clear.
  private static func content(_ payload: EventPayload, _ isErased: Bool) -> (JSONObject, Bool) {
    let fields = payload.value.fields
    var data = fields.clear
    if !isErased { for member in fields.sealed.members { data[member.name] = member.value } }
    return (data, isErased || fields.isErased)
  }

  private static func sentence(_ payload: EventPayload, _ before: DirectoryUser?, _ grounds: String) -> String {
    switch payload {
    case .userObserved(let observed): observation(observed, before)
    case .decided(let decision):
      "Decided \(decision.action.rawValue): \(Explanation.of(decision))\(grounds)\(wish(decision))."
    case .linked(let linked): link(linked)
    case .unlinked(let unlinked):
      "\(unlinked.id.map { "Account \($0)" } ?? "The account") is this person's no longer: \(Explanation.of(unlinked.reason)). One with the address is looked for."
    case .callStarted(let started): "\(started.operation) is about to be sent, for decision \(started.decision)."
    case .callFinished(let finished): call(finished)
    case .deliveryCompleted(let completed): completion(completed)
    case .deliveryParked(let parked):
      "Parked: \(Explanation.of(parked.reason).meaning)\(said(parked.detail)). Tried again at \(parked.retry). \(Explanation.of(parked.reason).remedy)"
    case .deliveryAbandoned(let abandoned):
      "Given up after 28 days: \(Explanation.of(abandoned.reason).meaning). \(Explanation.of(abandoned.reason).remedy)"
    case .accountVerified(let verified):
      verified.isGone
        ? "TeamViewer has no account of the person any more." : "Read back: TeamViewer shows the account as inactive."
    case .subjectErased(let erased):
      "Erased, reason \(erased.reason.code): the content of \(erased.events.of("event")) is gone for good; these lines tell what the log says in clear."
    case .erasureRefused(let refused):
      "An erasure, reason \(refused.reason.code), was refused: \(Explanation.of(refused.obstacle))."
    case .legalHoldPlaced(let placed): "A legal hold was placed\(quoted(placed.reason))."
    case .legalHoldLifted(let lifted): "The legal hold was lifted\(quoted(lifted.reason))."
    case .deliveryRetried(let retried): "An operator lets it be tried now\(quoted(retried.reason))."
    case .deliverySkipped(let skipped):
      "An operator does not want decision \(skipped.decision) delivered\(quoted(skipped.reason)); a changed decision ends that."
    case .deliveryHeld(let held):
      "An operator lets no call leave for the person\(quoted(held.reason)), until somebody lets it be tried."
    case .driftDetected(let drift): Self.drift(drift)
    case .reviewDecided, .reviewRefused: review(payload)
    default: payload.type
    }
  }

  private static func review(_ payload: EventPayload) -> String {
    switch payload {
    case .reviewDecided(let decided):
      let who = decided.reviewer.map { "\($0) decided" } ?? "closing decided"
      return "In the access review \(decided.review) \(who): \(decided.decision.rawValue)\(quoted(decided.rationale))."
    case .reviewRefused(let refused):
      return
        "In the access review \(refused.review) \(refused.reviewer) was not let decide: event \(refused.deed) is what they did for the person themselves."
    default: return payload.type
    }
  }

  private static func drift(_ drift: DriftDetected) -> String {
    let shown = drift.account.map { account in
      "; it shows \(account.userName), \"\(account.displayName)\", \(account.active ? "active" : "inactive")"
    }
    let end = drift.isRepaired ? "It is brought back." : "It is reported only, and left as it is."
    return "A comparison with TeamViewer: \(Explanation.of(drift.kind))\(shown ?? ""). \(end)"
  }

  private static func observation(_ observed: UserObserved, _ before: DirectoryUser?) -> String {
    switch observed.state {
    case .present where observed.source == nil: return "No source owns the person from here on."
    case .absent: return "The directory's snapshot no longer has the person."
    case .softDeleted: return "The directory reports the person as deleted, restorable."
    case .deleted: return "The directory reports the person as deleted for good."
    case .present where observed.user.id.isEmpty: return "The directory shows the person."
    case .present: break
    }
    guard let before else {
      let name = observed.user[.displayName] ?? observed.user.id
      let address = observed.user[.userPrincipalName] ?? "no sign-in name"
      return "The directory shows \(name) (\(address)), sign-in \(observed.user.isEnabled ? "allowed" : "blocked")."
    }
    let changed = differing(before.attributes, observed.user.attributes)
    if changed.isEmpty {
      let owner = observed.source.flatMap { $0 == .standard ? nil : "The source \($0.name)" } ?? "The directory"
      return "\(owner) has the person\(owner == "The directory" ? " again" : "")."
    }
    let parts = changed.map { "\($0.rawValue) from \(value(before, $0)) to \(value(observed.user, $0))" }
    return "The directory shows a change: \(parts.joined(separator: ", "))."
  }

  /// The attributes of which two observations say something else: the standard ones, then the others by their names.
  private static func differing(_ before: DirectoryAttributes, _ after: DirectoryAttributes) -> [DirectoryAttribute] {
    let others = Set((before.map(\.key) + after.map(\.key))).subtracting(DirectoryAttribute.standard)
    return (DirectoryAttribute.standard + others.sorted { $0.rawValue < $1.rawValue })
      .filter { before[$0] != after[$0] }
  }

  private static func value(_ user: DirectoryUser, _ attribute: DirectoryAttribute) -> String {
    switch user.attributes[attribute] {
    case .text(let text): "\"\(text)\""
    case .flag(let flag): flag ? "true" : "false"
    case .list(let texts): texts.map { "\"\($0)\"" }.joined(separator: " and ")
    case .cleared, nil: "nothing"
    }
  }

  private static func wish(_ decision: Decision) -> String {
    guard let desired = decision.desired, decision.action != .none else { return "" }
    let cut = decision.cutFrom.map { "; the name \"\($0)\" was cut to fit" } ?? ""
    return
      "; wanted is \(desired.userName), \"\(desired.displayName)\", \(desired.active ? "active" : "inactive")\(cut)"
  }

  private static func link(_ linked: AccountLinked) -> String {
    let account = linked.account.map { "account \($0.id)" } ?? "an account"
    switch linked.how {
    case .created: return "TeamViewer made \(account)."
    case .matched: return "TeamViewer had \(account) with that address already; it is this person's from here on."
    case .moved:
      let id = linked.account.map { " \($0.id)" } ?? ""
      return "Account\(id) of a person who has left (\(linked.previous ?? "")) is this person's from here on."
    case .readBack: return "The unanswered create had made \(account)."
    }
  }

  private static func call(_ finished: CallFinished) -> String {
    let answer = finished.status.map { "answered \($0)" } ?? "was not answered"
    let error = finished.error.map { " (\($0))" } ?? ""
    let end =
      switch finished.outcome {
      case .done: ""
      case .notFound: ": no such account"
      case .refused: ": refused"
      case .failed: ": nothing changed"
      case .unknown: ": nobody knows whether it took effect"
      }
    return
      "\(finished.operation) (\(finished.purpose.rawValue)) \(answer)\(error) after \(finished.milliseconds) ms\(end)\(said(finished.detail))."
  }

  private static func completion(_ completed: DeliveryCompleted) -> String {
    switch completed.how {
    case .call: "Delivered: TeamViewer has what is wanted."
    case .alreadySo: "Delivered: TeamViewer had it already."
    case .readBack: "Delivered: a read showed that an unanswered call had taken effect."
    case .moved: "Done: the account went to the person who has its address now (\(completed.successor ?? ""))."
    case .noAccount: "Done: there is no account to disable."
    }
  }

  private static func quoted(_ reason: String?) -> String { reason.map { ": \"\($0)\"" } ?? "" }

  private static func said(_ detail: String?) -> String { detail.map { "; TeamViewer says \"\($0)\"" } ?? "" }
}
