import Base
import Expressions
import Provisioning

// The part of the YAML that concerns mapping.

extension Mapping {
  /// Reads `mapping`.
  init(_ mapping: MappingReader) {
    var reader = mapping
    let source = reader.text("userName", default: DirectoryAttribute.userPrincipalName.rawValue)
    let allowed: [DirectoryAttribute] = [.userPrincipalName, .mail]
    let attribute = allowed.first { $0.rawValue == source }
    if attribute == nil {
      reader.refuse("userName", .unknownWord, "is \"\(source)\"; use userPrincipalName or mail")
    }
    let identifier = reader.text("ssoCustomerId", default: "")
    self.init(userName: attribute ?? .userPrincipalName, ssoCustomerId: identifier.isEmpty ? nil : identifier)
    var targets: Set<AccountAttribute> = []
    for element in reader.mappings("attributes") {
      let (target, mapping) = AttributeMapping.read(element)
      if AttributeMapping.targets.contains(target), !targets.insert(target).inserted {
        element.refuse(.duplicateTarget, "\(target) is mapped twice; remove one of the two.")
      }
      if let mapping { own.append(mapping) }
    }
    if userName != .userPrincipalName, targets.contains(.userName) {
      reader.refuse("userName", .contradiction, "and a mapping of userName under `attributes` cannot both be there")
    }
    if !identifier.isEmpty, targets.contains(.ssoCustomerId) {
      reader.refuse(
        "ssoCustomerId", .contradiction, "and a mapping of ssoCustomerId under `attributes` cannot both be there")
    }
    if reader.has("actions") { actions = Set(reader.words("actions")) }
    reader.finish()
  }
}

extension AttributeMapping {
  /// Reads an element of `attributes`: its target, and the mapping where it can be used.
  fileprivate static func read(_ mapping: MappingReader) -> (target: AccountAttribute, mapping: AttributeMapping?) {
    var reader = mapping
    let target = reader.text("target")
    let (key, source) = reader.source()
    let standard = reader.text("default", default: "")
    let onlyOnCreate = reader.flag("onlyOnCreate")
    let precedence = reader.number("matching", in: 0...100, default: 0)
    reader.finish()
    if precedence > 0, target != AccountAttribute.userName.description {
      reader.refuse(
        "matching", .matching,
        "cannot be there for \(target): \(AttributeMapping.unfit(toMatch: target)); remove it")
    }
    let value = standard.isEmpty ? nil : standard
    let made = reader.mapping(to: target, from: source, default: value, onCreateOnly: onlyOnCreate)
    if let made, made.isRequired, !made.mayHaveValue {
      reader.object(
        key, .requiredTarget, "never has a value, and TeamViewer takes no account without \(target); map an attribute")
    }
    return (AccountAttribute(target), made)
  }
}

extension MappingReader {
  /// A mapping; nil for one that cannot be used, and everything that is wrong with it is noted.
  fileprivate func mapping(
    to target: String, from source: MappingExpression?, default standard: String?, onCreateOnly: Bool
  ) -> AttributeMapping? {
    // That it is missing is told.
    if target.isEmpty { return nil }
    let flaws = AttributeMapping.flaws(to: target, from: source, default: standard, onCreateOnly: onCreateOnly)
    for flaw in flaws { refuse(flaw.kind.finding, flaw.sentence + ".") }
    guard flaws.isEmpty, let source else { return nil }
    return try? AttributeMapping(to: target, from: source, default: standard, onCreateOnly: onCreateOnly)
  }
}

extension AttributeMapping.Flaw.Kind {
  fileprivate var finding: ConfigurationFinding.Kind {
    switch self {
    case .unknownTarget: .unknownTarget
    case .matching: .matching
    case .active: .activeMapping
    case .unusableFunction: .unusableFunction
    }
  }
}

extension ExpressionError.Kind {
  /// What it is of a configuration.
  fileprivate var finding: ConfigurationFinding.Kind {
    switch self {
    case .other: .expression
    case .unknownFunction: .unknownFunction
    case .arguments: .arguments
    case .pattern: .pattern
    }
  }
}

extension MappingReader {
  /// One of `attribute`, `constant` and `expression`, and which.
  fileprivate mutating func source() -> (key: String, MappingExpression?) {
    var said: [(key: String, text: String)] = []
    for key in ["attribute", "constant", "expression"] {
      // All three are known, whether they are there or not.
      let isThere = has(key)
      let written = isThere ? text(key) : text(key, default: "")
      if isThere { said.append((key, written)) }
    }
    guard let (key, text) = said.first, said.count == 1 else {
      refuse(.source, "A mapping needs one of `attribute`, `constant` and `expression`.")
      return ("target", nil)
    }
    if text.isEmpty { return (key, nil) }
    switch key {
    case "attribute":
      if let objection = findings.objection(toSource: text) {
        object(key, objection.kind, "is `\(text)`, \(objection.words)")
      }
      return (key, MappingExpression(attribute: text))
    case "constant": return (key, MappingExpression(constant: text))
    default: return (key, expression(key, text))
    }
  }

  private func expression(_ key: String, _ text: String) -> MappingExpression? {
    do throws(ExpressionError) {
      let expression = try MappingExpression(text)
      for (name, place) in expression.attributes.sorted(by: { $0.key < $1.key }) {
        guard let objection = findings.objection(toSource: name) else { continue }
        object(key, objection.kind, "reads [\(name)] (\(place)), \(objection.words)")
      }
      return expression
    } catch {
      refuse(key, error.kind.finding, "cannot be read: \(String(error.description.dropLast()))")
      return nil
    }
  }
}
