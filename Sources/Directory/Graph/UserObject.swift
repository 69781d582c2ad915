import Base
import JSON
import Provisioning

/// Reads Microsoft Graph user objects.
enum UserObject {
  /// How many bytes the attributes of a person may have together, so that they fit into an event.
  private static let room = 32 << 10

  /// One object: its id, its state, and the attributes that it carries. `unread` gets those that cannot be read, where that is
  /// no fault.
  static func change(
    _ given: JSONObject, at spot: Spot, limits: Limits, unread: inout [DirectoryAttribute]
  ) throws -> DirectoryChange {
    let object = given["id"] == nil ? respelled(given, limits) : given
    if let type = object["@odata.type"], type != "#microsoft.graph.user" {
      throw spot.fault(
        .jsonShape, "the object is no user (@odata.type \((type.string ?? type.kind).quoted)); query /users")
    }
    guard let id = object["id"] else {
      throw spot.fault(.attributeMissing, "id is missing; every user needs the object id")
    }
    guard let text = id.string else {
      throw spot.fault(id == .null ? .attributeMissing : .attributeValue, "id is \(id.kind); it must be a string")
    }
    var change = DirectoryChange(id: try spot.id(text, limits: limits), place: spot.place)
    if let removed = object["@removed"], !(limits.isTolerant && removed == .null) {
      change.state = try state(removed, spot, limits)
    }
    // The recycle bin's objects are users like any other, but for the day on which they were deleted.
    if change.state == .present, let day = object["deletedDateTime"], day != .null { change.state = .softDeleted }
    change.attributes.reserveCapacity(min(limits.attributes.count, object.members.count))
    var size = 0
    for attribute in limits.attributes {
      guard let value = member(attribute, of: object) else { continue }
      do {
        let value = try read(value, attribute, spot, limits)
        size += value.size
        if limits.isTolerant, size > room { throw spot.fault(.inputTooLarge, "there is more than an event holds") }
        change.attributes[attribute] = value
      } catch let fault as Fault {
        guard limits.isTolerant else { throw fault }
        unread.append(attribute)
      }
    }
    return change
  }

  /// What an object says of an attribute.
  private static func member(_ attribute: DirectoryAttribute, of object: JSONObject) -> JSONValue? {
    if attribute == .manager { return object["manager@delta"] ?? object["manager"] }
    guard SourceAttribute.isExtension(attribute.rawValue) else { return object[attribute.rawValue] }
    return object[SourceAttribute.extensions]?[attribute.rawValue] ?? object[attribute.rawValue]
  }

  /// The object with the members that are known spelt as Graph spells them: PowerShell's objects write `Id`.
  private static func respelled(_ object: JSONObject, _ limits: Limits) -> JSONObject {
    let known = ["id", "deletedDateTime", SourceAttribute.extensions] + limits.attributes.map(\.rawValue)
    let spelling = Dictionary(uniqueKeysWithValues: known.map { ($0.asciiLowercased, $0) })
    var respelled = JSONObject()
    for member in object.members {
      let name = spelling[member.name.asciiLowercased] ?? member.name
      if respelled[name] == nil { respelled[name] = member.value }
    }
    return respelled
  }

  private static func read(
    _ value: JSONValue, _ attribute: DirectoryAttribute, _ spot: Spot, _ limits: Limits
  ) throws -> DirectoryValue {
    if attribute == .manager { return try manager(value, spot, limits) }
    switch value {
    case .null: return try spot.cleared(attribute)
    case .string(let text) where !attribute.isBoolean: return try spot.text(text, attribute, limits: limits)
    case .bool(let flag) where attribute.kind != .text: return .flag(flag)
    case .string(let text) where limits.isTolerant && ["true", "false"].contains(text.asciiLowercased):
      return .flag(text.asciiLowercased == "true")
    case .integer(let number) where attribute.kind == .any: return .text(String(number))
    case .array(let values) where attribute.kind == .any: return try list(values, attribute, spot, limits)
    default:
      let wanted = attribute.isBoolean ? "true or false" : "a string"
      throw spot.fault(.attributeValue, "\(attribute) is of type \(value.kind); it must be \(wanted)")
    }
  }

  /// The manager: in a delta the relation's changes, of which the one that is there counts; in a list the object itself.
  private static func manager(_ value: JSONValue, _ spot: Spot, _ limits: Limits) throws -> DirectoryValue {
    let there = value.array.map { $0.last { $0["@removed"] == nil } ?? .null } ?? value
    if there == .null { return .cleared }
    guard let id = there.string ?? there["id"]?.string else {
      throw spot.fault(.attributeValue, "manager is of type \(there.kind) and has no id; it must be an object with one")
    }
    return .text(try spot.id(id, limits: limits))
  }

  /// Several texts; none of them is as good as no value.
  private static func list(
    _ values: [JSONValue], _ attribute: DirectoryAttribute, _ spot: Spot, _ limits: Limits
  ) throws -> DirectoryValue {
    let texts = values.compactMap(\.string)
    guard texts.count == values.count else {
      throw spot.fault(.attributeValue, "\(attribute) holds something else than strings, which is not read")
    }
    for text in texts { _ = try spot.text(text, attribute, limits: limits) }
    return texts.isEmpty ? .cleared : .list(texts)
  }

  /// The two reasons that Graph documents: `changed` can be restored, `deleted` cannot. Whoever is removed without either has
  /// left all the same.
  private static func state(_ removed: JSONValue, _ spot: Spot, _ limits: Limits) throws -> DirectoryState {
    switch removed["reason"]?.string {
    case "changed": return .softDeleted
    case "deleted": return .deleted
    case _ where limits.isTolerant: return .softDeleted
    default: throw spot.fault(.attributeValue, "@removed needs a reason that is \"changed\" or \"deleted\"")
    }
  }
}

extension DirectoryValue {
  /// How many bytes it has.
  fileprivate var size: Int {
    switch self {
    case .cleared, .flag: 0
    case .text(let text): text.utf8.count
    case .list(let texts): texts.reduce(0) { $0 + $1.utf8.count }
    }
  }
}

extension JSONError {
  /// The fault that a person reads.
  func fault(at place: Fault.Place) -> Fault {
    switch reason {
    case .invalidUTF8: Fault(.inputEncoding, "\(clause); save the file as UTF-8", at: place)
    case .trailing: Fault(.jsonShape, "a second JSON document follows; one page a file, one user a line", at: place)
    case .duplicateName(let name):
      Fault(.jsonSyntax, "the member \(name.quoted) appears twice in one object; export the users again", at: place)
    default: Fault(.jsonSyntax, "\(clause); export the users again", at: place)
    }
  }
}
