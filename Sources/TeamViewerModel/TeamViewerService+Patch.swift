import Base
import JSON
import SCIM

extension TeamViewerService {
  /// The operations of a PATCH as one partial User, as the SCIM page has them. Of two values for one the later counts;
  /// between attributes the usual precedence decides, over the request as a whole.
  func merged(_ request: SCIMRequest) throws(Refusal) -> SCIMUser {
    let body = try object(request)
    let schemas = body.schemas
    let legacy = settings.patchOpURN == .both && schemas.contains(SchemaURN.legacyPatchOp)
    guard schemas.contains(SchemaURN.patchOp) || legacy else {
      throw .badRequest("invalidSyntax", "schemas does not name the PatchOp message.")
    }
    let patch: PatchRequest
    do throws(SCIMParseError) {
      patch = try PatchRequest(body)
    } catch { throw .badRequest("invalidSyntax", "\(error.clause).") }
    var user = SCIMUser()
    for operation in patch.operations {
      let op = operation.op.asciiLowercased
      guard op == "replace" || op == "add" && settings.patchAddAsReplace else {
        throw .badRequest("invalidSyntax", "Only the operation replace is supported.")
      }
      guard let value = operation.value, value != .null else { throw .badRequest("invalidValue", "value is missing.") }
      if let path = operation.path {
        try set(path, value, in: &user)
      } else {
        guard value.object != nil else { throw .badRequest("invalidValue", "value is no object.") }
        user.merge(try self.user(value))
      }
    }
    return user
  }

  private func set(_ path: String, _ value: JSONValue, in user: inout SCIMUser) throws(Refusal) {
    switch path.asciiLowercased {
    case "username": user.userName = try text(value)
    case "displayname": user.displayName = try text(value)
    case "emails.value": user.emails = [.init(value: try text(value), primary: true)]
    case "name.formatted": user.merge(SCIMUser(name: .init(formatted: try text(value))))
    case "name.givenname": user.merge(SCIMUser(name: .init(givenName: try text(value))))
    case "name.familyname": user.merge(SCIMUser(name: .init(familyName: try text(value))))
    case "active":
      guard let active = settings.acceptsBooleanStrings ? value.lenientBool : value.bool else {
        throw .badRequest("invalidValue", "active is no boolean.")
      }
      user.active = active
    default: throw .badRequest("invalidPath", "This path is not supported.")
    }
  }

  private func text(_ value: JSONValue) throws(Refusal) -> String {
    guard case .string(let text) = value else { throw .badRequest("invalidValue", "value is no string.") }
    return text
  }
}

extension SCIMUser {
  /// Takes over the attributes that a PATCH may change and that the other one has.
  fileprivate mutating func merge(_ other: SCIMUser) {
    userName = other.userName ?? userName
    displayName = other.displayName ?? displayName
    if !other.emails.isEmpty { emails = other.emails }
    active = other.active ?? active
    guard let parts = other.name else { return }
    name = Name(
      formatted: parts.formatted ?? name?.formatted, givenName: parts.givenName ?? name?.givenName,
      familyName: parts.familyName ?? name?.familyName)
  }
}
