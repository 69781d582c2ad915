import Base

/// How a scoping clause holds an attribute against its operands (Microsoft Learn, "Scoping users or groups to be
/// provisioned with scoping filters"), by the names that exported configurations have. Case counts in all of them.
public enum ScopingOperator: String, CaseIterable, Sendable {
  /// Is exactly the operand.
  case equals = "EQUALS"
  /// Has a value, and another one.
  case notEquals = "NOT EQUALS"
  /// Has no value.
  case isNull = "IS NULL"
  /// Has a value.
  case isNotNull = "IS NOT NULL"
  /// Is the boolean.
  case isTrue = "IS TRUE"
  /// Is the boolean.
  case isFalse = "IS FALSE"
  /// Matches a pattern of .NET's.
  case regexMatch = "REGEX MATCH"
  /// Has a value that does not match.
  case notRegexMatch = "NOT REGEX MATCH"
  /// Is a greater whole number.
  case greaterThan = "Greater_Than"
  /// Is a whole number that is no less.
  case greaterThanOrEquals = "Greater_Than_OR_EQUALS"
  /// Contains the operand.
  case includes = "Includes"
  /// Ends with the operand.
  case endsWith = "ENDS_WITH"
  /// Is contained in the operand.
  case isContained = "&"
  /// Has a value that is not contained in the operand.
  case isNotContained = "!&"

  /// The operator with a name, whatever its case, and with blanks for underscores.
  public init?(named name: String) {
    let plain = Self.plain(name)
    guard let found = Self.allCases.first(where: { Self.plain($0.rawValue) == plain }) else { return nil }
    self = found
  }

  private static func plain(_ name: String) -> String { name.lowercased().replacing("_", with: " ") }

  /// Whether it takes an operand.
  public var takesOperand: Bool { ![.isNull, .isNotNull, .isTrue, .isFalse].contains(self) }

  /// Whether it takes a pattern.
  var takesPattern: Bool { self == .regexMatch || self == .notRegexMatch }

  /// Whether it takes a whole number.
  var takesNumber: Bool { self == .greaterThan || self == .greaterThanOrEquals }

  /// Whether it says that something is not so: of several operands it must hold for each, and of the others for one.
  var isNegation: Bool { [.notEquals, .notRegexMatch, .isNotContained].contains(self) }

  /// Whether a text that is there stands to one operand as the operator says.
  func holds(_ text: String, _ operand: String) -> Bool {
    switch self {
    case .equals: text.hasSameBytes(as: operand)
    case .notEquals: !text.hasSameBytes(as: operand)
    case .greaterThan: Self.compare(text, operand, >)
    case .greaterThanOrEquals: Self.compare(text, operand, >=)
    case .includes: text.containsBytes(of: operand)
    case .endsWith: text.utf8.reversed().starts(with: operand.utf8.reversed())
    case .isContained: operand.containsBytes(of: text)
    case .isNotContained: !operand.containsBytes(of: text)
    case .isNull, .isNotNull, .isTrue, .isFalse, .regexMatch, .notRegexMatch: false
    }
  }

  /// Whole numbers from 0 on; anything else is never greater.
  private static func compare(_ text: String, _ operand: String, _ isSo: (UInt64, UInt64) -> Bool) -> Bool {
    guard let left = UInt64(digits: text), let right = UInt64(digits: operand) else { return false }
    return isSo(left, right)
  }
}

extension String {
  /// Whether its bytes hold those of another one, in a row.
  fileprivate func containsBytes(of other: String) -> Bool {
    let (all, sought) = (Array(utf8), Array(other.utf8))
    if sought.isEmpty { return true }
    guard all.count >= sought.count else { return false }
    return (0...(all.count - sought.count)).contains { all[$0...].starts(with: sought) }
  }
}

extension UInt64 {
  /// A number that is written in decimal digits alone; nil for all else, a sign included.
  init?(digits text: String) {
    guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    self.init(text)
  }
}
