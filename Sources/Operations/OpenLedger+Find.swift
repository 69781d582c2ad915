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
    if found.count > 1 {
      let aliases = found.map(\.alias).joined(separator: ", ")
      throw Fault(
        .personAmbiguous,
        "\(found.count.of("person has", "people have")) that name; use one of their aliases: \(aliases).")
    }
    guard let person = found.first else {
      throw Fault(
        .personUnknown,
        "Nobody in the ledger has the name \"\(name)\"; use a sign-in name, an object id, a TeamViewer id or an alias.")
    }
    return person
  }

  /// The people with a text in a name, an address or an id, ASCII case ignored, ordered by sign-in name. Throws the faults of
  /// the views.
  public func people(withPart text: String) throws -> [Person] {
    try views.catchUp()
    let part = Address.folded(text)
    return try views.people().people.filter { $0.has(part) }.inOrder
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
  fileprivate func has(_ part: String) -> Bool {
    let names = [
      user?[.userPrincipalName], user?[.displayName], user?[.mail], user?.id, account.userName, account.believed?.id,
      alias,
    ]
    return names.contains { $0.map { Address.folded($0).contains(part) } ?? false }
  }
}

extension [Person] {
  /// Ordered by sign-in name, then by alias.
  public var inOrder: [Person] {
    sorted { ($0.user?[.userPrincipalName] ?? "", $0.alias) < ($1.user?[.userPrincipalName] ?? "", $1.alias) }
  }
}
