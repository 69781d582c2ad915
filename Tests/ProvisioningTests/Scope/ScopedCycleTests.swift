import Base
import Expressions
import Provisioning
import Testing

/// Scope in cycles: Microsoft Learn, "How provisioning works", sections "Scoping" and "Incremental cycles".
@Suite("Scope in cycles") struct ScopedCycleTests {
  private static let department = DirectoryAttribute(rawValue: "department")
  private let policy: CyclePolicy

  init() throws {
    let sales = try ScopingClause("department", .equals, ["Sales"])
    policy = CyclePolicy(scope: ScopePolicy(filter: ScopingFilter(groups: [.init(name: "Sales", clauses: [sales])])))
  }

  private func person(_ id: String, _ department: String?) -> DirectoryChange {
    var change = user(id)
    change.attributes[Self.department] = department.map(DirectoryValue.text) ?? .cleared
    return change
  }

  @Test("Who is out of scope gets no account") func never() {
    var company = Company(policy: policy)
    let outcome = company.snapshot([person("a", "Sales"), person("b", "IT"), person("c", nil)])
    #expect(outcome.decisions["a"]?.action == .create)
    #expect(outcome.decisions["b"] == Decision(.skip, .outOfScope, desired: nil))
    #expect(outcome.decisions["c"] == Decision(.skip, .outOfScope, desired: nil))
  }

  @Test("Who leaves the scope is disabled, who comes back is enabled") func leaves() {
    var company = Company([person("a", "Sales"), person("b", "Sales")], policy: policy)
    #expect(company.delta([person("a", "IT")]).decisions["a"]?.action == .disable)
    #expect(company["a"]?.decision?.reason == .outOfScope)
    company.deliver()
    #expect(company.delta([person("a", "IT")]).decisions["a"] == nil)
    #expect(company.delta([person("a", "Sales")]).decisions["a"]?.action == .enable)
  }

  @Test("Scope loss can leave the account as it is; a disabled person is disabled all the same") func skipsDeletions() {
    var lenient = policy
    lenient.scope.skipsDeletions = true
    var company = Company([person("a", "Sales"), person("b", "Sales")], policy: lenient)
    let outcome = company.delta([person("a", "IT")])
    #expect(outcome.decisions["a"]?.action == .skip && outcome.decisions["a"]?.reason == .outOfScope)
    #expect(company["a"]?.desired?.active == true)
    var off = person("b", "Sales")
    off.attributes[.accountEnabled] = .flag(false)
    #expect(company.delta([off]).decisions["b"]?.action == .disable)
  }

  @Test("The safeguard counts whoever leaves the scope, also by a changed filter") func safeguard() throws {
    let everybody = (0..<20).map { person("p\($0)", "Sales") }
    var company = Company(everybody, policy: policy)
    let nobody = try ScopingClause("department", .equals, ["Board"])
    company.policy.scope.filter = ScopingFilter(groups: [.init(name: "Board", clauses: [nobody])])
    let outcome = company.snapshot(everybody)
    #expect(outcome.counts.decided == [.held: 20])
  }

  @Test("Who is out of scope stands in nobody's way") func address() {
    var company = Company(policy: policy)
    var twin = person("b", "IT")
    twin.attributes[.userPrincipalName] = person("a", "Sales").attributes[.userPrincipalName]
    #expect(company.snapshot([person("a", "Sales"), twin]).decisions["a"]?.action == .create)
  }

  @Test("Exactly the attributes that the rules read are asked for") func attributes() throws {
    let mapping = try AttributeMapping(
      to: "displayName", from: MappingExpression("Join(\" \", [mobile], [extensionAttribute2], [objectId])"))
    let policy = CyclePolicy(scope: policy.scope, mapping: Mapping(own: [mapping]))
    #expect(policy.sourceAttributes.map(\.rawValue) == ["department", "extensionAttribute2", "mobilePhone"])
    #expect(CyclePolicy().sourceAttributes == [])
  }
}

@Suite("Mappings of one's own") struct OwnMappingTests {
  private func mapping(
    _ target: String, _ expression: String, default standard: String? = nil, onCreateOnly: Bool = false
  ) throws -> AttributeMapping {
    try AttributeMapping(
      to: target, from: MappingExpression(expression), default: standard, onCreateOnly: onCreateOnly)
  }

  private func company(_ mappings: AttributeMapping..., actions: Set<TargetAction> = Set(TargetAction.allCases))
    -> Company
  {
    Company(policy: CyclePolicy(mapping: Mapping(own: mappings, actions: actions)))
  }

