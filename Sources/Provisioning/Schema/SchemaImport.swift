import Expressions
public import JSON

/// What a synchronization schema of Microsoft Entra says about users, as rules of this program (Microsoft Graph REST API v1.0,
/// resource type "synchronizationSchema").
///
/// Nothing is dropped silently: what cannot be carried over is named in `left`, and what makes the schema unusable, here or
/// in Entra itself, in `refused`.
public struct SchemaImport: Equatable, Sendable {
  /// What becomes of the directory's attributes.
  public internal(set) var mapping = Mapping()
  /// Who is in scope.
  public internal(set) var filter = ScopingFilter()
  /// What cannot be carried over, each in a sentence that names it.
  public internal(set) var left: [String] = []
  /// What is wrong, each in a sentence with the way out; with any of it nothing is to be used.
  public internal(set) var refused: [String] = []

  /// Reads a schema.
  public init(_ schema: JSONValue) {
    refused = SchemaShape.schema.flaws(in: schema)
    guard refused.isEmpty else { return }
    guard let rules = schema["synchronizationRules"]?.array else {
      refused.append(
        "There are no synchronizationRules: export the schema of a job (GET …/synchronization/jobs/{id}/schema).")
      return
    }
    guard let (rule, object) = choose(rules) else { return }
    nameOthers(in: schema, than: Self.schemaMembers, of: "schema")
    nameOthers(in: rule, than: Self.ruleMembers, of: "synchronization rule")
    nameOthers(in: object, than: Self.objectMembers, of: "object mapping")
    readMetadata(rule["metadata"], of: "synchronization rule")
    let source = Self.definitions(in: schema, rule["sourceDirectoryName"], object["sourceObjectName"])
    let target = Self.definitions(in: schema, rule["targetDirectoryName"], object["targetObjectName"])
    let mappings = object["attributeMappings"]?.array ?? []
    read(object, mappings, attributes: SchemaAttributes(source))
    readDefinitions(
      source: source, target: target, mapped: Set(mappings.compactMap { $0["targetAttributeName"]?.string }))
  }

  // MARK: What is not read

  private static let schemaMembers: Set = [
    "directories", "id", "provisioningTaskIdentifier", "synchronizationRules", "version",
  ]
  private static let ruleMembers: Set = [
    "editable", "id", "metadata", "name", "objectMappings", "priority", "sourceDirectoryName",
    "targetDirectoryName",
  ]
  private static let objectMembers: Set = [
    "attributeMappings", "enabled", "flowTypes", "metadata", "name", "scope", "sourceObjectName",
    "targetObjectName",
  ]

  /// Names what else is said, such as a filter of groups: it may narrow who is provisioned.
  mutating func nameOthers(in object: JSONValue, than known: Set<String>, of what: String) {
    let nothing: [JSONValue] = [.null, false, .array([]), .object(JSONObject())]
    for member in object.object?.members ?? [] where !known.contains(member.name) {
      // OData's own words say nothing of rules.
      if member.name.contains("@odata.") { continue }
      if member.name == "enabled", let isOn = member.value.bool {
        if !isOn { left.append("The \(what) is switched off there (enabled: false), and is taken here.") }
      } else if !nothing.contains(member.value) {
        left.append("\(member.name) of the \(what) has no counterpart.")
      }
    }
  }

  // MARK: Which mapping

  /// The one object mapping of users out of Entra ID, and its rule; the others are named.
  private mutating func choose(_ rules: [JSONValue]) -> (rule: JSONValue, object: JSONValue)? {
    var found: [(rule: JSONValue, object: JSONValue)] = []
    for rule in rules {
      let objects = rule["objectMappings"]?.array ?? []
      if objects.isEmpty {
        let name = rule["name"]?.string.map { " \"\($0)\"" } ?? ""
        left.append("The synchronization rule\(name) holds no object mapping; it is left out.")
      }
      for object in objects {
        let isOfUsers = object["sourceObjectName"]?.string?.lowercased() == "user"
        if isOfUsers, Self.isEntra(rule["sourceDirectoryName"]?.string) {
          found.append((rule, object))
        } else {
          left.append(
            "The object mapping \(Self.name(of: object)) is not of users out of Entra ID; people alone are provisioned."
          )
        }
      }
    }
    let enabled = found.filter { $0.object["enabled"]?.bool != false }
    if !enabled.isEmpty, enabled.count < found.count {
      for (_, object) in found where object["enabled"]?.bool == false {
        left.append(
          "The object mapping \(Self.name(of: object)) is switched off there (enabled: false); it is left out.")
      }
      found = enabled
    }
    if found.count == 1 { return found.first }
    refused.append(
      found.isEmpty
        ? "No object mapping is of users out of Entra ID (sourceObjectName User)."
        : "\(found.count) object mappings are of users (\(found.map { Self.name(of: $0.object) }.joined(separator: ", "))); leave one in the file."
    )
    return nil
  }

