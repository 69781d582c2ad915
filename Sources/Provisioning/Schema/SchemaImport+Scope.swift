import JSON

extension SchemaImport {
  /// Reads the `scope` of an object mapping (Microsoft Graph, resource type "filter").
  mutating func readScope(_ scope: JSONValue?, _ attributes: SchemaAttributes) {
    guard let scope, scope != .null else { return }
    for name in ["inputFilterGroups", "categoryFilterGroups"] {
      let count = scope[name]?.array?.count ?? 0
      if count > 0 { left.append("scope.\(name) is experimental in Entra and has no counterpart.") }
    }
    nameOthers(in: scope, than: ["categoryFilterGroups", "groups", "inputFilterGroups", "name"], of: "scope")
    for (index, group) in (scope["groups"]?.array ?? []).enumerated() {
      let given = group["name"]?.string ?? ""
      let name = given.isEmpty ? "filter \(index + 1)" : given
      let elements = group["clauses"]?.array ?? []
      nameOthers(in: group, than: ["clauses", "name"], of: "scoping filter \"\(name)\"")
      if elements.isEmpty {
        refused.append("The scoping filter \"\(name)\" holds no clause, and would let everybody in.")
      }
      let clauses = elements.compactMap { clause($0, of: name, attributes) }
      filter.groups.append(ScopingFilter.Group(name: name, clauses: clauses))
    }
  }

  private mutating func clause(_ value: JSONValue, of group: String, _ attributes: SchemaAttributes) -> ScopingClause? {
    let attribute = value["sourceOperandName"]?.string ?? ""
    let name = value["operatorName"]?.string ?? ""
    let here = "The scoping filter \"\(group)\""
    let known: Set = ["operatorName", "sourceOperandName", "targetOperand"]
    nameOthers(in: value, than: known, of: "clause of `\(attribute)` in the scoping filter \"\(group)\"")
    let comparison = ScopingOperator(named: name)
    if comparison == nil { refused.append("\(here) has the operator \"\(name)\", which is unknown.") }
    if !attribute.isEmpty, attributes.lacks(attribute) {
      refused.append("\(here) reads `\(attribute)`, which the schema's own directory does not have.")
    }
    if SourceAttribute.notForScope(attribute) == nil, let reason = attributes.notForScope(attribute) {
      refused.append("\(here) reads `\(attribute)`, which \(reason) and cannot be compared.")
    }
    if let operand = value["targetOperand"] {
      nameOthers(in: operand, than: ["values"], of: "operand of `\(attribute)` in the scoping filter \"\(group)\"")
    }
    let values = value["targetOperand"]?["values"]?.array?.compactMap(\.string) ?? []
    let operands = values.filter { comparison?.takesOperand != false || !$0.isEmpty }
    let flaws = ScopingClause.flaws(attribute, comparison, operands)
    refused += flaws.map { "\(here) cannot be used: \($0.sentence)." }
    guard flaws.isEmpty, let comparison else { return nil }
    return try? ScopingClause(attribute, comparison, operands)
  }
}
