import Base
public import JSON
public import Provisioning

/// What a comparison of TeamViewer with the log found, for the operator who asked.
public struct ReconcileReport: Equatable, Sendable {
  /// An account of ours that is other than the log says.
  public struct Drift: Equatable, Sendable {
    /// The person's alias.
    public var alias: String
    /// The sign-in name in the directory.
    public var name: String?
    /// What differs.
    public var kind: DriftDetected.Kind
    /// True when the worker is to bring the account back.
    public var isRepaired: Bool
    /// The account as read; nil when it is missing.
    public var shown: RemoteAccount?
    /// What is wanted.
    public var desired: DesiredAccount?

    init(person: Person, detected: DriftDetected) {
      alias = person.alias
      name = person.user?[.userPrincipalName] ?? person.lastDesired?.userName
      kind = detected.kind
      isRepaired = detected.isRepaired
      shown = detected.account
      desired = person.desired
    }
  }

  /// The accounts that nobody in the log is linked to; they are never recorded.
  public enum Unmanaged: Equatable, Sendable {
    /// As they were read.
    case read([RemoteAccount])
    /// Not read, and why.
    case omitted(String)
  }

  /// What the comparison added to the log.
  public struct Recorded: Equatable, Sendable {
    /// The position of the request.
    public var first: Int64
    /// The position of the result.
    public var last: Int64
    /// How many differences were recorded between them: those that the log did not have, or not as what is now to become
    /// of them.
    public var differences: Int

    /// In a sentence.
    public var sentence: String {
      """
      Recorded: the request, the calls, \(differences.of("difference")) that the log did not have so, the result (events \
      \(first) to \(last)).
      """
    }

    /// As a JSON object.
    public var json: JSONValue {
      [
        "first": .string(String(first)), "last": .string(String(last)), "differences": .integer(Int64(differences)),
      ]
    }
  }

  /// What the log has of it.
  public var recorded: Recorded
  /// How it ended, as the log has it.
  public var finished: ReconcileFinished
  /// What differs.
  public var drift: [Drift]
  /// The accounts that are not ours.
  public var unmanaged: Unmanaged

  /// True when anything differs, or the read was not to be believed.
  public var hasDifferences: Bool { finished.isWithheld || !finished.drift.isEmpty }
}

extension ReconcileReport.Drift {
  /// What is other than wanted in an account that is there, in words; empty when the kind says it all.
  public var differences: [String] {
    guard kind == .changed, let shown, let desired else { return [] }
    var parts: [String] = []
    if !shown.displayName.hasSameBytes(as: desired.displayName) {
      parts.append("the name is \"\(shown.displayName)\", wanted is \"\(desired.displayName)\"")
    }
    if Address.folded(shown.userName) != Address.folded(desired.userName) {
      parts.append("the address is \(shown.userName), wanted is \(desired.userName)")
    }
    return parts
  }

  /// As a JSON object.
  public var json: JSONValue {
    [
      "alias": .string(alias), "userPrincipalName": JSONValue(orNull: name), "kind": .string(kind.rawValue),
      "repaired": .bool(isRepaired), "shown": shown?.json ?? .null, "desired": desired?.json ?? .null,
    ]
  }
}

extension ReconcileReport {
  /// As a JSON object.
  public var json: JSONValue {
    var object = JSONObject()
    object["finished"] = .string(finished.finished.description)
    object["accounts"] = .integer(Int64(finished.accounts))
    object["withheld"] = .bool(finished.isWithheld)
    object["repairs"] = .integer(Int64(finished.repairs))
    for kind in DriftDetected.Kind.allCases { object[kind.rawValue] = .integer(Int64(finished.drift[kind] ?? 0)) }
    object["drift"] = .array(drift.map(\.json))
    object["recorded"] = recorded.json
    object["unmanaged"] = .integer(Int64(finished.unmanaged))
    object["unmanagedAccounts"] = .null
    object["unmanagedOmitted"] = .null
    switch unmanaged {
    case .read(let accounts): object["unmanagedAccounts"] = .array(accounts.sorted { $0.id < $1.id }.map(\.json))
    case .omitted(let why): object["unmanagedOmitted"] = .string(why)
    }
    return .object(object)
  }
}
