import Base

/// An attribute of a TeamViewer account, by its SCIM name (RFC 7643 section 4.1), and how it is treated.
///
/// Open: an attribute that this program has no treatment for is text or a boolean, compared by its bytes.
public struct AccountAttribute: Hashable, Sendable, CustomStringConvertible {
  /// How two values are held against each other.
  public enum Comparison: Sendable {
    /// Byte by byte: the same name in another Unicode form is another wish.
    case bytes
    /// Without regard to ASCII case, as TeamViewer compares addresses.
    case folded
  }

  /// The SCIM name.
  public let description: String
  /// How two values are held against each other.
  public let comparison: Comparison
  /// True for what is sent when an account is made, and never after.
  public let isSentOnCreateOnly: Bool
  /// True for the one attribute that still matters of somebody who is to have no active account: no other value can
  /// then stand in the way of a disable.
  public let concernsLeavers: Bool

  private init(_ name: String, _ comparison: Comparison = .bytes, onCreateOnly: Bool = false, leavers: Bool = false) {
    description = name
    self.comparison = comparison
    isSentOnCreateOnly = onCreateOnly
    concernsLeavers = leavers
  }

  /// The attribute with a name, known or not.
  public init(_ name: String) {
    self = Self.known.first { $0.description.hasSameBytes(as: name) } ?? Self(name, .bytes)
  }

  /// The address to sign in with; the matching attribute.
  public static let userName = AccountAttribute("userName", .folded)
  /// The name shown.
  public static let displayName = AccountAttribute("displayName", .bytes)
  /// Whether the account may be used.
  public static let active = AccountAttribute("active", leavers: true)
  /// The custom identifier of the company's single sign-on.
  public static let ssoCustomerId = AccountAttribute("ssoCustomerId", onCreateOnly: true)

  /// The language of the mail that welcomes somebody new.
  public static let preferredLanguage = AccountAttribute("preferredLanguage", onCreateOnly: true)

  /// Those with a treatment of their own, in the order in which they are sent.
  public static let known = [userName, displayName, active, ssoCustomerId, preferredLanguage]

  /// True when two values are the same as far as this attribute goes.
  public func agrees(_ left: AccountValue?, _ right: AccountValue?) -> Bool {
    guard comparison == .folded, let left = left?.text, let right = right?.text else { return left == right }
    return Address.folded(left) == Address.folded(right)
  }

  /// Equal by name.
  public static func == (left: AccountAttribute, right: AccountAttribute) -> Bool {
    left.description.hasSameBytes(as: right.description)
  }

  /// Feeds the name to a hasher.
  public func hash(into hasher: inout Hasher) { hasher.combine(description) }
}
