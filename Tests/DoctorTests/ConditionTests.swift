import Base
import EventLog
import Foundation
import Ledger
import Operations
import Provisioning
import NetworkSupport
import TestSupport
import Testing
import Views

@testable import Doctor
@testable import TeamViewer

/// What the log and the target say of a ledger's state is named too.
@Suite("doctor: target, proofs, deliveries")
struct ConditionTests {
  private let place: TestLedger
  private let ledger: OpenLedger
  private let surroundings: Surroundings

  init() throws {
    place = try TestLedger(isEmpty: true)
    try place.create(token: .file(place.write("token", "tk-1\n")))
    ledger = try place.open()
    let clock = place.clock
    surroundings = Surroundings(
      freeBytes: { _ in 100 << 30 }, fileSystem: { _ in "ext4" }, synchronising: { _ in .milliseconds(1) },
      now: clock.read
    ) { _, _, _, _ in Surroundings.Probe(test: TargetTest(steps: [], diagnosis: nil, owner: nil), date: clock.moment) }
  }

  private func expect(
    _ code: String, _ severity: Finding.Severity, with other: Surroundings? = nil,
    location: SourceLocation = #_sourceLocation
  ) async throws {
    try ledger.views.catchUp()
    for name in try FileManager.default.contentsOfDirectory(atPath: place.folder) {
      try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: "\(place.folder)/\(name)")
    }
    let findings = await Examination(folder: place.folder, surroundings: other ?? surroundings).examine()
    let bad = Set(findings.filter { $0.severity > .notice }.map(\.code))
    let found = findings.first { $0.code == code }
    #expect(found?.severity == severity, "\(findings)", sourceLocation: location)
    #expect(bad == (severity > .notice ? [code] : []), "\(findings)", sourceLocation: location)
  }

  private func show() async throws -> Person {
    let path = try place.write("export.csv", Export.csv([Exported("ada")]))
    _ = try await DirectoryImport(into: ledger, actor: "test").run(paths: [path])
    try ledger.views.catchUp()
    return try #require(try ledger.views.people().people.first)
  }

  // MARK: Target

  static let faults: [(FaultCode, String)] = [
    (.targetToken, "token-refused"), (.targetPermission, "permission-missing"), (.targetName, "target-name-unknown"),
    (.targetUnreachable, "target-unreachable"), (.targetTLS, "target-tls"), (.targetHTML, "target-web-page"),
    (.targetNotSCIM, "target-not-scim"),
  ]

  @Test("15: what is wrong with token, permissions, name, connection, TLS, URL", arguments: faults)
  func target(code: FaultCode, word: String) async throws {
    try await expect(word, .failure, with: surroundings.failing(Fault(code, "It is so.")))
  }

  @Test("16: the token is not where it should be, or the URL is not allowed")
  func token() async throws {
    try place.write("token", "\n")
    try await expect("token-missing", .failure)
    try place.write("token", "tk-1\n")
    try place.reconfigure("https://example.test", with: "http://example.test")
    try await expect("target-url", .failure)
  }

  @Test("28: what stands round the token, who may read the proxy's credentials, and which way is taken")
  func way() async throws {
    try place.write("token", "\"tk-1\"\r\n")
    try await expect("token-extras", .notice)
    try place.write("token", "tk-1\ntk-2\n")
    try await expect("token-malformed", .failure)
    try place.write("token", "tk-1\n")
    let path = try place.write("proxy", "ann:pw\n")
    try place.reconfigure("proxy:\n  url: \"\"", with: "proxy:\n  url: \"http://proxy.test:3128\"")
    try place.reconfigure("    environment: \"\"\n    file: \"\"", with: "    file: \"\(path)\"")
    var surroundings = surroundings
    let well = surroundings.probe
    surroundings.probe = { url, token, route, linked in
      #expect(route == Route(proxy: try Proxy("ann:pw@proxy.test:3128")))
      return try await well(url, token, route, linked)
    }
    try await expect("proxy", .ok, with: surroundings)
    try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
    try await expect("proxy-credentials-rights", .warning)
    try place.write("proxy", "pw")
    try await expect("proxy-credentials-missing", .failure)
  }

  @Test("29: certificates that end soon, have ended in part, or are none")
  func certificates() async throws {
    let now = place.clock.moment
    func put(_ authorities: TestAuthority...) throws {
      try Data(authorities.map(\.pem).joined().utf8).write(to: URL(fileURLWithPath: "\(place.folder)/ca.pem"))
    }
    let (long, short) = (try TestAuthority(days: 31, from: now), try TestAuthority(days: 29, from: now))
    let ended = try TestAuthority(days: 1, from: now + .seconds(-90_000))
    try place.reconfigure("certificates: \"\"", with: "certificates: ca.pem")
    try await expect("certificates-unusable", .failure)
    try put(long)
    try await expect("certificates", .ok)
    try put(long, short)
    try await expect("certificates-ending", .warning)
    try put(ended, long)
    try await expect("certificates-ending", .warning)
    try put(ended)
    try await expect("certificates-unusable", .failure)
  }

  @Test("33: a list that shows none of the linked accounts; the target is asked with those that are")
  func strangeIDs() async throws {
    let person = try await show()
    let account = RemoteAccount(id: "u1", userName: "ada@contoso.com", displayName: "Ada", active: true)
    try await ledger.account(person.alias, .linked(AccountLinked(.created, account)))
    try ledger.views.catchUp()
    let step = TargetTest.Step(name: .list, verdict: .warning, sentence: "None of them.", concern: .strange)
    var surroundings = surroundings
    let date = place.clock.moment
    surroundings.probe = { _, _, _, linked in
      #expect(linked == ["u1"])
      return Surroundings.Probe(test: TargetTest(steps: [step], diagnosis: nil, owner: nil), date: date)
    }
    let findings = await Examination(folder: place.folder, surroundings: surroundings).examine()
    #expect(findings.contains { $0.code == "target-ids-strange" && $0.severity == .warning }, "\(findings)")
  }

  @Test("17: the target's clock is another")
  func clock() async throws {
    var surroundings = surroundings
    let date = place.clock.moment + .seconds(90)
    surroundings.probe = { _, _, _, _ in
      Surroundings.Probe(test: TargetTest(steps: [], diagnosis: nil, owner: nil), date: date)
    }
    try await expect("clock-target", .warning, with: surroundings)
  }

  @Test("32: a token whose owner cannot be read, until somebody names the protected accounts")
  func owner() async throws {
    var surroundings = surroundings
    let date = place.clock.moment
    let step = TargetTest.Step(name: .account, verdict: .warning, sentence: "The token's owner could not be read.")
    surroundings.probe = { _, _, _, _ in
      Surroundings.Probe(test: TargetTest(steps: [step], diagnosis: nil, owner: nil), date: date)
    }
    try await expect("token-owner-unknown", .notice, with: surroundings)
    try place.reconfigure("protectedAccounts: []", with: "protectedAccounts: [u1234567]")
    let findings = await Examination(folder: place.folder, surroundings: surroundings).examine()
    #expect(!findings.contains { $0.code == "token-owner-unknown" } && findings.contains { $0.code == "target" })
  }

  // MARK: Deliveries

  @Test("18: a quarantine, an open circuit, a pause")
  func closures() async throws {
    try await ledger.target(.quarantineEntered(QuarantineEntered(.credentials, status: 401, operation: "GET /Users")))
    try await expect("quarantine", .failure)
    try await ledger.target(
      .quarantineLeft(QuarantineLeft(.released)),
      .circuitOpened(CircuitOpened(faults: 5, operation: "GET /Users", error: "timeout")))
    try await expect("circuit-open", .warning)
    try await ledger.target(.circuitClosed(CircuitClosed()), .deliveryPaused(DeliveryPaused(reason: "move")))
    try await expect("paused", .notice)
  }

  @Test("30: two people who are linked to one account")
  func shared() async throws {
    let path = try place.write("export.csv", Export.csv([Exported("ada"), Exported("bob")]))
    _ = try await DirectoryImport(into: ledger, actor: "test").run(paths: [path])
    try ledger.views.catchUp()
    let people = try ledger.views.people().people.map(\.alias)
    let account = RemoteAccount(id: "u1", userName: "ada@contoso.com", displayName: "Ada", active: true)
    try await ledger.account(people[0], .linked(AccountLinked(.created, account)))
    try await expect("deliveries", .ok)
    try await ledger.account(people[1], .linked(AccountLinked(.matched, account)))
    try await expect("account-shared", .failure)
  }

  @Test("19: silence while work is pending")
  func silence() async throws {
    _ = try await show()
    place.clock.advance(.seconds(3 * 3600))
    try await expect("silence", .warning)
  }

  @Test("20: deliveries that are parked, and given up")
  func parked() async throws {
    let (person, now) = (try await show(), place.clock.moment)
    try await ledger.account(
      person.alias,
      .deliveryParked(
        DeliveryParked(.rejected, decision: person.decisionPosition, attempt: 1, since: now, retry: now + .seconds(60)))
    )
    try await expect("parked", .warning)
    try await ledger.account(
      person.alias, .deliveryAbandoned(DeliveryAbandoned(.rejected, decision: person.decisionPosition)))
    try await expect("abandoned", .warning)
  }

  @Test(
    "what is parked is counted as one says it",
    arguments: [(0, nil), (1, "1 delivery is parked."), (2, "2 deliveries are parked.")])
  func counted(_ count: Int, _ sentence: String?) async throws {
    let path = try place.write("export.csv", Export.csv([Exported("ada"), Exported("bob")]))
    _ = try await DirectoryImport(into: ledger, actor: "test").run(paths: [path])
    try ledger.views.catchUp()
    let now = place.clock.moment
    for person in try ledger.views.people().people.prefix(count) {
      let parked = DeliveryParked(
        .rejected, decision: person.decisionPosition, attempt: 1, since: now, retry: now + .seconds(60))
      try await ledger.account(person.alias, .deliveryParked(parked))
    }
    try ledger.views.catchUp()
    let findings = await Examination(folder: place.folder, surroundings: surroundings).examine()
    #expect(findings.first { $0.code == "parked" }?.sentence == sentence)
  }

  @Test("31: accounts that were changed at TeamViewer: a leaver's that is active fails, others are warned of")
  func drifted() async throws {
    let person = try await show()
    let account = RemoteAccount(id: "u1", userName: "ada@example.com", displayName: "Name of ada", active: true)
    var changed = account
    changed.displayName = "By hand"
    try await ledger.account(
      person.alias, .linked(AccountLinked(.created, account)),
      .deliveryCompleted(DeliveryCompleted(.call, decision: person.decisionPosition)),
      .driftDetected(DriftDetected(.changed, isRepaired: false, account: changed)))
    try await expect("drifted", .warning)
    let path = try place.write("export.csv", Export.csv([Exported("ada", enabled: false)]))
    _ = try await DirectoryImport(into: ledger, actor: "test").run(paths: [path])
    let left = try #require(try ledger.views.person(person.alias))
    var inactive = account
    inactive.active = false
    try await ledger.account(
      person.alias, .accountVerified(AccountVerified(isGone: false, account: inactive)),
      .deliveryCompleted(DeliveryCompleted(.call, decision: left.decisionPosition)))
    try await expect("deliveries", .ok)
    try await ledger.account(
      person.alias, .driftDetected(DriftDetected(.extra, isRepaired: false, account: account)))
    try await expect("active-leavers", .failure)
  }

  @Test("accounts of people whom no source owns: a notice while they are active")
  func detached() async throws {
    let person = try await show()
    let account = RemoteAccount(
      id: "u1", userName: "ada@example.com", displayName: person.desired?.displayName ?? "", active: true)
    try await ledger.account(
      person.alias, .linked(AccountLinked(.created, account)),
      .deliveryCompleted(DeliveryCompleted(.call, decision: person.decisionPosition)))
    _ = try await Sources(in: ledger, actor: "test").detach(.standard)
    try await expect("detached", .notice)
  }

  // MARK: Proofs

  @Test("21: no backup was proved in time")
  func backup() async throws {
    try await ledger.target(.quarantineLeft(QuarantineLeft(.probe)))
    place.clock.advance(.seconds(8 * 86_400))
    try await expect("backup-overdue", .warning)
  }

  @Test("22: an anchor does not take checkpoints")
  func anchor() async throws {
    try place.reconfigure("anchorFiles: []", with: "anchorFiles: [/nowhere/at/all/anchors]")
    let other = try place.open()
    try await ledger.target(.quarantineLeft(QuarantineLeft(.probe)))
    _ = try await other.tellAnchors(of: try await other.checkpoint())
    try await expect("anchor-failed", .warning)
  }

  @Test("nobody has read the log again yet: a notice")
  func unverified() async throws {
    try await ledger.target(.quarantineLeft(QuarantineLeft(.probe)))
    try await expect("unverified", .notice)
  }
}
