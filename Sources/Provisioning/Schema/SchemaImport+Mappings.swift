import Expressions
import JSON

extension SchemaImport {
  /// Reads the attribute mappings of an object mapping (Microsoft Graph, resource type "attributeMapping").
  mutating func readMappings(_ values: [JSONValue], _ attributes: SchemaAttributes) {
    // By their own names, since a schema has two for one.
    var targets: Set<String> = []
    var isMatched = false
    for value in values {
      let target = value["targetAttributeName"]?.string ?? ""
      if target.isEmpty {
        refused.append("A mapping has no targetAttributeName; name its target, or leave it out.")
        continue
      }
      if value["enabled"]?.bool == false {
        left.append("The mapping of \(target) is switched off there (enabled: false); it is left out.")
        continue
      }
      let own = SchemaTarget.attribute(named: target)
      guard targets.insert(own?.description ?? target).inserted else {
        refused.append("\(target) is mapped twice; leave one of the two in the file.")
        continue
      }
      if (value["matchingPriority"]?.integer ?? 0) > 0 {
        if own == .userName {
          isMatched = true
        } else {
          let reason = AttributeMapping.unfit(toMatch: own?.description ?? target)
          left.append("\(target) is a matching attribute: \(reason).")
        }
      }
      nameOthers(in: value, than: Self.mappingMembers, of: "mapping of \(target)")
      readMapping(value, target, attributes)
    }
    if !isMatched, targets.contains(AccountAttribute.userName.description) {
      refused.append("userName is no matching attribute, and accounts are found by it; give it a matching precedence.")
    }
    for required in [AccountAttribute.userName, .displayName] where !targets.contains(required.description) {
      let other = targets.sorted().first { $0.hasSuffix(":\(required)") }.map { " (\($0) is another attribute)" } ?? ""
      refused.append("\(required) is not mapped\(other), and TeamViewer takes no account without it; map it.")
    }
    if !targets.contains(AccountAttribute.active.description) {
      left.append("active is not mapped there; \(Self.activeHere).")
    }
  }

  private static let mappingMembers: Set = [
    "defaultValue", "enabled", "exportMissingReferences", "flowBehavior", "flowType", "matchingPriority", "source",
    "targetAttributeName",
  ]

  private static let activeHere = "here an account is active as long as the person may sign in"

  private mutating func readMapping(_ value: JSONValue, _ target: String, _ attributes: SchemaAttributes) {
    if target == "id" {
      return refused.append("id is mapped, which TeamViewer gives; Entra itself does not let it be. Leave it out.")
    }
    let found = SchemaTarget.attribute(named: target)
    let source = value["source"] ?? .null
    // Also of what is not sent: Entra would refuse it all the same.
    let read = source == .null ? nil : expression(source, target, attributes, isSent: found != nil)
    guard let own = found else {
      return left.append("\(target) cannot be sent: \(AttributeMapping.reason(against: target)).")
    }
    noteFlow(value, own, named: target)
    let isOnCreateOnly = value["flowType"]?.string == "ObjectAddOnly" && own != .active
    let standard = value["defaultValue"]?.string.flatMap { $0.isEmpty ? nil : $0 }
    if source == .null { return readUnsourced(own, standard, named: target) }
    guard let expression = read else { return }
    nameOthers(in: source, than: ["expression", "name", "parameters", "type"], of: "source of \(target)")
    compare(source, with: expression, target)
    if own == .userName, let standard {
      left.append("userName has the defaultValue \"\(standard)\", which would be one account for many; it is left out.")
    }
    make(own, expression, default: own == .userName ? nil : standard, isOnCreateOnly, named: target)
  }

  /// A mapping without a source leaves the attribute as it is, and gives a new account its default value.
  private mutating func readUnsourced(_ own: AccountAttribute, _ standard: String?, named name: String) {
    if let standard, own != .active {
      make(own, MappingExpression(constant: standard), default: nil, true, named: name)
    } else if own == .active {
      left.append("active has no source there; \(Self.activeHere).")
    } else if own == .userName || own == .displayName {
      refused.append("\(name) has no source, and TeamViewer takes no account without it; map an attribute.")
    } else {
      left.append("\(name) has no source, so that nothing is sent.")
    }
  }

  private mutating func make(
    _ target: AccountAttribute, _ source: MappingExpression, default standard: String?, _ isOnCreateOnly: Bool,
    named name: String
  ) {
    let flaws = AttributeMapping.flaws(
      to: target.description, from: source, default: standard, onCreateOnly: isOnCreateOnly)
    refused += flaws.map { "\(name) cannot be used: \($0.sentence)." }
    let made = try? AttributeMapping(
      to: target.description, from: source, default: standard, onCreateOnly: isOnCreateOnly)
    guard flaws.isEmpty, let made else { return }
    if made.isRequired, !made.mayHaveValue {
      refused.append("\(name) never has a value, and TeamViewer takes no account without it; map an attribute.")
    }
    take(made)
  }

