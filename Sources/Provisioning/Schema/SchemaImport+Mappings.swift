import Base
import Expressions
import JSON

extension SchemaImport {
  /// Reads the attribute mappings of an object mapping (Microsoft Graph, resource type "attributeMapping").
  mutating func readMappings(_ values: [JSONValue], _ attributes: Set<String>?) {
    var targets: Set<String> = []
    var isMatched = false
    for value in values {
      let target = value["targetAttributeName"]?.string ?? ""
      guard targets.insert(target).inserted else {
        refused.append("\(target) is mapped twice; leave one of the two in the file.")
        continue
      }
      if (value["matchingPriority"]?.integer ?? 0) > 0 {
        if Self.own(target) == .userName {
          isMatched = true
        } else {
          left.append(
            "\(target) is a matching attribute: \(AttributeMapping.unfit(toMatch: Self.own(target)?.description ?? target))."
          )
        }
      }
      readMapping(value, target, attributes)
    }
    if !isMatched, targets.contains(where: { Self.own($0) == .userName }) {
      refused.append("userName is no matching attribute, and accounts are found by it; give it a matching precedence.")
    }
    for required in [AccountAttribute.userName, .displayName]
    where !targets.contains(where: { Self.own($0) == required }) {
      refused.append("\(required) is not mapped, and TeamViewer takes no account without it; map it.")
    }
    if !targets.contains(where: { Self.own($0) == .active }) {
      left.append("active is not mapped there; here an account is active as long as the person may sign in.")
    }
  }

  /// The attribute of an account that a target is: an extension's by its last word.
  private static func own(_ target: String) -> AccountAttribute? {
    let name =
      target.lowercased().hasPrefix("urn:") ? target.split(separator: ":").last.map(String.init) ?? "" : target
    return AttributeMapping.targets.first { $0.description.hasSameBytes(as: name) }
  }

  private mutating func readMapping(_ value: JSONValue, _ target: String, _ attributes: Set<String>?) {
    if target == "id" {
      return refused.append("id is mapped, which TeamViewer gives; Entra itself does not let it be. Leave it out.")
    }
    guard let source = value["source"], source != .null else {
      return left.append("\(target) has no source, so that nothing is sent.")
    }
    guard let own = Self.own(target) else {
      return left.append("\(target) cannot be sent: \(AttributeMapping.reason(against: target)).")
    }
    noteFlow(value, target)
    guard let expression = expression(source, target) else { return }
    for name in expression.attributes.keys.sorted() where attributes?.contains(name) == false {
      refused.append("\(target) reads [\(name)], which the schema's own directory does not have.")
    }
    let standard = value["defaultValue"]?.string.flatMap { $0.isEmpty ? nil : $0 }
    let isOnCreateOnly = value["flowType"]?.string == "ObjectAddOnly"
    do throws(AttributeMapping.Flaw) {
      let mapping = try AttributeMapping(
        to: own.description, from: expression, default: standard, onCreateOnly: isOnCreateOnly)
      if mapping.isRequired, !mapping.mayHaveValue {
        refused.append("\(target) never has a value, and TeamViewer takes no account without it; map an attribute.")
      }
      take(mapping)
    } catch {
      refused.append("\(target) cannot be used: \(error.sentence).")
    }
  }

  private mutating func expression(_ source: JSONValue, _ target: String) -> MappingExpression? {
    do throws(ExpressionError) {
      if let expression = try MappingExpression(source: source) { return expression }
      refused.append("\(target) has a source without type, name or expression.")
    } catch {
      refused.append("\(target) has an expression that cannot be read: \(error)")
    }
    return nil
  }

  /// What is said of when a value flows, and is not done here.
  private mutating func noteFlow(_ value: JSONValue, _ target: String) {
    if let flow = value["flowType"]?.string, !["Always", "ObjectAddOnly"].contains(flow) {
      left.append("\(target) has the flowType \(flow); its value is sent always.")
    }
    if value["flowBehavior"]?.string == "FlowAlways" {
      left.append("\(target) has the flowBehavior FlowAlways; its value is sent when it changes.")
    }
    if value["exportMissingReferences"]?.bool == true {
      left.append("\(target) has exportMissingReferences, which has no counterpart.")
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