  @Test("Expressions give userName and displayName") func expressions() throws {
    var company = company(
      try mapping("userName", #"Append([mailNickname], "@example.com")"#),
      try mapping("displayName", #"ToUpper([displayName])"#))
    var ada = user("ada")
    ada.attributes[DirectoryAttribute(rawValue: "mailNickname")] = .text("a.byron")
    ada.attributes[.displayName] = .text("Ada")
    let desired = company.snapshot([ada]).decisions["ada"]?.desired
    #expect(desired?.userName == "a.byron@example.com" && desired?.displayName == "ADA")
  }

  @Test("The default is for a new account; later the last value stays") func defaults() throws {
    var company = company(try mapping("displayName", "[nickname]", default: "Unnamed"))
    #expect(company.snapshot([user("ada")]).decisions["ada"]?.desired?.displayName == "Unnamed")
    company.deliver()
    var ada = user("ada")
    ada.attributes[DirectoryAttribute(rawValue: "nickname")] = .text("Countess")
    #expect(company.delta([ada]).decisions["ada"]?.desired?.displayName == "Countess")
    ada.attributes[DirectoryAttribute(rawValue: "nickname")] = .cleared
    let outcome = company.delta([ada])
    #expect(
      outcome.decisions["ada"]?.action == Decision.Action.none && company["ada"]?.desired?.displayName == "Countess")
  }

  @Test("What is sent on create only is never changed after") func onCreateOnly() throws {
    var company = company(
      try mapping("displayName", "[displayName]", onCreateOnly: true),
      try mapping("preferredLanguage", "[preferredLanguage]"))
    var ada = user("ada")
    ada.attributes[.displayName] = .text("Ada")
    ada.attributes[DirectoryAttribute(rawValue: "preferredLanguage")] = .text("de")
    let first = company.snapshot([ada]).decisions["ada"]?.desired
    #expect(first?.displayName == "Ada" && first?[.preferredLanguage] == .text("de"))
    company.deliver()
    ada.attributes[.displayName] = .text("Countess")
    ada.attributes[DirectoryAttribute(rawValue: "preferredLanguage")] = .text("fr")
    let second = company.delta([ada])
    #expect(second.decisions["ada"]?.action == Decision.Action.none && company["ada"]?.desired == first)
  }

  @Test("A failing expression skips the person, and never a leaver's disable") func failing() throws {
    var company = company(try mapping("displayName", #"CStr(CDate([hired]))"#))
    let hired = DirectoryAttribute(rawValue: "hired")
    var ada = user("ada")
    ada.attributes[hired] = .text("2020-01-01")
    company.snapshot([ada])
    company.deliver()
    ada.attributes[hired] = .text("nonsense")
    let outcome = company.delta([ada])
    #expect(outcome.decisions["ada"]?.reason == .expressionFailed && company["ada"]?.desired?.active == true)
    ada.attributes[.accountEnabled] = .flag(false)
    #expect(company.delta([ada]).decisions["ada"]?.action == .disable)
  }

  @Test("IgnoreObjectFlow leaves the person out") func ignored() throws {
    var company = company(
      try mapping("displayName", #"IIF(IsPresent([displayName]), [displayName], IgnoreObjectFlow)"#))
    var ada = user("ada")
    ada.attributes[.displayName] = .cleared
    #expect(company.snapshot([ada]).decisions["ada"] == Decision(.skip, .ignoreObjectFlow, desired: nil))
  }

  @Test("What changes by itself changes nobody whom the directory did not change") func byItself() throws {
    var company = company(try mapping("displayName", #"Append("Guest ", Left(Guid(), 8))"#))
    company.snapshot([user("ada"), user("bob")])
    company.deliver()
    let before = company["ada"]?.desired
    let again = company.snapshot([user("ada"), user("bob")])
    #expect(again.decisions.isEmpty && company["ada"]?.desired == before)
    #expect(company["bob"]?.desired?.displayName != before?.displayName)
  }

  @Test("Actions that are switched off are not taken") func actions() throws {
    var none = company(actions: [])
    #expect(none.snapshot([user("ada")]).decisions["ada"] == Decision(.skip, .actionOff, desired: nil))
    var company = Company([user("ada"), user("bob")])
    company.policy.mapping.actions = [.create]
    var ada = user("ada")
    ada.attributes[.displayName] = .text("Countess")
    var bob = user("bob")
    bob.attributes[.accountEnabled] = .flag(false)
    let outcome = company.snapshot([ada, bob])
    #expect(outcome.decisions["ada"]?.reason == .actionOff && outcome.decisions["bob"]?.reason == .actionOff)
    #expect(company["ada"]?.desired == account("ada") && company["bob"]?.desired?.active == true)
  }

  @Test(
    "Mappings that cannot be",
    arguments: [
      ("nickName", "[a]", "no attribute that TeamViewer takes"), ("name.givenName", "[a]", "cannot be mapped"),
      ("userName", "Guid()", "change by itself"), ("active", "[accountEnabled]", "IsSoftDeleted alone"),
      ("active", "\"True\"", "IsSoftDeleted alone"), ("displayName", "SelectUniqueValue([a], [b])", "Active Directory"),
      ("userName", "\"shared@example.com\"", "map an attribute"),
      ("userName", "Coalesce([mail], \"shared@example.com\")", "map an attribute"),
      ("userName", "Append([mailNickname], DefaultDomain())", "default domain"),
      ("displayName", "Split([a], \",\")", "several values"),
    ]) func refused(_ target: String, _ expression: String, _ word: String) throws
  {
    let source = try MappingExpression(expression)
    let flaw = #expect(throws: AttributeMapping.Flaw.self) { try AttributeMapping(to: target, from: source) }
    #expect(flaw?.sentence.contains(word) == true, "\(flaw?.sentence ?? "")")
  }

  @Test("userName has no default, and active is always applied") func always() throws {
    #expect(throws: AttributeMapping.Flaw.self) { try mapping("userName", "[mail]", default: "shared@example.com") }
    #expect(throws: AttributeMapping.Flaw.self) { try mapping("active", "Not([IsSoftDeleted])", onCreateOnly: true) }
  }

  @Test("active may be written in the two ways of Entra's templates") func active() throws {
    _ = try mapping("active", "Not([IsSoftDeleted])")
    _ = try mapping("active", #"Switch([IsSoftDeleted], , "False", "True", "True", "False")"#)
  }
}
