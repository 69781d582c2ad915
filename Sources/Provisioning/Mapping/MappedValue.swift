import Base
import Expressions

/// What became of one attribute's mapping for somebody.
enum MappedValue {
  /// The attribute has this value.
  case value(AccountValue)
  /// It has none, or is left out: what was sent before stays.
  case unsent
  /// The person is left out.
  case ignorePerson
  /// The expression has no value for these attributes.
  case failed
}

extension AttributeMapping {
  /// Whether what was sent before stays without a look: what a new account alone gets, and what would change by itself.
  func keeps(_ last: DesiredAccount?, of person: Person, isChanged: Bool) -> Bool {
    guard let last, last[target] != nil else { return false }
    return isOnCreateOnly && person.isProvisioned || source.changesByItself && !isChanged
  }

  /// What it makes of a person.
  func value(for person: Person, _ user: DirectoryUser, _ variation: Variation) -> MappedValue {
    let input = ExpressionInput(now: variation.now, chance: variation.chance(of: person.alias)) { name in
      SourceAttribute.value(name, of: user.property)
    }
    guard let outcome = try? source.evaluate(input) else { return .failed }
    switch outcome.result {
    case .ignoreAttribute: return .unsent
    case .ignoreObject: return .ignorePerson
    case .value(let value):
      if case .list(let values) = value, values.count > 1 { return .failed }
      if let text = value.text, !text.isEmpty { return .value(.text(text)) }
      guard let defaultValue, !defaultValue.isEmpty, !person.isProvisioned else { return .unsent }
      return .value(.text(defaultValue))
    }
  }
}
