public import Base
import JSON

/// Which directory a person is read from: a file, Microsoft Graph, or a SCIM client. Its name stands in clear.
public struct DirectorySourceID: Hashable, Sendable {
  /// The name: 1 to 64 letters, digits and hyphens, lower case.
  public let name: String

  /// A source; what it is called is checked where it is configured.
  public init(_ name: String) { self.name = name }

  /// The one that exports and Microsoft Graph share, since both name people by the directory's object id.
  public static let standard = DirectorySourceID("directory")

  /// What a person of this source is known by to the keys: object ids of the standard source stand as they are, and a NUL
  /// keeps those of the others apart.
  public func subject(_ id: String) -> String { self == .standard ? id : "\(name)\0\(id)" }

  /// True when the name has the form of one.
  public var isValid: Bool {
    (1...64).contains(name.utf8.count)
      && name.utf8.allSatisfy { byte in
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
          || byte == UInt8(ascii: "-")
      }
  }
}

/// An attribute of a directory user, by Microsoft Graph's name for it (Microsoft Graph REST API v1.0, resource type
/// "user"), which the portal's CSV shares. Open: any other name is an attribute too.
public struct DirectoryAttribute: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
  /// What values it takes.
  public enum Kind: Sendable {
    /// Text.
    case text
    /// A boolean.
    case flag
    /// Either: nothing is known of it.
    case any
  }

  /// The name.
  public let rawValue: String

  /// The attribute with a name.
  public init(rawValue: String) { self.rawValue = rawValue }

  /// The name.
  public var description: String { rawValue }

  /// The sign-in name; text, needed in a snapshot.
  public static let userPrincipalName = DirectoryAttribute(rawValue: "userPrincipalName")
  /// The name shown in address books; text.
  public static let displayName = DirectoryAttribute(rawValue: "displayName")
  /// Whether sign-in is allowed; boolean, needed in a snapshot's CSV.
  public static let accountEnabled = DirectoryAttribute(rawValue: "accountEnabled")
  /// The primary address; text.
  public static let mail = DirectoryAttribute(rawValue: "mail")
  /// The first name; text.
  public static let givenName = DirectoryAttribute(rawValue: "givenName")
  /// The last name; text.
  public static let surname = DirectoryAttribute(rawValue: "surname")
  /// `Member` or `Guest`; text.
  public static let userType = DirectoryAttribute(rawValue: "userType")

  /// The names of the app roles that the person is assigned; without a value for nobody assigned.
  public static let appRoleAssignments = DirectoryAttribute(rawValue: "appRoleAssignments")

  /// The object ids of the assigned groups whose direct member the person is: what the next cycle sees a change of members
  /// against.
  public static let assignedGroups = DirectoryAttribute(rawValue: "assignedGroups")

  /// The object id of the person's manager.
  public static let manager = DirectoryAttribute(rawValue: "manager")

  /// Those that are read from every input.
  public static let standard = [
    userPrincipalName, displayName, accountEnabled, mail, givenName, surname, userType,
  ]

  /// What values it takes.
  public var kind: Kind { self == .accountEnabled ? .flag : Self.standard.contains(self) ? .text : .any }
  /// True when the value is a boolean; all others are text.
  public var isBoolean: Bool { kind == .flag }
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
  /// Several texts, at least one.
  case list([String])

  /// Texts are equal by their bytes: a name that changes in its Unicode form only has changed.
  public static func == (left: DirectoryValue, right: DirectoryValue) -> Bool {
    switch (left, right) {
    case (.cleared, .cleared): true
    case (.text(let left), .text(let right)): left.hasSameBytes(as: right)
    case (.flag(let left), .flag(let right)): left == right
    case (.list(let left), .list(let right)): left.elementsEqual(right) { $0.hasSameBytes(as: $1) }
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
  /// A delta says `@removed` with reason `changed`, or the object the day of its deletion: in the recycle bin, restorable.
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
  public var attributes: DirectoryAttributes
  /// Where the object stands in the input.
  public var place: Fault.Place

  /// What one input says about one object.
  public init(
    id: String, state: DirectoryState = .present, attributes: DirectoryAttributes = [:],
    place: Fault.Place
  ) {
    self.id = id
    self.state = state
    self.attributes = attributes
    self.place = place
  }
}

/// A value of somebody's that a directory shows, and that cannot be one: what is known of it stands.
public struct UnreadValue: Hashable, Sendable {
  /// The object id.
  public var id: String
  /// The attribute.
  public var attribute: DirectoryAttribute

  /// A value.
  public init(id: String, attribute: DirectoryAttribute) {
    self.id = id
    self.attribute = attribute
  }
}

/// One read of the directory, checked and complete.
public struct DirectoryReading: Equatable, Sendable {
  /// Whether absence means something.
  public enum Kind: Equatable, Sendable {
    /// All objects: who is missing has left.
    case snapshot
    /// Some objects, and nothing about the others, such as those of the recycle bin.
    case partial
    /// Changes only, up to the state that the deltaLink stands for.
    case delta(link: String)
  }

  /// Whether absence means something.
  public var kind: Kind
  /// One element an object; in a delta the last word on it.
  public var changes: [DirectoryChange]
  /// Where a source that reads by itself goes on from; nil for others.
  public var watermark: String?
  /// Which export of a watched folder it is; nil for others.
  public var file: String?
  /// What stands for the assignments that were read with it (`Assignments.digest`); nil for none.
  public var assignments: String?
  /// From where on the members of groups are read next time.
  public var members: [MembersMark] = []
  /// What could not be read of whom.
  public var unread: [UnreadValue] = []

  /// One read of the directory.
  public init(kind: Kind, changes: [DirectoryChange], watermark: String? = nil) {
    self.kind = kind
    self.changes = changes
    self.watermark = watermark
  }

  /// What stands for the state that was read.
  func marks(of source: DirectorySourceID) -> [Watermark] {
    if let file { return [Watermark(directory: source, kind: Watermark.file, value: file)] }
    if let watermark {
      let marks =
        [(Watermark.users, watermark)] + (assignments.map { [(Watermark.assignments, $0)] } ?? [])
        + members.map { (Watermark.members, $0.text) }
      return marks.map { Watermark(directory: source, kind: $0, value: $1) }
    }
    if case .delta(let link) = kind { return [Watermark(directory: source, value: link)] }
    return []
  }
}

/// A person as the directory last showed them.
public struct DirectoryUser: Equatable, Sendable {
  /// The object id, lower case.
  public var id: String
  /// The attributes that have a value.
  public var attributes: DirectoryAttributes

  /// A person with attributes.
  public init(id: String, attributes: DirectoryAttributes = [:]) {
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
    // Of somebody new both are the same: one storage serves.
    if attributes.isEmpty, !change.attributes.contains(where: { $0.value == .cleared }) {
      user.attributes = change.attributes
      return user
    }
    for (attribute, value) in change.attributes {
      user.attributes[attribute] = value == .cleared ? nil : value
    }
    return user
  }
}
