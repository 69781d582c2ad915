import JSON

/// What kind of value the members of a synchronization schema have that are read (Microsoft Graph REST API v1.0, resource
/// type "synchronizationSchema" and those that it holds).
///
/// A member of another kind is an error: a restriction that went unread would let in whom it keeps out. One that is missing or
/// null says nothing.
indirect enum SchemaShape {
  case text
  case flag
  case number
  /// A text such as `Add, Update`, or a list of such words.
  case words
  case list(SchemaShape)
  case schema
  case rule
  case objectMapping
  case metadata
  case filter
  case group
  case clause
  case operand
  case attributeMapping
  case source
  case parameter
  case directory
  case directoryObject
  case definition

  /// What is of another kind in a value, each in a sentence that names its path.
  func flaws(in value: JSONValue, at path: String = "") -> [String] {
    switch (self, value) {
    case (.text, .string), (.words, .string), (.flag, .bool), (.number, .integer): return []
    case (.words, .array): return Self.list(.text).flaws(in: value, at: path)
    case (.list(let element), .array(let values)):
      return values.enumerated().flatMap { element.flaws(in: $1, at: "\(path)[\($0)]") }
    case (_, .object(let object)) where members != nil: return flaws(in: object, at: path)
    default: return ["\(path.isEmpty ? "The schema" : path) is of the JSON type \(value.kind); it must be \(wanted)."]
    }
  }

  private func flaws(in object: JSONObject, at path: String) -> [String] {
    let known = members ?? [:]
    return object.members.flatMap { member -> [String] in
      guard member.value != .null, let shape = known[member.name] else { return [] }
      return shape.flaws(in: member.value, at: path.isEmpty ? member.name : "\(path).\(member.name)")
    }
  }

  /// The members of an object that are read; nil for what is none.
  private var members: [String: SchemaShape]? {
    switch self {
    case .text, .flag, .number, .words, .list: nil
    case .schema: ["directories": .list(.directory), "synchronizationRules": .list(.rule)]
    case .rule:
      [
        "metadata": .list(.metadata), "objectMappings": .list(.objectMapping), "sourceDirectoryName": .text,
        "targetDirectoryName": .text,
      ]
    case .objectMapping:
      [
        "attributeMappings": .list(.attributeMapping), "enabled": .flag, "flowTypes": .words,
        "metadata": .list(.metadata), "name": .text, "scope": .filter, "sourceObjectName": .text,
        "targetObjectName": .text,
      ]
    case .metadata: ["key": .text, "value": .text]
    case .filter:
      [
        "categoryFilterGroups": .list(.group), "groups": .list(.group), "inputFilterGroups": .list(.group),
        "name": .text,
      ]
    case .group: ["clauses": .list(.clause), "name": .text]
    case .clause: ["operatorName": .text, "sourceOperandName": .text, "targetOperand": .operand]
    case .operand: ["values": .list(.text)]
    case .attributeMapping:
      [
        "defaultValue": .text, "enabled": .flag, "exportMissingReferences": .flag, "flowBehavior": .text,
        "flowType": .text,
        "matchingPriority": .number, "source": .source, "targetAttributeName": .text,
      ]
    case .source: ["expression": .text, "name": .text, "parameters": .list(.parameter), "type": .text]
    case .parameter: ["key": .text, "value": .source]
    case .directory: ["name": .text, "objects": .list(.directoryObject)]
    case .directoryObject: ["attributes": .list(.definition), "name": .text]
    case .definition:
      [
        "anchor": .flag, "caseExact": .flag, "defaultValue": .text, "flowNullValues": .flag,
        "metadata": .list(.metadata), "multivalued": .flag, "name": .text, "required": .flag, "type": .text,
      ]
    }
  }

  private var wanted: String {
    switch self {
    case .text: "a string"
    case .flag: "true or false"
    case .number: "a whole number"
    case .words: "a string or an array of strings"
    case .list: "an array"
    default: "an object"
    }
  }
}
