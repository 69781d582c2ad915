import Base
import JSON
import Provisioning
import SCIM

extension TeamViewerService {
  // MARK: Reading

  func read(_ id: String, _ token: Token) throws(Refusal) -> SCIMResponse {
    try demand(token, .readUsers)
    guard let index = index(ofID: id) else { throw .notFound }
    return answer(200, users[index])
  }

  func list(_ request: SCIMRequest, _ token: Token) throws(Refusal) -> SCIMResponse {
    try demand(token, .readUsers)
    // RFC 7644 section 3.4.2.4: a start below 1 means 1, a count below 0 means 0.
    let start = max(1, try number(request, "startIndex") ?? 1)
    let count = max(0, try number(request, "count") ?? .max)
    guard let text = request.parameter("filter") else {
      if settings.hidesInactive {
        let shown = users.filter(\.active)
        return answer(total: shown.count, start: start, shown.dropFirst(start - 1).prefix(count))
      }
      return answer(total: users.count, start: start, users.dropFirst(start - 1).prefix(count))
    }
    let found = try matches(text)
    return answer(total: found.count, start: start, found.dropFirst(start - 1).prefix(count))
  }

  private func number(_ request: SCIMRequest, _ name: String) throws(Refusal) -> Int? {
    guard let text = request.parameter(name) else { return nil }
    guard let number = Int(text) else { throw .badRequest("invalidValue", "\(name) is no whole number.") }
    return number
  }

  /// The accounts that a filter selects; comparisons are case-sensitive (SCIM page, "Get a list of users").
  private func matches(_ text: String) throws(Refusal) -> [Account] {
    let filter: Filter
    do throws(SCIMParseError) {
      filter = try Filter(parsing: text)
    } catch { throw .badRequest("invalidFilter", "\(error.clause).") }
    let isAddress: Bool
    switch filter.attribute.asciiLowercased {
    case "username", "emails.value": isAddress = true
    case "name", "displayname": isAddress = false
    default: throw .badRequest("invalidFilter", "This attribute cannot be filtered.")
    }
    if isAddress, filter.operator == .eq {
      guard let index = index(ofAddress: filter.value), users[index].email.hasSameBytes(as: filter.value) else {
        return []
      }
      return [users[index]]
    }
    let wanted = Array(filter.value.utf8)
    return users.filter { account in
      let utf8 = (isAddress ? account.email : account.name).utf8
      return switch filter.operator {
      case .eq: utf8.elementsEqual(wanted)
      case .ne: !utf8.elementsEqual(wanted)
      case .sw: utf8.starts(with: wanted)
      case .ew: utf8.reversed().starts(with: wanted.reversed())
      case .co: utf8.contains(wanted)
      }
    }
  }

  // MARK: Writing

  mutating func create(_ request: SCIMRequest, _ token: Token, _ now: Timestamp) throws(Refusal) -> SCIMResponse {
    try demand(token, .createUsers, or: .createAdministrators)
    let (body, user) = try resource(request)
    guard let email = user.emailSource else { throw .badRequest("invalidValue", "No e-mail address is given.") }
    guard let name = user.nameSource else { throw .badRequest("invalidValue", "No name is given.") }
    try checkLimits(email: email, name: name)
    if let password = user.password, password.utf16.count < 6 {
      throw .badRequest("invalidValue", "The password is too short.")
    }
    if let identifier = user.ssoCustomerId {
      guard body.schemas.contains(SchemaURN.ssoUser) else {
        throw .badRequest("invalidSyntax", "schemas does not name the SsoUser extension.")
      }
      guard !identifier.isEmpty else { throw .badRequest("invalidValue", "ssoCustomerId is empty.") }
    }
    createAttempts[email.asciiLowercased, default: 0] += 1
    guard !isTaken(email) else { throw .addressInUse }
    var account = Account(number: nextNumber, email: email, name: name, created: now, modified: now)
    account.hasPassword = user.password != nil
    account.usesSingleSignOn = user.ssoCustomerId != nil
    account.language = user.preferredLanguage ?? "en"
    if settings.externalId == .stored { account.externalId = body.attribute("externalId")?.string }
    insert(account)
    creates[email.asciiLowercased, default: 0] += 1
    var response = answer(201, account)
    response.headers["location"] = "\(settings.baseURL)/Users/\(account.id)"
    return response
  }

