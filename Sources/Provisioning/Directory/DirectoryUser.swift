public import Base
import JSON

/// The attributes of a directory user that the ledger reads; names are Microsoft Graph's
/// (https://graph.microsoft.com user resource), which the portal's CSV shares.
public enum DirectoryAttribute: String, CaseIterable, Sendable {
  /// The sign-in name; text, needed in a snapshot.
  case userPrincipalName
  /// The name shown in address books; text.
  case displayName
  /// Whether sign-in is allowed; boolean, needed in a snapshot's CSV.
  case accountEnabled
  /// The primary address; text.
  case mail
  /// The first name; text.
  case givenName
  /// The last name; text.
  case surname
  /// `Member` or `Guest`; text.
  case userType

  /// True when the value is a boolean; all others are text.
  public var isBoolean: Bool { self == .accountEnabled }
  /// True when null is bad input rather than "cleared".
  public var isRequired: Bool { self == .userPrincipalName || self == .accountEnabled }
}

/// What an input says of one attribute that it carries.
public enum DirectoryValue: Equatable, Sendable {
  /// Null, or an empty CSV field: the attribute has no value any more.
  case cleared
  /// A text, not empty.
  case text(String)
  /// A boolean.
  case flag(Bool)

  /// Texts are equal by their bytes: a name that changes in its Unicode form only has changed.
  public static func == (left: DirectoryValue, right: DirectoryValue) -> Bool {
    switch (left, right) {
    case (.cleared, .cleared): true
    case (.text(let left), .text(let right)): left.hasSameBytes(as: right)
    case (.flag(let left), .flag(let right)): left == right
    default: false
    }
  }
}

/// How the directory holds a person.
public enum DirectoryState: String, Sendable {
  /// The object is there, enabled or not.
  case present
  /// A full snapshot no longer has it.
  case absent
  /// A delta says `@removed` with reason `changed`: in the recycle bin, restorable.
  case softDeleted
  /// A delta says `@removed` with reason `deleted`: gone for good.
  case deleted
}

/// What one input says about one object: its state, and the attributes that the input carries.
public struct DirectoryChange: Equatable, Sendable {
  /// The object id, lower case.
  public var id: String
  /// Present, or one of the two kinds of removal; never `absent`, which only a comparison finds.
  public var state: DirectoryState
  /// The attributes that the input carries; what is not here keeps its last value.
  public var attributes: [DirectoryAttribute: DirectoryValue]
  /// Where the object stands in the input.
  public var place: Fault.Place

  /// What one input says about one object.
  public init(
    id: String, state: DirectoryState = .present, attributes: [DirectoryAttribute: DirectoryValue] = [:],
    place: Fault.Place
  ) {
    self.id = id
    self.state = state
    self.attributes = attributes
    self.place = place
  }
}

/// One read of the directory, checked and complete.
public struct DirectoryReading: Equatable, Sendable {
  /// Whether absence means something.
  public enum Kind: Equatable, Sendable {
    /// All objects: who is missing has left.
    case snapshot
    /// Changes only, up to the state that the deltaLink stands for.
    case delta(link: String)
  }

  /// Whether absence means something.
  public var kind: Kind
  /// One element an object; in a delta the last word on it.
  public var changes: [DirectoryChange]

  /// One read of the directory.
  public init(kind: Kind, changes: [DirectoryChange]) {
    self.kind = kind
    self.changes = changes
  }
}

/// A person as the directory last showed them.
public struct DirectoryUser: Equatable, Sendable {
  /// The object id, lower case.
  public var id: String
  /// The attributes that have a value.
  public var attributes: [DirectoryAttribute: DirectoryValue]

  /// A person with attributes.
  public init(id: String, attributes: [DirectoryAttribute: DirectoryValue] = [:]) {
    self.id = id
    self.attributes = attributes
  }

  /// The text of an attribute, or nil when it has none.
  public subscript(attribute: DirectoryAttribute) -> String? {
    if case .text(let text) = attributes[attribute] { text } else { nil }
  }

  /// `accountEnabled`; an object that never carried the attribute counts as enabled, as Graph's default is.
  public var isEnabled: Bool { attributes[.accountEnabled] != .flag(false) }

  /// This person after a change: carried attributes replace, cleared ones go, the others stay.
  public func applying(_ change: DirectoryChange) -> DirectoryUser {
    var user = self
    for (attribute, value) in change.attributes {
      user.attributes[attribute] = value == .cleared ? nil : value
    }
    return user
  }
}
