import JSON

extension SchemaImport {
  /// Names what a schema's own directories say of attributes (Microsoft Graph, resource type "attributeDefinition") and is not
  /// done here. `mapped` are the targets of the object mapping.
  mutating func readDefinitions(source: [JSONValue], target: [JSONValue], mapped: Set<String>) {
    let targets = Set(mapped.map(SchemaTarget.plain))
    let read = filter.attributes.union(mapping.sourceAttributes).union([mapping.userName.rawValue, "displayName"])
    for definition in source { note(definition, of: "source", isTaken: read.contains(Self.attribute(of: definition))) }
    nameAnchors(of: source, in: "source")
    for definition in target {
      let name = Self.attribute(of: definition)
      let own = SchemaTarget.attribute(named: name)
      note(definition, of: "target", isTaken: own != nil)
      // TeamViewer gives ids, and nobody maps them.
      if definition["required"]?.bool == true, !targets.contains(SchemaTarget.plain(name)), name != "id" {
        left.append("The target's \(name) is required there, and not mapped.")
      }
      if own == .userName, definition["caseExact"]?.bool == true {
        left.append("caseExact of the target's userName has no counterpart; an address is the same in either case.")
      }
    }
    nameAnchors(of: target, in: "target")
  }

  private static func attribute(of definition: JSONValue) -> String { definition["name"]?.string ?? "?" }

  private mutating func note(_ definition: JSONValue, of side: String, isTaken: Bool) {
    let what = "\(side)'s \(Self.attribute(of: definition))"
    if definition["flowNullValues"]?.bool == true {
      left.append("flowNullValues of the \(what) has no counterpart; what was sent before stays.")
    }
    guard isTaken else { return }
    if let value = definition["defaultValue"]?.string, !value.isEmpty {
      left.append("The defaultValue \"\(value)\" of the \(what) has no counterpart; give the mapping one.")
    }
    readMetadata(definition["metadata"], of: what)
  }

  /// An object has one anchor, by which it is found again.
  private mutating func nameAnchors(of definitions: [JSONValue], in side: String) {
    let anchors = definitions.filter { $0["anchor"]?.bool == true }.map(Self.attribute(of:))
    if anchors.count > 1 {
      left.append(
        "The \(side)'s anchors are \(anchors.joined(separator: ", ")); Entra has exactly one, and here it is the id.")
    }
  }
}