  /// PUT and PATCH: all checks come first, so that a refused request changes nothing.
  mutating func change(
    _ id: String, _ request: SCIMRequest, _ token: Token, _ now: Timestamp
  ) throws(Refusal) -> SCIMResponse {
    try demand(token, .modifyUsers, or: .modifyAdministrators)
    guard let index = index(ofID: id) else { throw .notFound }
    var account = users[index]
    if account.isAdministrator { try demand(token, .modifyAdministrators) }
    let user: SCIMUser
    let name: String?
    if request.method == .put {
      let (body, replacement) = try resource(request)
      (user, name) = (replacement, replacement.nameSource)
      if settings.externalId == .stored { account.externalId = body.attribute("externalId")?.string }
    } else {
      user = try merged(request)
      name = user.nameSource(over: account.name)
    }
    let email = user.emailSource
    try checkLimits(email: email, name: name)
    if let name { account.name = name }
    if let active = user.active { account.active = active }
    if let email { try change(email, of: &account) }
    store(account, at: index, now: now)
    return answer(200, users[index])
  }

  /// The address that was asked for last counts: asking for the present one takes back a change that is pending.
  private func change(_ email: String, of account: inout Account) throws(Refusal) {
    let own = Self.key(email) == Self.key(account.email)
    guard own || !isTaken(email) else { throw .addressInUse }
    if email.hasSameBytes(as: account.email) {
      account.pendingEmail = nil
    } else if settings.emailChange == .pending {
      account.pendingEmail = email
    } else {
      account.email = email
      account.pendingEmail = nil
    }
  }

  // MARK: Checks

  private func demand(_ token: Token, _ scope: Token.Scope, or other: Token.Scope? = nil) throws(Refusal) {
    guard token.scopes.contains(scope) || other.map(token.scopes.contains) == true else {
      throw .missingScope(scope)
    }
  }

  /// The User in a body, whose `schemas` must name the core schema.
  private func resource(_ request: SCIMRequest) throws(Refusal) -> (JSONValue, SCIMUser) {
    let body = try object(request)
    guard body.schemas.contains(SchemaURN.user) else {
      throw .badRequest("invalidSyntax", "schemas does not name the User schema.")
    }
    return (body, try user(body))
  }

  func object(_ request: SCIMRequest) throws(Refusal) -> JSONValue {
    guard let body = request.body, body.object != nil else {
      throw .badRequest("invalidSyntax", "The body is no JSON object.")
    }
    return body
  }

  func user(_ json: JSONValue) throws(Refusal) -> SCIMUser {
    if !settings.acceptsBooleanStrings, json.attribute("active")?.string != nil {
      throw .badRequest("invalidValue", "active is no boolean.")
    }
    do throws(SCIMParseError) {
      return try SCIMUser(json)
    } catch { throw .badRequest("invalidValue", "\(error.clause).") }
  }

  private func checkLimits(email: String?, name: String?) throws(Refusal) {
    if let email, email.isEmpty || settings.emailPattern && !Limits.allowsEmail(email) {
      throw .badRequest("invalidValue", "The e-mail address is not valid.")
    }
    if let name, name.isEmpty || settings.nameLimits && !Limits.allowsName(name) {
      throw .badRequest("invalidValue", "The name must have 2 to 50 characters.")
    }
  }
}

extension SCIMUser {
  /// `userName`, else the first primary entry of `emails`, else the first (SCIM page, "Create a new user").
  var emailSource: String? { userName ?? (emails.first { $0.primary == true } ?? emails.first)?.value }

  /// `displayName`, else `name.formatted`, else given and family name (SCIM page, "Create a new user").
  var nameSource: String? {
    displayName ?? name?.formatted ?? NameParts.join(name?.givenName, name?.familyName)
  }

  /// As `nameSource`; when only one part of the name is given, the other stays as it is. A name of one word counts as
  /// given name.
  func nameSource(over current: String) -> String? {
    if let whole = displayName ?? name?.formatted { return whole }
    guard let name, name.givenName != nil || name.familyName != nil else { return nil }
    let parts = NameParts.split(current)
    // A part that is replaced by nothing leaves an empty name to be refused, rather than no change.
    return NameParts.join(name.givenName ?? parts?.given ?? current, name.familyName ?? parts?.family) ?? ""
  }
}

extension Collection<UInt8> {
  /// True when the bytes hold `wanted` somewhere; nothing is held everywhere.
  fileprivate func contains(_ wanted: [UInt8]) -> Bool {
    guard let first = wanted.first else { return true }
    var start = startIndex
    while let index = self[start...].firstIndex(of: first) {
      if self[index...].starts(with: wanted) { return true }
      start = self.index(after: index)
    }
    return false
  }
}
