import JSON

/// What a schema's own directory says of the source's attributes (Microsoft Graph REST API v1.0, resource type
/// "attributeDefinition").
struct SchemaAttributes {
  private let definitions: [String: JSONValue]

  /// The attributes that are defined; none where the schema lists none.
  init(_ definitions: [JSONValue]) {
    let named = definitions.compactMap { definition in definition["name"]?.string.map { ($0, definition) } }
    self.definitions = Dictionary(named) { first, _ in first }
  }

  /// Whether the directory does not have an attribute; false where the schema lists none.
  func lacks(_ name: String) -> Bool { !definitions.isEmpty && definitions[name] == nil }

  /// Why an attribute cannot be in a scoping clause (Microsoft Learn, "Scoping users or groups to be provisioned with
  /// scoping filters"); nil where it can.
  func notForScope(_ name: String) -> String? {
    guard let definition = definitions[name] else { return nil }
    if definition["multivalued"]?.bool == true { return "has several values in the schema's own directory" }
    return definition["type"]?.string?.lowercased() == "datetime" ? "is a date in the schema's own directory" : nil
  }
}
