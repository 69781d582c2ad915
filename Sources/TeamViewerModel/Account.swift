public import Base
import JSON
import Provisioning

extension TeamViewerService {
  /// One account of the company, as TeamViewer keeps it: one address and one name (SCIM page, "User Attributes").
  public struct Account: Equatable, Sendable {
    /// The decimal number behind the letter `u` of the id.
    public internal(set) var number: Int
    /// The address, which is the login name.
    public var email: String
    /// The name; all SCIM name attributes are derived from it.
    public var name: String
    /// Enabled; a disabled account stays in the company.
    public var active = true
    /// A company administrator, whom only a token with `Users.ModifyAdministrators` may change.
    public var isAdministrator = false
    /// The address that waits for its owner's confirmation.
    public var pendingEmail: String?
    /// Created with a password; the password itself is not kept.
    public var hasPassword = false
    /// Created with a customer identifier for single sign-on.
    public var usesSingleSignOn = false
    /// The language of the welcome mail.
    public var language = "en"
    /// The directory's id, where the switch says that it is stored.
    public var externalId: String?
    /// When the account was created.
    public internal(set) var created: Timestamp
    /// When the account was last changed.
    public internal(set) var modified: Timestamp

    /// The SCIM id, such as `u1234567`.
    public var id: String { "u\(number)" }

    /// The number of an id in its one spelling; nil without `u`, with leading zeros or signs.
    static func number(ofID id: String) -> Int? {
      guard let first = id.utf8.first, first == UInt8(ascii: "u"), let number = Int(id.dropFirst()),
        id.hasSameBytes(as: "u\(number)"), number >= 0
      else { return nil }
      return number
    }
  }
}

/// The parts of a name as TeamViewer derives them (SCIM page, "User Attributes").
enum NameParts {
  /// The part before the first space and the rest; both nil when there is no space.
  static func split(_ name: String) -> (given: String, family: String)? {
    guard let space = name.firstIndex(of: " ") else { return nil }
    return (String(name[..<space]), String(name[name.index(after: space)...]))
  }

  /// Given name, one space, family name; the one that exists when the other does not.
  static func join(_ given: String?, _ family: String?) -> String? {
    let parts = [given, family].compactMap { $0 }.filter { !$0.isEmpty }
    return parts.isEmpty ? nil : parts.joined(separator: " ")
  }
}
