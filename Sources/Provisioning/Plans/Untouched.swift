import Base
public import JSON

/// Why a plan leaves somebody as they are; the word of each stands in the plan's file.
public protocol UntouchedReason: CaseIterable, Equatable, RawRepresentable<String>, Sendable {
  /// In words.
  var sentence: String { get }
}

/// Somebody whom a plan leaves as they are, and why.
public struct Untouched<Reason: UntouchedReason>: Equatable, Sendable {
  /// The person's alias.
  public var alias: String
  /// The sign-in name in the directory.
  public var name: String?
  /// Why.
  public var reason: Reason

  /// Somebody who is left.
  public init(alias: String, name: String?, reason: Reason) {
    self.alias = alias
    self.name = name
    self.reason = reason
  }

  /// As a JSON object.
  public var json: JSONValue {
    .object(
      JSONObject(present: [
        ("reason", .string(reason.rawValue)), ("userPrincipalName", name.json), ("alias", .string(alias)),
      ]))
  }

  /// Reads what `json` writes; nil when something is missing or of another kind.
  init?(_ json: JSONValue) {
    guard let alias = json["alias"]?.string, let reason = json["reason"]?.string.flatMap(Reason.init(rawValue:)) else {
      return nil
    }
    self.init(alias: alias, name: json["userPrincipalName"]?.string, reason: reason)
  }
}

extension Sequence {
  /// Names to show, by the reason for which people are left; reasons without people are not there.
  public func names<Reason>() -> [(reason: Reason, names: [String])] where Element == Untouched<Reason> {
    Reason.allCases.compactMap { reason in
      let names = filter { $0.reason == reason }.map { $0.name ?? $0.alias }
      return names.isEmpty ? nil : (reason, names)
    }
  }
}
