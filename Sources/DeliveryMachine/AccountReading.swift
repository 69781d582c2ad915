import Base
public import JSON
public import Provisioning
import SCIM

/// An account in an answer that cannot be taken for one.
public struct UnreadableAccount: Error, Equatable, Sendable {
  /// TeamViewer's id, where that much can be read.
  public var id: String?
  /// The attribute that is missing, of another kind, or too long.
  public var attribute: String

  /// An account that is unreadable because of one attribute.
  public init(id: String?, attribute: String) {
    self.id = id
    self.attribute = attribute
  }
}

extension RemoteAccount {
  /// The most bytes of an id, an address and a name that are taken.
  ///
  /// TeamViewer's ids have some ten, its addresses at most 100 and its names 50 characters (its Web API's model of a user).
  public static let limits = (id: 256, userName: 512, displayName: 1024)

  /// Reads an account as an answer shows it. What is plainly meant is taken: an id that is a number, an address between
  /// blanks, `active` as a text or as 0 or 1, `emails` of texts. A name over the limit is cut and ends in `…`.
  ///
  /// Throws when id or address are missing, damaged, of another kind or over their limits, or when `active` is no truth
  /// value.
  public init(shown json: JSONValue) throws(UnreadableAccount) {
    guard let id = Self.id(json.attribute("id")) else { throw UnreadableAccount(id: nil, attribute: "id") }
    guard let address = (json.attribute("userName")?.string ?? Self.email(json))?.trimmed, !address.isEmpty,
      address.utf8.count <= Self.limits.userName, !address.isDamaged
    else { throw UnreadableAccount(id: id, attribute: "userName") }
    guard let active = Self.active(json) else { throw UnreadableAccount(id: id, attribute: "active") }
    self.init(id: id, userName: address, displayName: Self.name(json), active: active)
  }

  /// An id; of a whole number, of whatever size, its decimal text. Nil for none, and for one over the limits.
  public static func id(_ value: JSONValue?) -> String? {
    let text: String? =
      switch value {
      case .string(let string)?: string
      case .integer(let number)?: String(number)
      case .decimal(let number)? where number.utf8.allSatisfy({ (48...57).contains($0) }): number
      default: nil
      }
    guard let text, (1...limits.id).contains(text.utf8.count), !text.isDamaged else { return nil }
    return text
  }

  /// The primary entry of `emails`, else the first; each an object or a text.
  private static func email(_ json: JSONValue) -> String? {
    let emails = json.attribute("emails")
    if let one = emails?.string { return one }
    let entries = emails?.array ?? []
    let primary = entries.first { $0.attribute("primary")?.lenientBool == true } ?? entries.first
    return primary?.string ?? primary?.attribute("value")?.string
  }

  /// What says nothing of it is active (RFC 7643 section 4.1.1 leaves the default to the service).
  private static func active(_ json: JSONValue) -> Bool? {
    guard let value = json.attribute("active") else { return true }
    return value.lenientBool ?? (value == 1 ? true : value == 0 ? false : nil)
  }

  private static func name(_ json: JSONValue) -> String {
    let name = json.attribute("displayName")?.string ?? json.attribute("name")?.attribute("formatted")?.string ?? ""
    return name.bounded(limits.displayName)
  }
}

extension String {
  /// True when a part of it could not be read (`JSONParser.repaired`): two that differ there look alike.
  fileprivate var isDamaged: Bool { unicodeScalars.contains("\u{FFFD}") }

  /// The text itself, or as much of it as fits into a number of bytes together with a `…` that marks the cut.
  func bounded(_ bytes: Int) -> String {
    guard utf8.count > bytes else { return self }
    let mark = "…"
    var end = utf8.index(utf8.startIndex, offsetBy: max(0, bytes - mark.utf8.count))
    // Never within a character's bytes.
    while end > startIndex, end.samePosition(in: unicodeScalars) == nil { end = utf8.index(before: end) }
    return String(unicodeScalars[..<end]) + mark
  }
}

/// One page of a list of accounts.
public struct AccountPage: Equatable, Sendable {
  /// The accounts that can be read.
  public var accounts: [RemoteAccount]
  /// The entries that cannot, and why.
  public var passedOver: [UnreadableAccount]
  /// How many accounts there are in all, as the page says.
  public var total: Int

  /// The number of entries.
  public var entries: Int { accounts.count + passedOver.count }

  /// True when there are entries, and none of them can be read.
  var isUnreadable: Bool { accounts.isEmpty && !passedOver.isEmpty }

  /// Reads a page; what cannot be read of it is passed over.
  init(_ list: ListResponse) {
    accounts = []
    passedOver = []
    total = list.totalResults
    accounts.reserveCapacity(list.resources.count)
    for entry in list.resources {
      do throws(UnreadableAccount) {
        accounts.append(try RemoteAccount(shown: entry))
      } catch { passedOver.append(error) }
    }
  }
}
