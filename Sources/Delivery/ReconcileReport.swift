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

  /// An address that was asked for and waits for its confirmation by mail.
  public struct Unconfirmed: Equatable, Sendable {
    /// The person's alias.
    public var alias: String
    /// The sign-in name in the directory.
    public var name: String?
    /// The address.
    public var address: String
    /// The id of another account that has it meanwhile, so that nobody can confirm it; nil where none is known.
    public var holder: String?

    /// What another account's having it means; nil where none has.
    public var sentence: String? {
      holder.map { "\(name ?? alias) is to have \(address), which account \($0) has: it can never be confirmed." }
    }

    /// As a JSON object.
    public var json: JSONValue {
      [
        "alias": .string(alias), "userPrincipalName": JSONValue(orNull: name), "address": .string(address),
        "holder": JSONValue(orNull: holder),
      ]
    }
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
  /// The addresses that wait for a confirmation: no difference, unless somebody else has one.
  public var unconfirmed: [Unconfirmed] = []

  /// True when anything differs, or the read was not to be believed.
  public var hasDifferences: Bool {
    finished.isWithheld || !finished.drift.isEmpty || unconfirmed.contains { $0.holder != nil }
  }
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
  /// The addresses of these people that wait for a confirmation, in the order of names; of accounts that are not ours those
  /// are known that were read.
  static func unconfirmed(of people: [Person], _ unmanaged: Unmanaged) -> [Unconfirmed] {
    let others = if case .read(let accounts) = unmanaged { accounts } else { [RemoteAccount]() }
    var holders: [String: String] = [:]
    for account in others + people.compactMap(\.account.believed) {
      holders[Address.folded(account.userName)] = account.id
    }
    let waiting = people.compactMap { person -> Unconfirmed? in
      guard let address = person.account.requestedUserName, person.erasure == nil, person.desired?.active == true else {
        return nil
      }
      let holder = holders[Address.folded(address)]
      return Unconfirmed(
        alias: person.alias, name: person.user?[.userPrincipalName] ?? person.lastDesired?.userName, address: address,
        holder: holder == person.account.believed?.id ? nil : holder)
    }
    return waiting.sorted { ($0.name ?? "", $0.alias) < ($1.name ?? "", $1.alias) }
  }

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
    object["unconfirmed"] = .array(unconfirmed.map(\.json))
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
