import Expressions
public import Provisioning

extension Configuration {
  /// The sections `mapping` and `scope` of a configuration file, which say what is given and nothing that is so anyway.
  public static func sections(_ mapping: Mapping, _ filter: ScopingFilter) -> String {
    (mappingLines(mapping) + scopeLines(filter)).map { "\($0)\n" }.joined()
  }

  private static func mappingLines(_ mapping: Mapping) -> [String] {
    var lines: [String] = []
    if mapping.userName != .userPrincipalName { lines.append("  userName: \(mapping.userName.rawValue)") }
    if let identifier = mapping.ssoCustomerId { lines.append("  ssoCustomerId: \(quoted(identifier))") }
    if !mapping.own.isEmpty { lines.append("  attributes:") }
    lines += mapping.own.map { "    - {\($0.members.joined(separator: ", "))}" }
    if mapping.actions != Set(TargetAction.allCases) {
      let words = TargetAction.allCases.filter(mapping.actions.contains).map(\.rawValue)
      lines.append("  actions: [\(words.joined(separator: ", "))]")
    }
    return lines.isEmpty ? ["mapping: {}"] : ["mapping:"] + lines
  }

  private static func scopeLines(_ filter: ScopingFilter) -> [String] {
    if filter.groups.isEmpty { return ["scope: {}"] }
    return ["scope:", "  filters:"]
      + filter.groups.flatMap { group in
        ["    - name: \(quoted(group.name))", "      clauses:"]
          + group.clauses.map { "        - {\($0.members.joined(separator: ", "))}" }
      }
  }
}

extension AttributeMapping {
  fileprivate var members: [String] {
    let said =
      if let attribute = source.attribute {
        "attribute: \(Configuration.quoted(attribute))"
      } else if let constant = source.constant, !constant.isEmpty {
        "constant: \(Configuration.quoted(constant))"
      } else {
        "expression: \(Configuration.quoted(source.text))"
      }
    var members = ["target: \(target)", said]
    if let defaultValue { members.append("default: \(Configuration.quoted(defaultValue))") }
    if isOnCreateOnly, !target.isSentOnCreateOnly { members.append("onlyOnCreate: true") }
    return members
  }
}

extension ScopingClause {
  fileprivate var members: [String] {
    var members = [
      "attribute: \(Configuration.quoted(attribute))", "operator: \(Configuration.quoted(comparison.rawValue))",
    ]
    // An empty value is as good as none.
    if values.count == 1, !values[0].isEmpty {
      members.append("value: \(Configuration.quoted(values[0]))")
    } else if !values.isEmpty {
      members.append("values: [\(values.map(Configuration.quoted).joined(separator: ", "))]")
    }
    return members
  }
}
