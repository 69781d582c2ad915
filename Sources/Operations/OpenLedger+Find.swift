import Base
public import Ledger
public import Provisioning
import Views

/// Who is meant.
extension OpenLedger {
  /// The one person who has a name. Throws `FaultCode.personUnknown` and `FaultCode.personAmbiguous`.
  public func person(_ name: String) throws -> Person {
    try views.catchUp()
    let found = try views.find(name)
    if found.count > 1 { throw Self.ambiguous(found) }
    guard let person = found.first else {
      throw Fault(
        .personUnknown,
        "Nobody in the ledger has the name \"\(name)\"; use a sign-in name, an object id, a TeamViewer id or an alias.")
    }
    return person
  }

  /// The one person who had a name at a position, as they were then; where nobody had it, the one who has it now. Throws as
  /// the other does, and `FaultCode.personUnknown` for somebody who was not known then.
  public func person(_ name: String, at position: Int64) throws -> Person {
    let folded = Address.folded(name)
    let present = Result { try person(name) }
    if let alias = try? present.get().alias, let past = try views.person(alias, at: position), past.isNamed(folded) {
      return past
    }
    let named = try views.people(at: position).filter { $0.isNamed(folded) }
    if named.count > 1 { throw Self.ambiguous(named) }
    if let only = named.first { return only }
    if let past = try views.person(present.get().alias, at: position) { return past }
    throw Fault(
      .personUnknown, "The ledger knew nobody with the name \"\(name)\" at event \(position); name a later moment.")
  }

  private static func ambiguous(_ found: [Person]) -> Fault {
    let aliases = found.map(\.alias).joined(separator: ", ")
    return Fault(
      .personAmbiguous,
      "\(found.count.of("person has", "people have")) that name; use one of their aliases: \(aliases).")
  }

  /// The people with a text in a name or an address, or at the beginning of an id, ASCII case ignored, ordered by sign-in name. Throws the faults of
  /// the views.
  public func people(withPart text: String) throws -> [Person] {
    try views.catchUp()
    return try views.people().people.with(part: text).inOrder
  }

  /// The alias of whoever has a name: an operator's `operator:LOGIN` or alias, else a person as `person` finds them.
  /// Throws as `person` does.
  public func subject(_ name: String) throws -> String {
    try views.catchUp()
    let operators = try views.operators(name)
    guard let only = operators.first else { return try person(name).alias }
    if operators.count == 1 { return only }
    throw Fault(
      .personAmbiguous,
      "\(operators.count) operators have that name; use one of their aliases: \(operators.joined(separator: ", ")).")
  }
}

extension Person {
  /// Names and addresses, folded.
  private var words: [String] {
    [user?[.userPrincipalName], account.userName, user?[.displayName], user?[.mail]].compactMap {
      $0.map(Address.folded)
    }
  }

  /// Ids of every kind, folded.
  private var ids: [String] { [user?.id, account.believed?.id, alias].compactMap { $0.map(Address.folded) } }

  fileprivate func isNamed(_ folded: String) -> Bool {
    ids.contains(folded) || [user?[.userPrincipalName], account.userName].contains { $0.map(Address.folded) == folded }
  }

  /// Ids are random, so they have every short text somewhere: they count by their beginning, from four characters on.
  fileprivate func has(_ part: String) -> Bool {
    words.contains { $0.contains(part) } || part.utf8.count >= 4 && ids.contains { $0.hasPrefix(part) }
  }
}

extension [Person] {
  /// Those with a text in a name or an address, or at the beginning of an id, ASCII case ignored.
  public func with(part text: String) -> [Person] {
    let part = Address.folded(text)
    return filter { $0.has(part) }
  }

  /// Ordered by sign-in name, then by alias.
  public var inOrder: [Person] {
    sorted { ($0.user?[.userPrincipalName] ?? "", $0.alias) < ($1.user?[.userPrincipalName] ?? "", $1.alias) }
  }
}