  private mutating func expression(
    _ source: JSONValue, _ target: String, _ attributes: SchemaAttributes, isSent: Bool
  ) -> MappingExpression? {
    do throws(ExpressionError) {
      let expression = try MappingExpression(source: source)
      if expression == nil, isSent { refused.append("\(target) has a source without type, name or expression.") }
      for name in (expression?.attributes.keys.sorted() ?? []) where attributes.lacks(name) {
        refused.append("\(target) reads [\(name)], which the schema's own directory does not have.")
      }
      return expression
    } catch {
      // Of .NET's patterns Entra takes some that are not carried over.
      if isSent || error.kind != .pattern {
        refused.append("\(target) has an expression that cannot be read: \(error)")
      }
      return nil
    }
  }

  /// Names what a source has in its text or in its parts alone: attributes, functions and texts.
  private mutating func compare(_ source: JSONValue, with expression: MappingExpression, _ target: String) {
    let given = source["expression"]?.string.flatMap { try? MappingExpression($0) } ?? expression
    var counts: [String: Int] = [:]
    for name in Self.ingredients(of: source) { counts[name, default: 0] += 1 }
    for name in Self.ingredients(of: given.source) { counts[name, default: 0] -= 1 }
    let names = counts.filter { $0.value != 0 }.keys.sorted().map { "`\($0)`" }.joined(separator: ", ")
    if names.isEmpty { return }
    left.append("\(target) has \(names) in one form of its source alone; \(expression.text) is taken.")
  }

  /// The attributes, functions and texts that a source is made of. Where it has no name or no parts, its text has.
  private static func ingredients(of source: JSONValue) -> [String] {
    let type = source["type"]?.string?.lowercased()
    let written = source["expression"]?.string.flatMap { try? MappingExpression($0).source }
    let given = source["name"]?.string ?? ""
    // Whether texts stand there with their escapes is not told.
    let name = (given.isEmpty ? written?["name"]?.string ?? "" : given).filter { $0 != "\"" && $0 != "\\" }
    let own = name.isEmpty ? [] : [type == "attribute" ? "[\(name)]" : name]
    guard type == "function" else { return own }
    let parts = source["parameters"]?.array ?? []
    let all = parts.isEmpty ? written?["parameters"]?.array ?? [] : parts
    return own + all.compactMap { $0["value"] }.flatMap(ingredients(of:))
  }

  /// What is said of when a value flows, and is not done here.
  private mutating func noteFlow(_ value: JSONValue, _ target: AccountAttribute, named name: String) {
    switch value["flowType"]?.string {
    case "Always"? where target.isSentOnCreateOnly:
      left.append("\(name) has the flowType Always; TeamViewer takes it with a new account only.")
    case "ObjectAddOnly"? where target == .active:
      left.append("\(name) has the flowType ObjectAddOnly, so that nobody would be disabled; it is sent always.")
    case "Always"?, "ObjectAddOnly"?, nil: break
    case let flow?:
      let time = target.isSentOnCreateOnly ? "with a new account only" : "always"
      left.append("\(name) has the flowType \(flow); its value is sent \(time).")
    }
    if let behavior = value["flowBehavior"]?.string, behavior != "FlowWhenChanged" {
      left.append("\(name) has the flowBehavior \(behavior); its value is sent when it changes.")
    }
    if value["exportMissingReferences"]?.bool == true {
      left.append("\(name) has exportMissingReferences, which has no counterpart.")
    }
  }

  /// Takes a mapping over; what is so without a word is not said.
  private mutating func take(_ mapping: AttributeMapping) {
    let isPlain = mapping.defaultValue == nil && (!mapping.isOnCreateOnly || mapping.target.isSentOnCreateOnly)
    switch (mapping.target, mapping.source.attribute) {
    case (.userName, "userPrincipalName") where isPlain: self.mapping.userName = .userPrincipalName
    case (.userName, "mail") where isPlain: self.mapping.userName = .mail
    case (.displayName, "displayName") where isPlain: break
    case (.active, _) where isPlain && mapping.source == SchemaExport.active: break
    case (.ssoCustomerId, nil) where isPlain && mapping.source.constant != nil:
      self.mapping.ssoCustomerId = mapping.source.constant
    default: self.mapping.own.append(mapping)
    }
  }
}
