import Base
import Expressions
import JSON
import Ledger
import Provisioning
import Testing

@Suite("Scope and mapping, out to a schema and back") struct SchemaRoundTripTests {
  /// A random set of rules, none of which says what is so anyway.
  private struct Rules {
    var mapping = Mapping()
    var filter = ScopingFilter()

    private static let texts = [
      "Sales", "R&D", "a \"b\" \\c", "", " é ", "null", "12", "#x: y", "{a}, [b]", "line\nbreak", "“quoted”", "\t", "~",
    ]
    private static let names = ["department", "city", "extensionAttribute3", "extension_0a_cost Centre", "mail"]
    private static let expressions = [
      #"Join(" ", [givenName], [surname])"#, #"Replace([mail], , "(?<s>@.*)", "s", "", , )"#, "ToUpper([city])",
      "IIF([country]=\"SE\", \"Nordic\",\n  \"Other\")", #"Append("x", "é\"\\")"#, "Coalesce([department], 12, &HF)",
      "[displayName]", "StripSpaces([a b])", #""constant""#, "12", #"Switch([a], , "", "b")"#,
    ]

    init(seed: UInt64) {
      var generator = SeededGenerator(seed: seed)
      func pick<Element>(_ elements: [Element]) -> Element {
        elements[Int.random(in: elements.indices, using: &generator)]
      }
      if Bool.random(using: &generator) { mapping.userName = .mail }
      if Bool.random(using: &generator) { mapping.ssoCustomerId = pick(Self.texts.filter { !$0.isEmpty }) }
      // A schema says update and disable in one word.
      mapping.actions = pick([[], [.create], [.update, .disable], Set(TargetAction.allCases)])
      for target in ["displayName", "preferredLanguage", "ssoCustomerId"] where Bool.random(using: &generator) {
        let isIdentifier = target == "ssoCustomerId"
        if isIdentifier, mapping.ssoCustomerId != nil { continue }
        let standard = Bool.random(using: &generator) ? pick(Self.texts.filter { !$0.isEmpty }) : nil
        let source: MappingExpression?
        switch Int.random(in: 0...2, using: &generator) {
        case 0: source = MappingExpression(attribute: pick(Self.names))
        case 1 where !isIdentifier: source = MappingExpression(constant: pick(Self.texts.filter { !$0.isEmpty }))
        default:
          source = try? MappingExpression(pick(Self.expressions.filter { $0 != "[displayName]" && $0.contains("[") }))
        }
        guard let source else { continue }
        let made = try? AttributeMapping(
          to: target, from: source, default: standard, onCreateOnly: Bool.random(using: &generator))
        if let made { mapping.own.append(made) }
      }
      mapping.own.shuffle(using: &generator)
      for number in 0..<Int.random(in: 0...3, using: &generator) {
        var clauses: [ScopingClause] = []
        for _ in 0...Int.random(in: 0...3, using: &generator) {
          let comparison = pick(ScopingOperator.allCases)
          let count = comparison.takesOperand ? Int.random(in: 1...3, using: &generator) : 0
          let values = (0..<count).map { _ in
            comparison.rawValue.hasPrefix("Greater")
              ? String(Int.random(in: 0...99, using: &generator))
              : comparison.rawValue.contains("REGEX") ? "^(a|b)\\d+\"$" : pick(Self.texts.filter { !$0.isEmpty })
          }
          if let clause = try? ScopingClause(pick(Self.names), comparison, values) { clauses.append(clause) }
        }
        if clauses.isEmpty { continue }
        filter.groups.append(
          ScopingFilter.Group(name: "\(pick(Self.texts.filter { !$0.isEmpty })) \(number)", clauses: clauses))
      }
    }
  }

  @Test(
    "Rules that were exported and imported are the same, and so are those that the printed sections say",
    arguments: UInt64(0)..<300)
  func identity(seed: UInt64) throws {
    let rules = Rules(seed: seed)
    let schema = SchemaExport(rules.mapping, ScopePolicy(filter: rules.filter)).json
    // Over the bytes of a file, too.
    let read = SchemaImport(try JSONParser.parse(Array(schema.text.utf8)))
    #expect(read.refused == [] && read.left == [], "\(read.refused)")
    #expect(read.mapping == rules.mapping && read.filter == rules.filter)
    let yaml = "origin: o\ntarget: {url: u, token: {file: t}}\n" + Configuration.sections(read.mapping, read.filter)
    let configuration = try Configuration(yaml: yaml, file: "f")
    #expect(configuration.mapping == rules.mapping && configuration.scope.filter == rules.filter, "\(yaml)")
  }

  @Test("Clauses of booleans, and of empty texts, come back as they were, and a check objects to none")
  func clauses() throws {
    let clauses = [
      try ScopingClause("accountEnabled", .equals, ["True"]), try ScopingClause("accountEnabled", .isTrue),
      try ScopingClause("IsSoftDeleted", .notEquals, ["True"]), try ScopingClause("city", .notEquals, [""]),
      try ScopingClause("city", .equals, ["", "Oslo"]),
    ]
    let filter = ScopingFilter(groups: [ScopingFilter.Group(name: "g", clauses: clauses)])
    let read = SchemaImport(SchemaExport(Mapping(), ScopePolicy(filter: filter)).json)
    #expect(read.refused == [] && read.left == [] && read.filter == filter)
    let sections = Configuration.sections(read.mapping, read.filter)
    let yaml = "origin: o\ntarget: {url: u, token: {file: t}}\n" + sections
    let configuration = try Configuration(yaml: yaml, file: "f")
    #expect(configuration.scope.filter == filter, "\(yaml)")
    #expect(Configuration.objections(to: sections) == [])
  }

  @Test("What a check over a tenant objects to is told of sections that were imported")
  func objections() throws {
    var mapping = Mapping()
    mapping.own = [try AttributeMapping(to: "displayName", from: MappingExpression(attribute: "preferredName"))]
    let clause = try ScopingClause("showInAddressList", .equals, ["true"])
    let filter = ScopingFilter(groups: [ScopingFilter.Group(name: "g", clauses: [clause])])
    let said = Configuration.objections(to: Configuration.sections(mapping, filter))
    #expect(said.count == 2, "\(said)")
    #expect(said.first?.contains("`preferredName`, whose changes Microsoft Graph does not report") == true)
    #expect(said.last?.contains("`showInAddressList` is True or False") == true)
  }

  @Test("The default mapping comes back as no line at all") func standard() {
    let read = SchemaImport(SchemaExport(Mapping(), ScopePolicy()).json)
    #expect(read.mapping == Mapping() && read.refused == [] && read.left == [])
    #expect(Configuration.sections(read.mapping, read.filter) == "mapping: {}\nscope: {}\n")
  }
}
