import Base
import JSON

/// Functions of app roles. A role is its name, or an object of id, value and displayName.
extension ExpressionFunction {
  static let roles: [ExpressionFunction] = [
    ExpressionFunction("AppRoleAssignments", [.needed("appRoleAssignments")], givesSeveral: true) {
      call, evaluator throws(ExpressionHalt) in .some(list: try call.roles(&evaluator).compactMap(\.roleName))
    },
    ExpressionFunction("AppRoleAssignmentsComplex", [.needed("appRoleAssignments")], givesSeveral: true) {
      call, evaluator throws(ExpressionHalt) in .some(list: try call.roles(&evaluator).compactMap(\.roleObject))
    },
    ExpressionFunction("AssertiveAppRoleAssignmentsComplex", [.needed("appRoleAssignments")], givesSeveral: true) {
      call, evaluator throws(ExpressionHalt) in .some(list: try call.roles(&evaluator).compactMap(\.roleObject))
    },
    ExpressionFunction("SingleAppRoleAssignment", [.needed("appRoleAssignments")]) {
      call, evaluator throws(ExpressionHalt) in
      let roles = try call.roles(&evaluator)
      guard roles.count <= 1 else {
        throw call.wrong("the person has \(roles.count.of("role")) where one is supported; assign one")
      }
      return ExpressionValue(roles.first?.roleName)
    },
  ]
}

extension CallArguments {
  fileprivate func roles(_ evaluator: inout Evaluator) throws(ExpressionHalt) -> [JSONValue] {
    switch try value(0, &evaluator) {
    case .list(let roles): return roles
    case let value: return value.text.map { [.string($0)] } ?? []
    }
  }
}

extension ExpressionValue {
  /// Several values; none where there is none.
  fileprivate static func some(list values: [JSONValue]) -> ExpressionValue { values.isEmpty ? .null : .list(values) }
}

extension JSONValue {
  fileprivate var roleName: JSONValue? {
    if string != nil { return self }
    return (self["displayName"]?.string ?? self["value"]?.string).map(JSONValue.string)
  }

  /// As SCIM's complex attribute `roles` has it (RFC 7643 section 4.1.2).
  fileprivate var roleObject: JSONValue? {
    guard let name = roleName else { return nil }
    let value = self["value"]?.string.map(JSONValue.string) ?? name
    return ["display": name, "primary": false, "value": value]
  }
}