  /// The directory's name in schemas, old and new; a schema that names none has but one direction.
  private static func isEntra(_ name: String?) -> Bool {
    guard let name = name?.lowercased(), !name.isEmpty else { return true }
    return name.contains("azure active directory") || name.contains("entra")
  }

  private static func name(of object: JSONValue) -> String {
    if let name = object["name"]?.string, !name.isEmpty { return "\"\(name)\"" }
    return "of \(object["sourceObjectName"]?.string ?? "?") to \(object["targetObjectName"]?.string ?? "?")"
  }

  /// How a schema defines the attributes of one kind of object.
  private static func definitions(
    in schema: JSONValue, _ directory: JSONValue?, _ object: JSONValue?
  ) -> [JSONValue] {
    let objects = schema["directories"]?.array?.first { $0["name"] == directory }?["objects"]
    return objects?.array?.first { $0["name"] == object }?["attributes"]?.array ?? []
  }

  // MARK: The mapping

  private mutating func read(_ object: JSONValue, _ mappings: [JSONValue], attributes: SchemaAttributes) {
    if object["enabled"]?.bool == false {
      refused.append(
        "The object mapping \(Self.name(of: object)) is disabled; Entra itself does not let that of users be.")
    }
    readActions(object["flowTypes"])
    readMetadata(object["metadata"], of: "object mapping")
    readScope(object["scope"], attributes)
    readMappings(mappings, attributes)
  }

  /// A text such as `Add, Update, Delete`, or a list; all three where it is missing.
  private mutating func readActions(_ value: JSONValue?) {
    let words: [String]
    switch value {
    case .array(let list)?: words = list.compactMap(\.string)
    case .string(let text)?:
      words = text.split(separator: ",").map { $0.trimmingPrefix { $0 == " " } }
        .map { String($0.reversed().drop { $0 == " " }.reversed()) }
    default: return
    }
    mapping.actions = []
    for word in words where !word.isEmpty {
      switch word.lowercased() {
      case "add": mapping.actions.insert(.create)
      // An account is turned inactive by an update of `active`; Delete is for accounts that are removed, which nobody does here
      // (Microsoft Learn, "Customize user provisioning attribute-mappings").
      case "update": mapping.actions.formUnion([.update, .disable])
      case "delete", "none": break
      default: refused.append("flowTypes holds \"\(word)\"; it may hold Add, Update and Delete.")
      }
    }
    if !mapping.actions.contains(.disable), words.contains(where: { $0.lowercased() == "delete" }) {
      left.append("flowTypes holds Delete without Update; no account is deleted here, and so nobody is disabled.")
    }
  }

  /// What the service itself writes, and what says nothing else than what is done here.
  private static let usual: [String: Set<String>] = [
    "EscrowBehavior": ["Default"], "Disposition": ["Normal"], "IsCustomerDefined": ["true", "false"],
    "DisableMonitoringForChanges": ["false"], "ExcludeFromReporting": ["false"], "Unsynchronized": ["false"],
  ]

  mutating func readMetadata(_ value: JSONValue?, of what: String) {
    for entry in value?.array ?? [] {
      // Values are JSON in a text.
      let value = (entry["value"]?.string ?? "").replacing("\"", with: "")
      let key = entry["key"]?.string ?? "without a key"
      if Self.usual[key]?.contains(where: { $0.lowercased() == value.lowercased() }) == true { continue }
      left.append("The metadata \(key) (\(value)) of the \(what) has no counterpart.")
    }
  }
}
