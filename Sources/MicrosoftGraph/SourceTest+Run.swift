public import Base
import JSON

extension SourceTest {
  /// Runs the steps; without a token none but the first is tried. `now` is for ends that have passed.
  ///
  /// What is wrong is a step and the diagnosis; it throws when the task is cancelled.
  public static func run(_ source: GraphSource, now: Timestamp) async throws -> SourceTest {
    var test = SourceTest()
    let client = source.client
    let signIn = try await attempt { try await client.signIn() }
    guard
      test.take(.signIn, signIn.map { "Microsoft gives the application \(client.names.client) a token." })
    else { return test }
    test.take(try await attempt { try await source.tenantName() })
    let first = try await attempt { try await source.firstUsers() }
    test.users = try? first.get().count
    test.take(.users, first.map { "\($0.isAll ? "" : "At least ")\($0.count.of("user")) can be read." })
    test.take(.assignments, try await attempt { try await source.assignmentSentence() })
    test.take(.groups, try await attempt { try await source.groupSentence() })
    test.take(try await attempt { try await source.credentials() }, now)
    return test
  }

  private static func attempt<Answer>(
    _ body: () async throws -> Answer
  ) async throws -> Result<Answer, Fault> {
    do { return .success(try await body()) } catch let fault as Fault { return .failure(fault) }
  }

  /// The tenant's name is a comfort: no permission is asked for it.
  private mutating func take(_ name: Result<String?, Fault>) {
    tenant = (try? name.get()) ?? nil
    if let tenant { steps.append(Step(name: .tenant, verdict: .passed, sentence: "The tenant is \(tenant).")) }
  }

  private mutating func take(_ keys: Result<[ApplicationKey], Fault>, _ now: Timestamp) {
    guard case .success(let keys) = keys else {
      let sentence = "When secrets and certificates end may not be read; look at it in the registration."
      return steps.append(Step(name: .keys, verdict: .warning, sentence: sentence))
    }
    self.keys = keys
    guard let first = keys.first(where: { now < $0.end }) ?? keys.last else {
      return steps.append(
        Step(name: .keys, verdict: .passed, sentence: "The registration has no secret or certificate."))
    }
    let verb = first.end <= now ? "ended" : "ends"
    steps.append(
      Step(
        name: .keys, verdict: first.end < now + ApplicationKey.notice ? .warning : .passed,
        sentence: "The first \(first.kind.rawValue) to end \(verb) at \(first.end)."))
  }
}

/// What a test asks, and a cycle does not.
extension GraphSource {
  /// How many users the first page shows, and whether there are no more.
  fileprivate func firstUsers() async throws -> (count: Int, isAll: Bool) {
    guard case .body(let bytes) = try await client.read(beginning, .users) else {
      throw client.unreadable("shows no users")
    }
    let page = try? JSONParser.parse(bytes)
    guard let users = page?["value"]?.array else { throw client.unreadable("has no list") }
    return (users.count, page?["@odata.nextLink"] == nil)
  }

  /// The tenant's name; nil where it may not be read.
  fileprivate func tenantName() async throws -> String? {
    var name: String?
    try await client.list("organization?$select=id,displayName", .organization) {
      name = name ?? $0["displayName"]?.string.map { OutsideText.cleaned($0) }
    }
    return name
  }

  fileprivate func assignmentSentence() async throws -> String {
    let roles = try await roles()
    let count = try await firstAssignments().count
    return
      "The service principal defines \((roles.count - 1).of("role")); \(count.of("assignment")) can be read at first."
  }

  /// The members of a group that is assigned; without one, that groups may be read at all.
  fileprivate func groupSentence() async throws -> String {
    let assigned = try await firstAssignments().first { $0["principalType"]?.string == "Group" }
    guard let group = assigned?["principalId"]?.string?.asciiLowercased else {
      try await client.list("groups?$select=id&$top=1", .members) { _ in }
      return "No group is assigned; groups may be read."
    }
    return "The first assigned group has \(try await countMembers(of: group).of("member"))."
  }

  private func firstAssignments() async throws -> [JSONValue] {
    let page = try await client.object("\(principalPath)/appRoleAssignedTo?$top=999", .assignments)
    return page?["value"]?.array ?? []
  }

  /// The secrets and certificates of the application, the first to end first. Throws `Fault` with a PL-12xx code.
  public func credentials() async throws -> [ApplicationKey] {
    let path = "applications(appId='\(client.names.client.pathSafe)')?$select=passwordCredentials,keyCredentials"
    return ApplicationKey.all(of: try await client.object(path, .application) ?? JSONObject())
  }
}
