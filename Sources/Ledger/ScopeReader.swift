import Base
public import Provisioning
import Yams

extension ScopePolicy {
  /// Reads a file, as below.
  public init(path: String) throws {
    self = try ScopePolicy(document: try OpenLedger.configurationText(path), file: path)
  }

  /// Reads a document: a whole configuration, of which `scope` counts alone, what stands under `scope` there, or
  /// the `scope` of an exported synchronization schema in Microsoft Graph's JSON (resource type "filter"). Throws a
  /// `Fault` of the PL-02 codes with line and column.
  public init(document yaml: String, file: String) throws {
    let reader = try MappingReader(try Configuration.compose(yaml, file: file), path: "", file: file)
    if reader.has("groups") {
      self.init(filter: try GraphScope(reader).filter)
    } else if reader.has("scope") {
      var whole = reader
      self = try ScopePolicy(try whole.mapping("scope"))
    } else {
      self = try ScopePolicy(reader)
    }
  }

  /// Reads what stands under `scope`.
  init(_ mapping: MappingReader) throws {
    var reader = mapping
    let matchesWhole = try reader.choice("patterns", default: PatternReach.part) == .whole
    let groups = try reader.mappings("filters").map { try Self.group($0, matchesWhole) }
    self.init(
      people: try reader.choice("people", default: .everybody), filter: ScopingFilter(groups: groups),
      skipsDeletions: try reader.flag("skipOutOfScopeDeletions"))
    try reader.finish()
  }

  private static func group(_ mapping: MappingReader, _ matchesWhole: Bool) throws -> ScopingFilter.Group {
    var reader = mapping
    let name = try reader.text("name")
    let clauses = try reader.mappings("clauses").map { try clause($0, matchesWhole) }
    if clauses.isEmpty { throw reader.wrong("clauses", "holds no clause; a group without one would let everybody in") }
    try reader.finish()
    return ScopingFilter.Group(name: name, clauses: clauses)
  }

  private static func clause(_ mapping: MappingReader, _ matchesWhole: Bool) throws -> ScopingClause {
    var reader = mapping
    let attribute = try reader.text("attribute")
    let comparison = try reader.comparison("operator")
    let values = reader.has("value") ? [try reader.text("value")] : try reader.list("values")
    try reader.finish()
    return try reader.clause(attribute, comparison, values, matchesWhole: matchesWhole)
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

  init(_ mapping: MappingReader) throws {
    var reader = mapping
    filter = ScopingFilter(groups: try reader.mappings("groups").map(Self.group))
    for name in ["inputFilterGroups", "categoryFilterGroups"] where try !reader.mappings(name).isEmpty {
      throw reader.wrong(name, "is experimental in Microsoft Entra and cannot be carried over; use `groups`")
    }
  }

  private static func group(_ mapping: MappingReader) throws -> ScopingFilter.Group {
    var reader = mapping
    let name = try reader.text("name", default: "")
    let clauses = try reader.mappings("clauses").map(clause)
    if clauses.isEmpty { throw reader.wrong("clauses", "holds no clause; a group without one would let everybody in") }
    return ScopingFilter.Group(name: name, clauses: clauses)
  }

  private static func clause(_ mapping: MappingReader) throws -> ScopingClause {
    var reader = mapping
    let attribute = try reader.text("sourceOperandName")
    let comparison = try reader.comparison("operatorName")
    var operand = try reader.mapping("targetOperand", isOptional: true)
    return try reader.clause(attribute, comparison, try operand.list("values"), matchesWhole: false)
  }
}

extension MappingReader {
  fileprivate mutating func comparison(_ name: String) throws -> ScopingOperator {
    let text = try self.text(name)
    if let comparison = ScopingOperator(named: text) { return comparison }
    let all = ScopingOperator.allCases.map(\.rawValue).joined(separator: ", ")
    throw wrong(name, "is \"\(text)\"; use one of \(all)")
  }

  fileprivate func clause(
    _ attribute: String, _ comparison: ScopingOperator, _ values: [String], matchesWhole: Bool
  ) throws -> ScopingClause {
    do throws(ScopingClause.Flaw) {
      return try ScopingClause(attribute, comparison, values, matchesWhole: matchesWhole)
    } catch {
      throw fault(error.sentence + ".")
    }
  }
}
