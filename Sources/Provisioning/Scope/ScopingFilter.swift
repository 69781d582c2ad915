public import Expressions
public import JSON

/// Who is in scope by their attributes: clauses that hold together in a group, and groups of which one is enough. Without
/// any group everybody is.
public struct ScopingFilter: Equatable, Sendable {
  /// Clauses that must hold together.
  public struct Group: Equatable, Sendable {
    /// What the administrator calls it.
    public var name: String
    /// The clauses, one at least.
    public var clauses: [ScopingClause]

    /// A group.
    public init(name: String, clauses: [ScopingClause]) {
      self.name = name
      self.clauses = clauses
    }
  }

  /// The groups.
  public var groups: [Group]

  /// A filter.
  public init(groups: [Group] = []) { self.groups = groups }

  /// Whether somebody is in scope; quick, and without reasons. Nil where that hangs on a pattern that takes too long.
  public func holds(_ attribute: (String) -> ExpressionValue) -> Bool? {
    if groups.isEmpty { return true }
    return groups.anyHolds { group in group.clauses.allHold { $0.holds(attribute($0.attribute)) } }
  }

  /// Whether somebody is in scope, and why, clause by clause.
  public func verdict(_ attribute: (String) -> ExpressionValue) -> ScopingVerdict {
    ScopingVerdict(
      groups: groups.map { group in
        ScopingVerdict.Group(
          name: group.name,
          clauses: group.clauses.map { clause in
            let value = attribute(clause.attribute)
            return ScopingVerdict.Clause(clause: clause, value: value, holds: clause.holds(value))
          })
      })
  }

  /// The source attributes that it reads.
  public var attributes: Set<String> { Set(groups.flatMap(\.clauses).map(\.attribute)) }
}

/// Whether somebody is in scope by a filter, clause by clause.
public struct ScopingVerdict: Equatable, Sendable {
  /// One clause, what it saw, and whether it holds.
  public struct Clause: Equatable, Sendable {
    /// The clause.
    public var clause: ScopingClause
    /// The attribute's value.
    public var value: ExpressionValue
    /// Whether it holds; nil where its pattern takes too long.
    public var holds: Bool?
  }

  /// One group.
  public struct Group: Equatable, Sendable {
    /// What the administrator calls it.
    public var name: String
    /// Its clauses.
    public var clauses: [Clause]
    /// Whether all of them hold; nil where that hangs on a pattern that takes too long.
    public var holds: Bool? { clauses.allHold(\.holds) }
  }

  /// The groups.
  public var groups: [Group]
  /// Whether the application is assigned to the person; nil where that is not asked.
  public var isAssigned: Bool?

  /// Whether the person is in scope; nil where that hangs on a pattern that takes too long: what was decided before stands then.
  public var isInScope: Bool? { isAssigned == false ? false : groups.isEmpty ? true : groups.anyHolds(\.holds) }

  /// As a JSON object.
  public var json: JSONValue { .object(object) }

  /// As a JSON object, to which more may be added.
  public var object: JSONObject {
    JSONObject(present: [
      ("assigned", isAssigned.map(JSONValue.bool) ?? .null), ("groups", .array(groups.map(\.json))),
      ("inScope", isInScope.map(JSONValue.bool) ?? .null),
    ])
  }
}

extension ScopingVerdict.Group {
  /// As a JSON object.
  fileprivate var json: JSONValue {
    ["clauses": .array(clauses.map(\.json)), "inScope": holds.map(JSONValue.bool) ?? .null, "name": .string(name)]
  }
}

extension ScopingVerdict.Clause {
  /// As a JSON object.
  fileprivate var json: JSONValue {
    [
      "attribute": .string(clause.attribute), "holds": holds.map(JSONValue.bool) ?? .null,
      "operator": .string(clause.comparison.rawValue),
      "value": value.json, "values": .array(clause.values.map(JSONValue.string)),
    ]
  }

  /// As the portal titles it, and what was seen: `department EQUALS "Sales": is "IT"`.
  public var sentence: String {
    let operands = clause.values.filter { !$0.isEmpty }.map { "\"\($0)\"" }.joined(separator: ", ")
    let seen =
      switch value {
      case _ where value.isEmpty: "has no value"
      case _ where holds == nil: "the pattern takes too long for the value, so that nothing is decided by it"
      case .list(let values): "has \(values.count) values, of which a clause sees none"
      default: "is \"\(value.text ?? "")\""
      }
    return "\(clause.attribute) \(clause.comparison.rawValue)\(operands.isEmpty ? "" : " \(operands)"): \(seen)"
  }
}

extension Sequence {
  /// Whether something holds of all; nil where that hangs on one of which it is not known.
  func allHold(_ holds: (Element) -> Bool?) -> Bool? { anyHolds { holds($0).map { !$0 } }.map { !$0 } }

  /// Whether something holds of any; nil where that hangs on one of which it is not known.
  func anyHolds(_ holds: (Element) -> Bool?) -> Bool? {
    var isKnown = true
    for element in self {
      switch holds(element) {
      case true?: return true
      case false?: break
      case nil: isKnown = false
      }
    }
    return isKnown ? false : nil
  }
}
