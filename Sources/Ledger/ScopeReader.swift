import Base
public import Provisioning

extension ScopePolicy {
  /// Reads a file, as below.
  public init(path: String) throws {
    self = try ScopePolicy(document: try OpenLedger.configurationText(path), file: path)
  }

  /// Reads a document: a whole configuration, of which `scope` counts alone, what stands under `scope` there, or
  /// the `scope` of an exported synchronization schema in Microsoft Graph's JSON (resource type "filter"). Throws a
  /// `Fault` of the PL-02 codes with line and column: the first that a check of a configuration would tell, as far as
  /// the document says whose attributes it means.
  public init(document yaml: String, file: String) throws {
    let findings = ConfigurationFindings(file: file)
    let reader = MappingReader(text: yaml, findings)
    if reader.has("groups") {
      findings.source = .unknown
      self.init(filter: GraphScope(reader).filter)
    } else if reader.has("scope") {
      var whole = reader
      var graph = whole.mapping("graph", isOptional: true)
      findings.source = graph.text("tenant", default: "").isEmpty ? .file : .tenant
      self = ScopePolicy(whole.mapping("scope"))
    } else {
      findings.source = .unknown
      self = ScopePolicy(reader)
    }
    try findings.refuseAll()
  }

  /// Reads what stands under `scope`.
  init(_ mapping: MappingReader) {
    var reader = mapping
    let matchesWhole = reader.choice("patterns", default: PatternReach.part) == .whole
    let groups = reader.mappings("filters").map { Self.group($0, matchesWhole) }
    self.init(
      people: reader.choice("people", default: .everybody), filter: ScopingFilter(groups: groups),
      skipsDeletions: reader.flag("skipOutOfScopeDeletions"))
    reader.finish()
  }

  private static func group(_ mapping: MappingReader, _ matchesWhole: Bool) -> ScopingFilter.Group {
    var reader = mapping
    let name = reader.text("name")
    let clauses = reader.clauses { clause($0, matchesWhole) }
    reader.finish()
    return ScopingFilter.Group(name: name, clauses: clauses)
  }

  private static func clause(_ mapping: MappingReader, _ matchesWhole: Bool) -> ScopingClause? {
    var reader = mapping
    let attribute = reader.text("attribute")
    let comparison = reader.comparison("operator")
    let values = reader.operands()
    reader.finish()
    return reader.clause(attribute, comparison, values, matchesWhole: matchesWhole, key: "attribute")
  }

  /// How much of a value a pattern must match.
  private enum PatternReach: String, CaseIterable {
    case part
    case whole
  }
}

/// The same in Microsoft Graph's JSON, which is YAML, too.
private struct GraphScope {
  let filter: ScopingFilter

  init(_ mapping: MappingReader) {
    var reader = mapping
    filter = ScopingFilter(groups: reader.mappings("groups").map(Self.group))
    for name in ["inputFilterGroups", "categoryFilterGroups"] where !reader.mappings(name).isEmpty {
      reader.refuse(
        name, .contradiction, "is experimental in Microsoft Entra and cannot be carried over; use `groups`")
    }
  }

  private static func group(_ mapping: MappingReader) -> ScopingFilter.Group {
    var reader = mapping
    let name = reader.text("name", default: "")
    return ScopingFilter.Group(name: name, clauses: reader.clauses(clause))
  }

  private static func clause(_ mapping: MappingReader) -> ScopingClause? {
    var reader = mapping
    let attribute = reader.text("sourceOperandName")
    let comparison = reader.comparison("operatorName")
    let values = reader.read { reader in
      var operand = reader.mapping("targetOperand", isOptional: true)
      return operand.list("values")
    }
    return reader.clause(attribute, comparison, values, matchesWhole: false, key: "sourceOperandName")
  }
}

extension MappingReader {
  fileprivate mutating func clauses(_ clause: (MappingReader) -> ScopingClause?) -> [ScopingClause] {
    let readers = mappings("clauses")
    if readers.isEmpty {
      refuse("clauses", .emptyGroup, "holds no clause; a group without one would let everybody in")
    }
    return readers.compactMap(clause)
  }

  fileprivate mutating func comparison(_ name: String) -> ScopingOperator? {
    let isThere = has(name)
    let text = isThere ? self.text(name, default: "") : self.text(name)
    if isThere, text.isEmpty { refuse(name, .empty, "is empty; `&` and `!&` stand in quotes") }
    if text.isEmpty { return nil }
    if let comparison = ScopingOperator(named: text) { return comparison }
    let all = ScopingOperator.allCases.map(\.rawValue)
    let meant = Suggestion.nearest(to: text, among: all).map { "did you mean \($0)? Use" } ?? "use"
    refuse(name, .unknownOperator, "is \"\(text)\"; \(meant) one of \(all.joined(separator: ", "))")
    return nil
  }

  /// What `value` or `values` says; nil where that cannot be read, which is noted.
  fileprivate mutating func operands() -> [String]? {
    read { reader in
      let value = reader.text("value", default: "")
      let values = reader.list("values")
      if reader.has("value"), reader.has("values") {
        reader.refuse("values", .contradiction, "and `value` cannot both be there; keep one")
      }
      return value.isEmpty ? values : [value]
    }
  }

  /// What is read without anything being wrong; nil for the rest.
  fileprivate mutating func read<Value>(_ value: (inout MappingReader) -> Value) -> Value? {
    let count = findings.count
    let read = value(&self)
    return findings.count == count ? read : nil
  }

  /// A clause; nil for one that cannot be used, and everything that is wrong with it is noted. `key` is that of its attribute.
  fileprivate func clause(
    _ attribute: String, _ comparison: ScopingOperator?, _ values: [String]?, matchesWhole: Bool, key: String
  ) -> ScopingClause? {
    // Of operands that cannot be read nothing more is said.
    let known = values == nil ? nil : comparison
    var flaws = ScopingClause.flaws(attribute, known, values ?? [], matchesWhole: matchesWhole)
    // That it is missing is told.
    if attribute.isEmpty { flaws.removeAll { $0.kind == .attribute } }
    for flaw in flaws { refuse(flaw.kind.finding, flaw.sentence + ".") }
    let isUsable = !attribute.isEmpty && !flaws.contains { $0.kind == .attribute }
    let objection = isUsable ? findings.objection(toSource: attribute) : nil
    if let objection { object(key, objection.kind, "is `\(attribute)`, \(objection.words)") }
    guard isUsable, let comparison, let values,
      let clause = try? ScopingClause(attribute, comparison, values, matchesWhole: matchesWhole)
    else { return nil }
    if objection == nil, let sentence = findings.objection(to: clause) { refuse(.comparison, sentence + ".") }
    return clause
  }
}

extension ScopingClause.Flaw.Kind {
  fileprivate var finding: ConfigurationFinding.Kind {
    switch self {
    case .attribute: .scopeAttribute
    case .operandMissing: .operandMissing
    case .operandSuperfluous: .operandSuperfluous
    case .operandNotNumber: .operandNotNumber
    case .pattern: .pattern
    case .comparison: .comparison
    }
  }
}
