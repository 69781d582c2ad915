import Expressions
import Provisioning

// The part of the YAML that concerns mapping.

extension Mapping {
  /// Reads `mapping`. Throws a `Fault` of the PL-02 codes with line and column.
  init(_ mapping: MappingReader) throws {
    var reader = mapping
    let source = try reader.text("userName", default: DirectoryAttribute.userPrincipalName.rawValue)
    let allowed: [DirectoryAttribute] = [.userPrincipalName, .mail]
    guard let attribute = allowed.first(where: { $0.rawValue == source }) else {
      throw reader.wrong("userName", "is \"\(source)\"; use userPrincipalName or mail")
    }
    let identifier = try reader.text("ssoCustomerId", default: "")
    self.init(userName: attribute, ssoCustomerId: identifier.isEmpty ? nil : identifier)
    own = try reader.mappings("attributes").map { try AttributeMapping($0) }
    if let double = own.first(where: { mapping in own.count { $0.target == mapping.target } > 1 }) {
      throw reader.wrong("attributes", "map \(double.target) twice; remove one of the two")
    }
    if attribute != .userPrincipalName, self.mapping(to: .userName) != nil {
      throw reader.wrong("userName", "and a mapping of userName under `attributes` cannot both be there")
    }
    if !identifier.isEmpty, self.mapping(to: .ssoCustomerId) != nil {
      throw reader.wrong("ssoCustomerId", "and a mapping of ssoCustomerId under `attributes` cannot both be there")
    }
    if reader.has("actions") { actions = Set(try reader.words("actions")) }
    try reader.finish()
  }
}

extension AttributeMapping {
  fileprivate init(_ mapping: MappingReader) throws {
    var reader = mapping
    let target = try reader.text("target")
    let source = try reader.source()
    let standard = try reader.text("default", default: "")
    let onlyOnCreate = try reader.flag("onlyOnCreate")
    try reader.finish()
    do throws(Flaw) {
      try self.init(to: target, from: source, default: standard.isEmpty ? nil : standard, onCreateOnly: onlyOnCreate)
    } catch {
      throw reader.fault(error.sentence + ".")
    }
  }
}

extension MappingReader {
  /// One of `attribute`, `constant` and `expression`.
  fileprivate mutating func source() throws -> MappingExpression {
    let keys = ["attribute", "constant", "expression"].filter(has)
    guard let key = keys.first, keys.count == 1 else {
      throw fault("A mapping needs one of `attribute`, `constant` and `expression`.")
    }
    let text = try self.text(key)
    switch key {
    case "attribute": return MappingExpression(attribute: text)
    case "constant": return MappingExpression(constant: text)
    default:
      do throws(ExpressionError) { return try MappingExpression(text) } catch {
        throw wrong(key, "cannot be read: \(String(error.description.dropLast()))")
      }
    }
  }
}
