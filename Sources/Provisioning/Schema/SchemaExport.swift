import Expressions
public import JSON

/// Scope and mapping as a synchronization schema of Microsoft Entra (Microsoft Graph REST API v1.0, resource type
/// "synchronizationSchema"), which `SchemaImport` reads back as they are.
public struct SchemaExport: Equatable, Sendable {
  /// The schema.
  public let json: JSONValue
  /// What a schema cannot say, each in a sentence that names it.
  public let left: [String]

  /// What Entra calls itself in schemas.
  private static let directory = "Azure Active Directory"

  /// When an account is active, as the templates of SCIM applications have it.
  static let active = try? MappingExpression(#"Switch([IsSoftDeleted], , "False", "True", "True", "False")"#)

  /// The schema of rules.
  public init(_ mapping: Mapping, _ scope: ScopePolicy) {
    var left = [
      "The schema's id, version and directories are the job's own; put the rules into the schema that the job has."
    ]
    if scope.people == .assigned {
      left.append("scope.people: assigned is no part of a schema; set the job's scope to assigned users and groups.")
    }
    if scope.skipsDeletions {
      left.append("scope.skipOutOfScopeDeletions is no part of a schema; set the job's secret SkipOutOfScopeDeletions.")
    }
    if scope.filter.groups.contains(where: { $0.clauses.contains(where: \.matchesWhole) }) {
      left.append("scope.patterns: whole is no part of a schema; write ^(?:…)$ around each pattern.")
    }
    if mapping.actions.contains(.update) != mapping.actions.contains(.disable) {
      left.append(
        "mapping.actions cannot say update without disable, or disable without update: a schema has Update for both.")
    }
    self.left = left
    json = [
      "directories": [],
      "synchronizationRules": [
        [
          "editable": true, "name": "USER_OUTBOUND_USER", "objectMappings": [Self.object(mapping, scope)],
          "priority": 1, "sourceDirectoryName": .string(Self.directory), "targetDirectoryName": "TeamViewer",
        ]
      ],
    ]
  }

  private static func object(_ mapping: Mapping, _ scope: ScopePolicy) -> JSONValue {
    let isDisabling = mapping.actions.contains(.disable)
    let words = [
      mapping.actions.contains(.create) ? "Add" : nil,
      isDisabling || mapping.actions.contains(.update) ? "Update" : nil, isDisabling ? "Delete" : nil,
    ].compactMap(\.self)
    return [
      "attributeMappings": .array(mappings(mapping)), "enabled": true,
      "flowTypes": .string(words.isEmpty ? "None" : words.joined(separator: ", ")),
      "name": "Provision Microsoft Entra ID Users", "scope": scope.filter.schema, "sourceObjectName": "User",
      "targetObjectName": .string(SchemaTarget.user),
    ]
  }

  /// Those that need no word here first, then those of the administrator's own.
  private static func mappings(_ mapping: Mapping) -> [JSONValue] {
    var usual: [AttributeMapping?] = []
    func add(_ target: AccountAttribute, _ source: MappingExpression?) {
      guard let source, mapping.mapping(to: target) == nil else { return }
      usual.append(try? AttributeMapping(to: target.description, from: source))
    }
    add(.userName, MappingExpression(attribute: mapping.userName.rawValue))
    add(.displayName, MappingExpression(attribute: DirectoryAttribute.displayName.rawValue))
    add(.active, active)
    add(.ssoCustomerId, mapping.ssoCustomerId.map(MappingExpression.init(constant:)))
    return (usual.compactMap(\.self) + mapping.own).map(\.schema)
  }
}

extension AttributeMapping {
  fileprivate var schema: JSONValue {
    [
      "defaultValue": JSONValue(orNull: defaultValue), "exportMissingReferences": false,
      "flowBehavior": "FlowWhenChanged", "flowType": .string(isOnCreateOnly ? "ObjectAddOnly" : "Always"),
      "matchingPriority": .integer(target == .userName ? 1 : 0), "source": source.source,
      "targetAttributeName": .string(SchemaTarget.name(of: target)),
    ]
  }
}

extension ScopingFilter {
  /// As Microsoft Graph's "filter"; null where there is none.
  fileprivate var schema: JSONValue {
    if groups.isEmpty { return .null }
    return [
      "categoryFilterGroups": [], "groups": .array(groups.map(\.schema)), "inputFilterGroups": [],
    ]
  }
}

extension ScopingFilter.Group {
  fileprivate var schema: JSONValue {
    ["clauses": .array(clauses.map(\.schema)), "name": .string(name)]
  }
}

extension ScopingClause {
  fileprivate var schema: JSONValue {
    [
      "operatorName": .string(comparison.rawValue), "sourceOperandName": .string(attribute),
      "targetOperand": ["values": .array(values.map(JSONValue.string))],
    ]
  }
}
