import Base
import JSON
import Provisioning
import SCIM
import TeamViewerModel
import Testing

@Suite("Tokens, routes and limits")
struct AccessTests {
  typealias Scope = TeamViewerService.Token.Scope

  static let rights: [(Set<Scope>, String, String, String, String)] = [
    ([], "403", "403", "403", "403"), ([.readUsers], "200", "403", "403", "403"),
    ([.createUsers], "403", "201", "403", "403"), ([.createAdministrators], "403", "201", "403", "403"),
    ([.modifyUsers], "403", "403", "200", "403"), ([.modifyAdministrators], "403", "403", "200", "200"),
  ]

  @Test("each call needs its permission; administrators need their own", arguments: rights)
  func permissions(scopes: Set<Scope>, read: String, create: String, change: String, changeAdministrator: String) throws
  {
    var company = Company { $0.tokens = [.init("t", scopes: scopes)] }
    let user = try company.add("a@corp.example", "An Na")
    let boss = try company.add("b@corp.example", "Bo Ba", isAdministrator: true)
    #expect(company.send(.listUsers()).verdict == read)
    #expect(company.send(.getUser(user)).verdict == read)
    #expect(company.send(.createUser(SCIMUser(userName: "n@corp.example", displayName: "Ny"))).verdict == create)
    #expect(company.patch(user, .replace("active", false)).verdict == change)
    #expect(company.send(.replaceUser(user, SCIMUser(active: false))).verdict == change)
    #expect(company.patch(boss, .replace("active", false)).verdict == changeAdministrator)
    #expect(company.send(.replaceUser(boss, SCIMUser(active: false))).verdict == changeAdministrator)
    #expect(company.model.user(id: boss)?.active == (changeAdministrator == "403"))
  }

  @Test("no token, or an unknown one, is refused on every route", arguments: [nil, "", "T", "tt"] as [String?])
  func noToken(token: String?) {
    var company = Company()
    for path in ["/Users", "/Users/u1", "/Nowhere", "/ServiceProviderConfig"] {
      #expect(company.send(SCIMRequest(.get, path), token: token).verdict == "401")
    }
  }

  @Test("when the token's owner is disabled, the call succeeds and the next is refused")
  func owner() throws {
    var company = Company()
    let owner = try company.add("boss@corp.example", "Bo Ss", isAdministrator: true)
    company.model.settings.tokens = [.init("t", owner: owner), .init("other")]
    #expect(company.patch(owner, .replace("active", false)).status == 200)
    #expect(company.send(.listUsers()).verdict == "401")
    #expect(company.model.account(token: "t").status == 401)
    #expect(company.model.ping(token: "t").json == ["token_valid": false])
    #expect(
      company.send(.patchUser(owner, .init(operations: [.replace("active", true)])), token: "other").status == 200)
    #expect(company.send(.listUsers()).status == 200)
  }

  @Test("the Web API tells the owner, as far as the permissions go")
  func webAPI() throws {
    var company = Company()
    let owner = try company.add("boss@corp.example", "Bo Ss")
    company.model.settings.tokens = [
      .init("all", owner: owner), .init("id", scopes: [.readAccount], owner: owner),
      .init("none", scopes: [], owner: owner),
      .init("orphan"),
    ]
    #expect(company.model.ping(token: "none").json == ["token_valid": true])
    #expect(
      company.model.account(token: "all").json == [
        "userid": .string(owner), "name": "Bo Ss", "email": "boss@corp.example",
      ])
    #expect(company.model.account(token: "id").json == ["userid": .string(owner), "name": "Bo Ss"])
    #expect(company.model.account(token: "none").status == 403)
    #expect(company.model.account(token: "orphan").status == 404)
    #expect(company.model.account(token: nil).status == 401)
  }

  static let routes: [(SCIMRequest.Method, String, String)] = [
    (.put, "/Users", "405"), (.patch, "/Users", "405"), (.delete, "/Users", "405"), (.post, "/Users/u1000001", "405"),
    (.delete, "/Users/u1000001", "405"), (.get, "/Groups", "404"), (.post, "/Bulk", "404"), (.get, "/Me", "404"),
    (.post, "/.search", "404"), (.get, "/", "404"), (.get, "/users", "404"), (.get, "/Schemas", "404"),
    (.get, "/ServiceProviderConfig", "404"), (.get, "/ResourceTypes", "404"),
  ]

  @Test("what is not documented is not there", arguments: routes)
  func undocumented(method: SCIMRequest.Method, path: String, verdict: String) throws {
    var company = Company()
    _ = try company.create("a@corp.example", "An Na")
    let response = company.send(SCIMRequest(method, path, body: [:]))
    #expect(response.verdict == verdict)
    #expect((response.headers["allow"] != nil) == (verdict == "405"))
    #expect(company.model.users.count == 1)
  }

  @Test(
    "deleting a user is refused with the status of its switch",
    arguments: TeamViewerService.Settings.DeleteUser.allCases)
  func delete(answer: TeamViewerService.Settings.DeleteUser) throws {
    var company = Company { $0.deleteUser = answer }
    let id = try company.create("a@corp.example", "An Na")
    #expect(company.send(SCIMRequest(.delete, "/Users/\(id)")).status == answer.rawValue)
    #expect(company.model.users.count == 1)
  }

  @Test("discovery answers when it is switched on", arguments: ["ServiceProviderConfig", "Schemas", "ResourceTypes"])
  func discovery(name: String) {
    var company = Company { $0.discovery = .rfc }
    #expect(company.send(SCIMRequest(.get, "/\(name)")).json?.object?.isEmpty == false)
    #expect(company.send(SCIMRequest(.post, "/\(name)")).status == 404)
  }

  @Test("errors have the shape of their switch")
  func shapes() {
    var company = Company { $0.errorShape = .webapi }
    let cases: [(SCIMRequest, String?, Int, String)] = [
      (.listUsers(), nil, 401, "invalid_token"), (.getUser("u1"), "t", 404, "invalid_request"),
      (.createUser(SCIMUser()), "t", 400, "invalid_request"),
    ]
    for (request, token, status, category) in cases {
      let response = company.send(request, token: token)
      #expect(response.status == status)
      guard case .webAPI(let error) = response.errorBody else {
        Issue.record("no error in the Web API's shape")
        continue
      }
      #expect(error.error == category)
    }
  }

  @Test(
    "calls are limited per token and function, and a window ends",
    arguments: TeamViewerService.Settings.RateLimit.Refusal.allCases)
  func quota(refusal: TeamViewerService.Settings.RateLimit.Refusal) {
    var company = Company {
      $0.tokens = [.init("t"), .init("other")]
      $0.rateLimit = .init(calls: 2, windowMilliseconds: 60_000, refusal: refusal)
    }
    #expect(company.send(.listUsers()).status == 200 && company.send(.listUsers()).status == 200)
    company.now = company.now + .milliseconds(59_001)
    let over = company.send(.listUsers())
    #expect(over.isRateLimited)
    #expect(over.status == Int(refusal.rawValue))
    #expect(over.retryAfter == (refusal == .tooManyRequests ? .seconds(1) : nil))
    #expect(company.send(.getUser("u1")).status == 404)
    #expect(company.send(.listUsers(), token: "other").status == 200)
    #expect(company.send(.listUsers(), token: "bad").status == 401)
    company.now = company.now + .milliseconds(999)
    #expect(company.send(.listUsers()).status == 200)
  }
}
