import Base
import JSON

/// `provisioning.decided`: the whole desired state of one account, and why.
public struct Decision: Payload {
  /// The event type.
  public static let type = "provisioning.decided"
  /// 2: any attribute may be desired.
  public static let schema = 2

  /// What is to be done.
  public enum Action: String, CaseIterable, Sendable {
    /// Make an account, or take over the one that has the address.
    case create
    /// Change attributes.
    case update
    /// Turn inactive.
    case disable
    /// Turn active again.
    case enable
    /// Cannot or must not be provisioned; what was wanted before stands.
    case skip
    /// Would be disabled, but the safeguard tripped; what was wanted before stands.
    case held
    /// Nothing to do.
    case none
  }

  /// Why, in the words of Entra's provisioning logs where they have one (the article Decisions).
  public enum Reason: String, CaseIterable, Sendable {
    /// In scope and not provisioned yet.
    case newInScope = "NewInScope"
    /// A mapped attribute has another value.
    case attributesChanged = "AttributesChanged"
    /// Active in the directory again.
    case activeAgain = "ActiveInSourceAgain"
    /// `accountEnabled` is false.
    case disabledInSource = "DisabledInSource"
    /// In the directory's recycle bin.
    case softDeletedInSource = "SoftDeletedInSource"
    /// Deleted for good in the directory.
    case deletedInSource = "DeletedInSource"
    /// No longer in the full snapshot.
    case absentFromSource = "AbsentFromSource"
    /// The safeguard tripped.
    case safeguardTripped = "SafeguardTripped"
    /// The scoping filter does not let the person in.
    case outOfScope = "OutOfScope"
    /// The person is not assigned to the application.
    case notEffectivelyEntitled = "NotEffectivelyEntitled"
    /// The mapping's expression has no value for the person.
    case expressionFailed = "ExpressionFailed"
    /// The mapping leaves the person out.
    case ignoreObjectFlow = "IgnoreObjectFlow"
    /// The action is switched off.
    case actionOff = "TargetActionOff"
    /// What is wanted is what was wanted before.
    case redundantExport = "RedundantExport"
    /// Not active in the directory, and never provisioned.
    case notActiveInSource = "NotActiveInSource"
    /// The matching attribute has no value.
    case importSkipped = "ImportSkipped"
    /// Another person who is present maps to the same address.
    case duplicateSourceEntries = "DuplicateSourceEntries"
    /// A value that TeamViewer needs is missing.
    case missingValues = "MissingValues"
    /// The address does not have the form that TeamViewer accepts.
    case invalidUserName = "InvalidUserName"
    /// The address would have that form without a blank before or after it.
    case blankInUserName = "BlankInUserName"
    /// The name is too short for TeamViewer.
    case invalidDisplayName = "InvalidDisplayName"
    /// Nothing of the name can be seen.
    case invisibleDisplayName = "InvisibleDisplayName"
    /// The name is too long for TeamViewer, and cannot be cut without tearing a character apart.
    case displayNameCannotBeCut = "DisplayNameCannotBeCut"
    /// The input shares too few people with the ledger: it may be another company's.
    case unfamiliarInput = "UnfamiliarInput"
    /// An operator applied a plan; stands until the directory changes the person again.
    case restored = "Restored"
    /// Another source owns the person now, and what was wanted before stands; or another person stands for this one now.
    case handedOver = "HandedOver"
    /// The source that owned the person was let go: the account is left as it is.
    case detached = "Detached"
    /// A reviewer took access away, or gave it back in the same review (the article Decisions).
    case accessReviewed = "AccessReviewed"
  }

  /// What is to be done.
  public var action: Action
  /// Why.
  public var reason: Reason
  /// The desired state; nil when there is to be no account.
  public var desired: DesiredAccount?
  /// The name as the directory has it, where it had to be cut to fit.
  public var cutFrom: String?
  /// The safeguard that holds the person, for `held`.
  public var safeguard: String?
  /// True when the desired state is another than the one before. A cycle says so in clear, so that it stays known what
  /// became of the decision when the values are erased.
  public var isChange = false

  /// A decision.
  public init(
    _ action: Action, _ reason: Reason, desired: DesiredAccount?, cutFrom: String? = nil, safeguard: String? = nil
  ) {
    self.action = action
    self.reason = reason
    self.desired = desired
    self.cutFrom = cutFrom
    self.safeguard = safeguard
  }

  /// Equal when the same is decided; whether that is a change follows from the decision before.
  public static func == (left: Decision, right: Decision) -> Bool {
    left.action == right.action && left.reason == right.reason && left.desired == right.desired
      && left.cutFrom == right.cutFrom && left.safeguard == right.safeguard
  }

  /// In clear: action, reason, safeguard, whether anything changes. Sealed: the desired values.
  public var fields: Fields {
    Fields(
      clear: JSONObject(present: [
        ("action", .string(action.rawValue)), ("reason", .string(reason.rawValue)), ("safeguard", safeguard.json),
        ("change", isChange ? .bool(true) : nil),
      ]),
      sealed: JSONObject(present: [("desired", desired?.json), ("cutFrom", cutFrom.json)]))
  }

  /// Reads it back.
  public init(_ fields: Fields) throws {
    guard let action = fields.clear["action"]?.string.flatMap(Action.init) else { throw Self.missing("action") }
    guard let reason = fields.clear["reason"]?.string.flatMap(Reason.init) else { throw Self.missing("reason") }
    self.init(
      action, reason, desired: DesiredAccount(fields.sealed["desired"]), cutFrom: fields.sealed["cutFrom"]?.string,
      safeguard: fields.clear["safeguard"]?.string)
    isChange = fields.clear["change"] == true
  }
}
