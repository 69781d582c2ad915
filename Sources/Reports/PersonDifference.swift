import Base
public import JSON
public import Provisioning
public import Views

/// What became of one person between two moments.
public struct PersonDifference: Equatable, Sendable {
  /// What became of them in the directory.
  public enum Kind: String, CaseIterable, Sendable {
    /// The directory has the person, and had not.
    case added
    /// The directory has the person no longer.
    case removed
    /// Something else about the person changed: there, in what is wanted, or at TeamViewer.
    case changed
  }

  /// What became of them.
  public let kind: Kind
  /// Who it is.
  public let alias: String
  /// The newest sign-in name of the two moments; nil for who was erased.
  public let userPrincipalName: String?
  /// What changed: `status`, `drift`, `directory`, `directory.<attribute>`, `desired.<attribute>`, `believed.<attribute>`.
  public let changes: [ModifiedProperty]

  /// Compares a person with what they were; nil where nothing that is shown differs.
  public init?(_ before: Person?, _ after: Person) {
    let (old, new) = (before?.comparedValues ?? [], after.comparedValues)
    changes = Self.changes(old, new)
    if changes.isEmpty { return nil }
    let (was, present) = (before?.isPresent ?? false, after.isPresent)
    kind = was == present ? .changed : present ? .added : .removed
    alias = after.alias
    userPrincipalName = after.user?[.userPrincipalName] ?? before?.user?[.userPrincipalName]
  }

  private static func changes(_ old: [(String, String)], _ new: [(String, String)]) -> [ModifiedProperty] {
    let before = Dictionary(old) { _, last in last }
    let after = Dictionary(new) { _, last in last }
    let names = new.map(\.0) + old.map(\.0).filter { after[$0] == nil }
    return names.compactMap { name in
      let (old, new) = (before[name], after[name])
      if let old, let new, old.hasSameBytes(as: new) { return nil }
      return ModifiedProperty(displayName: name, oldValue: old, newValue: new)
    }
  }

  /// In words, a change each: `desired.displayName from "A" to "B"`.
  public var sentences: [String] {
    changes.map { change in
      func quoted(_ value: String?) -> String { value.map { "\"\($0)\"" } ?? "nothing" }
      return "\(change.displayName) from \(quoted(change.oldValue)) to \(quoted(change.newValue))"
    }
  }

  /// As a JSON object.
  public var json: JSONValue {
    [
      "kind": .string(kind.rawValue), "alias": .string(alias),
      "userPrincipalName": JSONValue(orNull: userPrincipalName), "changes": .array(changes.map(\.json)),
    ]
  }
}

extension Person {
  /// All that is compared, by name.
  fileprivate var comparedValues: [(String, String)] {
    var values = [("status", PersonStatus(self).rawValue), ("directory", directoryWord)]
    for (attribute, value) in user?.attributes ?? [:] {
      if let text = value.said { values.append(("directory.\(attribute)", text)) }
    }
    values += (desired?.attributes).map { $0.values(of: "desired") } ?? []
    if let drift = account.drift { values.append(("drift", drift.rawValue)) }
    if let account = account.believed {
      values.append(("believed.id", account.id))
      values += account.attributes.values(of: "believed")
    }
    return values
  }
}

extension DirectoryValue {
  /// The value as text; nil for none.
  fileprivate var said: String? {
    switch self {
    case .list(let texts): texts.joined(separator: ", ")
    case .cleared: nil
    case .text(let text): text
    case .flag(let flag): flag ? "true" : "false"
    }
  }
}

extension AccountAttributes {
  fileprivate func values(of side: String) -> [(String, String)] {
    names.compactMap { name in self[name].map { ("\(side).\(name)", $0.flag.map(String.init) ?? $0.description) } }
  }
}
