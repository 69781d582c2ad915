public import Base
public import JSON
public import Provisioning

/// What became of a decision.
public enum DeliveryStatus: String, CaseIterable, Sendable {
  /// Still to be brought to TeamViewer.
  case pending
  /// TeamViewer has it.
  case delivered
  /// Waits for a retry, a changed decision, or an operator.
  case parked
  /// Given up after 28 days.
  case abandoned
  /// Replaced by a newer decision before it was delivered, or while it held or skipped.
  case superseded
  /// Cannot or must not be provisioned, or an operator does not want it delivered.
  case skipped
  /// Waits for an operator: the safeguard tripped.
  case held
  /// Waits for an operator, who lets no call leave for the person.
  case frozen = "onHold"
  /// Nothing was to be done.
  case unchanged
  /// Was still to be brought to TeamViewer when the person was erased; nobody will.
  case erased
}

/// The words for what keeps a delivery that are neither a `ParkReason` nor the name of a transport's fault.
public enum DeliveryWord {
  /// An operator does not want it delivered.
  public static let operatorSkip = "OperatorSkip"
  /// An operator lets no call leave for the person.
  public static let operatorHold = "OperatorHold"

  /// A comparison with TeamViewer showed that it was undone.
  public static func drift(_ kind: DriftDetected.Kind) -> String {
    switch kind {
    case .missing: "DriftMissing"
    case .extra: "DriftExtra"
    case .changed: "DriftChanged"
    case .disabled: "DriftDisabled"
    }
  }
}

/// One attribute that a decision changes; the names are those of Entra's provisioning logs.
public struct ModifiedProperty: Equatable, Sendable {
  /// The target attribute.
  public var displayName: String
  /// The value that was wanted before; nil on create.
  public var oldValue: String?
  /// The value that is wanted now.
  public var newValue: String?

  /// A change of one attribute.
  public init(displayName: String, oldValue: String?, newValue: String?) {
    self.displayName = displayName
    self.oldValue = oldValue
    self.newValue = newValue
  }

  /// What differs between two desired states.
  package static func between(_ old: DesiredAccount?, _ new: DesiredAccount?) -> [ModifiedProperty] {
    guard let new else { return [] }
    let names = new.attributes.names + (old?.attributes.names ?? []).filter { new[$0] == nil }
    return names.compactMap { name in
      let (before, after) = (old?[name], new[name])
      if before == after { return nil }
      return ModifiedProperty(
        displayName: name.description, oldValue: before?.description, newValue: after?.description)
    }
  }

  /// As a JSON object.
  public var json: JSONValue {
    var object = JSONObject()
    object["displayName"] = .string(displayName)
    object["oldValue"] = JSONValue(orNull: oldValue)
    object["newValue"] = JSONValue(orNull: newValue)
    return .object(object)
  }
}

extension ModifiedProperty {
  init?(_ json: JSONValue) {
    guard let name = json["displayName"]?.string else { return nil }
    self.init(displayName: name, oldValue: json["oldValue"]?.string, newValue: json["newValue"]?.string)
  }
}

extension [ModifiedProperty] {
  var json: JSONValue { .array(map(\.json)) }
}

/// One decision and what became of it: a row of the provisioning report.
public struct DeliveryRecord: Equatable, Sendable {
  /// The log position of the decision.
  public var decision: Int64
  /// The person's alias in the log.
  public var alias: String
  /// The directory's object id.
  public var objectID: String?
  /// The name in the directory.
  public var displayName: String?
  /// The sign-in name in the directory.
  public var userPrincipalName: String?
  /// TeamViewer's id, if an account is linked.
  public var accountID: String?
  /// The cycle, or the safeguard, that decided.
  public var cycle: String?
  /// When it was decided.
  public var decided: Timestamp
  /// What was decided.
  public var action: Decision.Action
  /// Why.
  public var reason: Decision.Reason
  /// What became of it.
  public var status: DeliveryStatus
  /// How it was delivered.
  public var how: DeliveryCompleted.How?
  /// When it was delivered or superseded.
  public var ended: Timestamp?
  /// How many writes it took.
  public var calls: Int
  /// The time that TeamViewer took to answer them, in milliseconds.
  public var milliseconds: Int
  /// The HTTP status of the last write.
  public var httpStatus: Int?
  /// When it became due: decided, let go by an operator, or found to be undone by a comparison with TeamViewer.
  public var since: Timestamp
  /// A stable word for what keeps it, or for what went wrong last; nil once delivered.
  public var error: String?
  /// What TeamViewer said in words; nil once delivered.
  public var detail: String?
  /// When a parked delivery is tried again.
  public var retry: Timestamp?
  /// How often it failed so far.
  public var failures: Int
  /// The word for the last failure and when it was recorded; both stay once it is delivered.
  public var failure: (word: String, time: Timestamp)? { word.flatMap { word in failed.map { (word, $0) } } }
  var word: String?
  var failed: Timestamp?
  /// What it changes.
  public var changes: [ModifiedProperty]
  /// Set once the person was erased: who it was and what changed is no longer known.
  public var erasure: PersonErasure?
}
