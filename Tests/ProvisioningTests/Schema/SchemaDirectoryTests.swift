import JSON
import Provisioning
import Testing

@Suite("The directories of synchronization schemas") struct SchemaDirectoryTests {
  private typealias Sample = SynchronizationSchemaTests

  /// A schema that lists the source's attributes: those of the usual mappings, and more.
  private static func schema(
    _ mappings: [JSONValue] = [], scope: JSONValue = .null, source more: [JSONValue] = [], rules: [JSONValue] = []
  ) -> JSONValue {
    let plain = Sample.schema(Sample.usual + mappings, scope: scope)
    let usual: [JSONValue] = [
      ["name": "userPrincipalName"], ["name": "displayName"], ["name": "IsSoftDeleted"],
    ]
    return [
      "directories": [
        ["name": "Azure Active Directory", "objects": [["name": "User", "attributes": .array(usual + more)]]]
      ],
      "synchronizationRules": .array((plain["synchronizationRules"]?.array ?? []) + rules),
    ]
  }

  private static func scope(_ attribute: String, _ comparison: String = "IS NOT NULL") -> JSONValue {
    [
      "groups": [
        ["name": "x", "clauses": [["sourceOperandName": .string(attribute), "operatorName": .string(comparison)]]]
      ]
    ]
  }

  @Test("Other object mappings are named; an attribute that the schema's own directory lacks is refused")
  func directories() {
    let groups: JSONValue = [
      "sourceDirectoryName": "Azure Active Directory",
      "objectMappings": [["name": "Groups", "sourceObjectName": "Group", "targetObjectName": "Group"]],
    ]
    let mapping = Sample.mapping("preferredLanguage", Sample.attribute("favouriteColour"))
    let read = SchemaImport(Self.schema([mapping], scope: Self.scope("shoeSize"), rules: [groups]))
    #expect(
      read.left == ["The object mapping \"Groups\" is not of users out of Entra ID; people alone are provisioned."])
    #expect(
      read.refused == [
        "The scoping filter \"x\" reads `shoeSize`, which the schema's own directory does not have.",
        "preferredLanguage reads [favouriteColour], which the schema's own directory does not have.",
      ])
  }

  @Test("Attributes of which Entra sends nulls are named") func nulls() {
    let read = SchemaImport(Self.schema(source: [["name": "city", "flowNullValues": true]]))
    #expect(read.refused == [] && read.left.map { $0.contains("the source's city") } == [true])
  }

  static let incomparable: [(JSONValue, String)] = [
    (["name": "extension_x", "multivalued": true], "has several values in the schema's own directory"),
    (["name": "extension_x", "type": "DateTime"], "is a date in the schema's own directory"),
  ]

  @Test(
    "A filter of what the schema's own directory has as several values or as a date is refused", arguments: incomparable
  )
  func several(_ definition: JSONValue, _ reason: String) {
    let read = SchemaImport(Self.schema(scope: Self.scope("extension_x"), source: [definition]))
    #expect(read.refused == ["The scoping filter \"x\" reads `extension_x`, which \(reason) and cannot be compared."])
    let mapping = Sample.mapping("preferredLanguage", Sample.attribute("extension_x"))
    #expect(SchemaImport(Self.schema([mapping], source: [definition])).refused == [])
  }

  @Test("A filter of what the schema's own directory has as one text is taken, and one attribute is refused once")
  func comparable() {
    let plain: JSONValue = ["name": "city", "multivalued": false, "type": "String"]
    #expect(SchemaImport(Self.schema(scope: Self.scope("city"), source: [plain])).refused == [])
    let several: JSONValue = ["name": "proxyAddresses", "multivalued": true, "type": "String"]
    #expect(SchemaImport(Self.schema(scope: Self.scope("proxyAddresses"), source: [several])).refused.count == 1)
  }

  @Test("What a mapping reads is looked at even where TeamViewer does not take its target") func unsent() {
    let mappings = [
      Sample.mapping("title", Sample.function("Foo([displayName])")),
      Sample.mapping("nickName", Sample.attribute("nope")),
      // .NET has more patterns than are carried over.
      Sample.mapping("userType", Sample.function(#"Replace([displayName], , "(?<open>a)(?<-open>b)", , "", , )"#)),
    ]
    let read = SchemaImport(Self.schema(mappings))
    #expect(read.refused.count == 2, "\(read.refused)")
    #expect(read.refused.first?.hasPrefix("title has an expression that cannot be read: ") == true)
    #expect(read.refused.last == "nickName reads [nope], which the schema's own directory does not have.")
    #expect(read.left.count == 3 && read.left.allSatisfy { $0.contains("cannot be sent") }, "\(read.left)")
  }
}
