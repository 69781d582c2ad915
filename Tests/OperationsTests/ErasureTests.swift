import Base
import EventLog
import Foundation
import JSON
import Ledger
import Provisioning
import Sealing
import TestSupport
import Testing
import Views

@testable import Operations

@Suite("Erasing a person")
struct ErasureTests {
  private let place: TestLedger
  private let ledger: Ledger
  private let reason: ErasureReason

  init() throws {
    place = try TestLedger()
    ledger = try place.open()
    reason = try #require(ErasureReason("gdpr-art-17-1-a"))
  }

  // MARK: A life that leaves traces

  /// All that is known of Ada at one time or another.
  static let ada: [String] = [
    "7e5f3d2c-1111-4222-8333-adaadaadaada", "ada.lovelace@example.com", "ada.king@example.com",
    "Augusta Ada Byron", "Countess of Lovelace", "Adagiven", "Adasurname", "ada-mail@example.com", "u77001815",
    "said that Ada cannot be",
  ]

  private func crowd(_ count: Int = 150) -> [JSONValue] {
    (0..<count).map { number in
      [
        "id": .string("p\(number)"), "userPrincipalName": .string("person\(number)@example.com"),
        "displayName": .string("Person Number \(number)"), "accountEnabled": true,
      ]
    }
  }

  private func ada(_ address: String, _ name: String) -> JSONValue {
    [
      "id": .string(Self.ada[0]), "userPrincipalName": .string(address), "displayName": .string(name),
      "givenName": "Adagiven", "surname": "Adasurname", "mail": "ada-mail@example.com", "accountEnabled": true,
    ]
  }

  private func cycle(_ people: [JSONValue]) async throws {
    place.clock.advance(.seconds(60))
    let path = try place.write("export.ndjson", people.map { $0.text + "\n" }.joined())
    _ = try await DirectoryImport(into: ledger, actor: "operator:olga").run(paths: [path], format: nil)
  }

  /// Brings everybody who waits in step, as the worker would.
  private func deliver(refusing address: String? = nil, except alias: String? = nil) async throws {
    try ledger.views.catchUp()
    for person in try ledger.views.people().people where person.isPending && person.alias != alias {
      guard let desired = person.desired else { continue }
      let id = desired.userName.hasPrefix("ada") ? "u77001815" : "u\(desired.userName.utf8.count)-\(person.alias)"
      let account = RemoteAccount(
        id: person.account.believed?.id ?? id, userName: desired.userName, displayName: desired.displayName,
        active: desired.active)
      let isNew = person.account.believed == nil
      let (call, decision) = (person.account.calls + 1, person.decisionPosition)
      let purpose: CallPurpose = isNew ? .create : .change
      func finished(_ purpose: CallPurpose, refused: Bool = false) -> EventPayload {
        .callFinished(
          CallFinished(
            call: purpose.isWrite ? call : 0, purpose: purpose, operation: "PATCH /Users/{id}",
            outcome: refused ? .refused : .done, status: refused ? 400 : 200, milliseconds: 20,
            account: refused ? nil : account, detail: refused ? "said that Ada cannot be" : nil))
      }
      var events: [EventPayload] = [
        .callStarted(
          CallStarted(
            call: call, purpose: purpose, decision: decision, userName: desired.userName,
            body: ["userName": .string(desired.userName), "displayName": .string(desired.displayName)]))
      ]
      if desired.userName == address {
        let now = place.clock.moment
        events += [
          finished(purpose, refused: true),
          .deliveryParked(
            DeliveryParked(
              .rejected, decision: decision, attempt: 1, since: now, retry: now, status: 400,
              detail: "said that Ada cannot be")),
        ]
      } else {
        events.append(finished(purpose))
        if isNew { events.append(.linked(AccountLinked(.created, account))) }
        if !desired.active {
          events += [finished(.verify), .accountVerified(AccountVerified(isGone: false, account: account))]
        }
        events.append(.deliveryCompleted(DeliveryCompleted(.call, decision: decision)))
      }
      try await ledger.append(events.map { Event(.account(person.alias), $0) }, actor: "worker")
    }
    try ledger.views.catchUp()
  }

  /// Ada comes, is renamed, refused, renamed again; returns her alias.
  private func live() async throws -> String {
    try await cycle(crowd() + [ada("ada.lovelace@example.com", "Augusta Ada Byron")])
    try await deliver()
    try await cycle(crowd(160) + [ada("ada.king@example.com", "Countess of Lovelace")])
    try await deliver(refusing: "ada.king@example.com")
    try await cycle(crowd(170) + [ada("ada.king@example.com", "Augusta Ada Byron")])
    try await deliver()
    return try #require(try ledger.views.find(Self.ada[0]).first?.alias)
  }

  /// As `live`, and then she leaves and her account is seen inactive.
  private func liveAndLeave() async throws -> String {
    let alias = try await live()
    try await cycle(crowd(180))
    try await deliver()
    try await cycle(crowd(200))
    try await deliver()
    return alias
  }

  private var erasure: Erasure { Erasure(in: ledger, actor: "operator:olga") }

  private func snapshot() throws -> [String: Data] {
    var bytes: [String: Data] = [:]
    for name in try FileManager.default.contentsOfDirectory(atPath: place.folder) where !name.hasSuffix("-shm") {
      bytes[name] = try Data(contentsOf: URL(fileURLWithPath: "\(place.folder)/\(name)"))
    }
    return bytes
  }

  // MARK: It goes

  @Test("no byte of the person is left in any file; proofs and counts stay, live views equal a rebuild")
  func gone() async throws {
    let alias = try await liveAndLeave()
    let before = try Remnants.of(Self.ada, in: place.folder)
    #expect(Set(before.map(\.value)).count == Self.ada.count, "the search finds what is there")
    let calls = try ledger.views.target().calls
    let rows = try ledger.views.deliveries(alias: alias, includingUnchanged: true)
    let head = try ledger.log.head()

    let certificate = try await erasure.run(alias, reason: reason, force: false)
    #expect(try Remnants.of(Self.ada, in: place.folder) == [])
    #expect(certificate.erased.forced.isEmpty && certificate.erased.reason == reason)
    #expect(certificate.position == head.size + 1 && certificate.actor == "operator:olga")
    #expect(certificate.checkpoint.split(separator: "\n")[1] == "\(certificate.position)")
    #expect(try ledger.log.checkpoints().map(\.size) == [head.size, certificate.position])
    let recorded = try ledger.recorded()
    let hers = recorded.filter { $0.stream.hasSuffix(alias) && $0.position < certificate.position }
    #expect(certificate.erased.events == (try hers.filter { try ledger.codec.isSealed($0) }).count)
    #expect(certificate.erased.calls == hers.count { $0.type.hasPrefix("scim.call.") })
    #expect(certificate.erased.events > 10 && certificate.erased.calls > 6)
    #expect(certificate.plan.remains == [.account])

    #expect(try ledger.keys.key(of: alias) == nil && ledger.keys.alias(of: Self.ada[0]) == nil)
    #expect(try ledger.views.check().isEqual)
    #expect(try ledger.views.target().calls == calls)
    let after = try ledger.views.deliveries(alias: alias, includingUnchanged: true)
    #expect(after.map(\.decision) == rows.map(\.decision) && after.map(\.status) == rows.map(\.status))
    #expect(after.map(\.calls) == rows.map(\.calls) && after.allSatisfy { $0.changes.isEmpty && $0.erasure != nil })
    #expect(try ledger.log.verify().isSound)
    #expect(try ledger.log.events(about: alias).dropLast() == hers[...])

    try ledger.close()
    #expect(try Remnants.of(Self.ada, in: place.folder) == [])
    let again = try place.open()
    try again.views.catchUp()
    #expect(try again.views.rebuild().isEqual)
    #expect(try Remnants.of(Self.ada, in: place.folder) == [])
    #expect(
      await fault { _ = try await Erasure(in: again, actor: "o").run(alias, reason: reason, force: true) }?.code
        == .alreadyErased)
  }

  @Test("seen again, it is a new person with a new alias and no past")
  func again() async throws {
    let alias = try await liveAndLeave()
    _ = try await erasure.run(alias, reason: reason, force: false)
    try await cycle(crowd(200) + [ada("ada.lovelace@example.com", "Augusta Ada Byron")])
    let found = try ledger.views.find(Self.ada[0])
    #expect(found.count == 1 && found.first?.alias != alias)
    #expect(found.first?.decision?.reason == .newInScope && found.first?.account.believed == nil)
    #expect(try ledger.views.find(alias).first?.erasure?.reason == reason)
    // No cycle says anything of the erased one any more.
    let size = try ledger.log.lastPosition()
    try await cycle(crowd(200))
    #expect(try ledger.recorded().allSatisfy { $0.position <= size || !$0.stream.hasSuffix(alias) })
    #expect(try ledger.views.check().isEqual)
  }

  @Test("a dry run changes nothing, and says what would go and stay")
  func dryRun() async throws {
    let alias = try await liveAndLeave()
    try ledger.close()
    let before = try snapshot()
    let again = try place.open()
    let entries = try again.recorded()
    let plan = try Erasure(in: again, actor: "o").plan(alias)
    #expect(plan.obstacles.isEmpty && plan.events > 10 && plan.calls > 6 && plan.remains == [.account])
    #expect(try again.recorded() == entries)
    try again.close()
    let after = try snapshot()
    #expect(before.keys.sorted() == after.keys.sorted())
    // Opening the log makes and drops a table, so that there is a write-ahead log: its entries are compared above.
    #expect(before.keys.filter { before[$0] != after[$0] && $0 != "ledger.sqlite" } == [])
  }

  @Test("the operator's own list of protected accounts is named, since it is not reached")
  func configuration() async throws {
    let alias = try await liveAndLeave()
    try place.reconfigure("protectedAccounts: []", with: "protectedAccounts: [u77001815]")
    let protecting = try place.open()
    #expect(
      try Erasure(in: protecting, actor: "o").plan(alias).remains == [.account, .configuration])
    try await Records(in: protecting, actor: "o").configuration()
    try place.reconfigure("protectedAccounts: [u77001815]", with: "protectedAccounts: []")
    let other = try place.open()
    #expect(try Erasure(in: other, actor: "o").plan(alias).remains == [.account, .recordedConfiguration])
  }

  // MARK: Crashes and other processes

  @Test("cut off after subject.erased: the next opening finishes, and one after that finds nothing to do")
  func crash() async throws {
    let alias = try await liveAndLeave()
    let erased = SubjectErased(reason: reason, forced: [], events: 1, calls: 1)
    let positions = try await ledger.append([Event(.user(alias), .subjectErased(erased))], actor: "operator")
    #expect(try ledger.keys.key(of: alias) != nil, "the deletion did not come")
    // Without closing: the process is gone.
    let again = try place.open()
    #expect(try again.keys.key(of: alias) == nil && again.keys.alias(of: Self.ada[0]) == nil)
    #expect(try again.keys.erasedUpTo() == positions.first)
    #expect(try again.views.person(alias)?.erasure?.position == positions.first)
    #expect(try Remnants.of(Self.ada, in: place.folder) == [])
    #expect(try again.views.check().isEqual)
    #expect(try place.open().keys.erasedUpTo() == positions.first)
  }

  @Test("while somebody else works under the cycle lock an opening deletes the key and leaves the rest to them")
  func crashAndCycle() async throws {
    let alias = try await liveAndLeave()
    let lock = try ledger.lock(.cycle)
    let erased = SubjectErased(reason: reason, forced: [], events: 1, calls: 1)
    try await ledger.append([Event(.user(alias), .subjectErased(erased))], actor: "operator")
    let again = try place.open()
    #expect(try again.keys.key(of: alias) == nil && again.keys.erasedUpTo() == 0)
    withExtendedLifetime(lock) {}
  }

  @Test("a log that was put back to an earlier state does not hide an erasure")
  func putBack() async throws {
    let alias = try await liveAndLeave()
    try ledger.keys.setErased(upTo: 1_000_000)
    _ = try await erasure.run(alias, reason: reason, force: false)
    #expect(try ledger.keys.key(of: alias) == nil)
    #expect(try Remnants.of(Self.ada, in: place.folder) == [])
  }

  @Test("views that cannot be cleared are a fault that says so; the key is gone, and the next command finishes")
  func unfinished() async throws {
    let alias = try await liveAndLeave()
    let beside = place.views + ".rebuild"
    try? FileManager.default.removeItem(atPath: beside + ".lock")
    try FileManager.default.createDirectory(atPath: beside + ".lock", withIntermediateDirectories: true)
    let found = await fault { _ = try await erasure.run(alias, reason: reason, force: false) }
    #expect(found?.code == .erasureUnfinished && found?.sentence.contains("tries again") == true)
    #expect(try ledger.keys.key(of: alias) == nil && ledger.keys.erasedUpTo() == 0)
    // An opening does not fail for it.
    #expect(try place.open().keys.erasedUpTo() == 0)
    try FileManager.default.removeItem(atPath: beside + ".lock")
    let again = try place.open()
    #expect(try again.keys.erasedUpTo() > 0)
    #expect(try Remnants.of(Self.ada, in: place.folder) == [])
  }

  @Test("another process that held the key lets go of it when it sees the erasure")
  func otherProcess() async throws {
    let alias = try await liveAndLeave()
    let other = try place.open()
    #expect(try other.keys.key(of: alias) != nil)
    _ = try await erasure.run(alias, reason: reason, force: false)
    try other.views.catchUp()
    #expect(try other.keys.key(of: alias) == nil)
    #expect(try other.views.check().isEqual)
  }

  // MARK: It is refused

  private func refused(_ alias: String, force: Bool, _ obstacle: ErasureObstacle, _ code: FaultCode) async throws {
    let size = try ledger.log.lastPosition()
    let found = await fault { _ = try await erasure.run(alias, reason: reason, force: force) }
    #expect(found?.code == code && found?.code.exit == .failures, "\(String(describing: found))")
    let recorded = try ledger.recorded().filter { $0.position > size }
    #expect(recorded.map(\.type) == ["erasure.refused"] && recorded.first?.stream == "user/\(alias)")
    let event = try recorded.first.flatMap { try ledger.codec.decode($0) }
    #expect(event?.payload == .erasureRefused(ErasureRefused(reason: reason, obstacle: obstacle)))
    #expect(try ledger.keys.key(of: alias) != nil)
    #expect(try ledger.views.check().isEqual)
  }

  @Test("while the person is in the directory, whatever is said")
  func inDirectory() async throws {
    let alias = try await live()
    for force in [false, true] { try await refused(alias, force: force, .inDirectory, .erasureInDirectory) }
  }

  @Test("while the account is active, unless forced; then what is pending is dropped")
  func active() async throws {
    let alias = try await live()
    try await cycle(crowd(180))
    #expect(try erasure.plan(alias).obstacles == [.activeAccount, .unverifiedDisable])
    try await refused(alias, force: false, .activeAccount, .erasureActiveAccount)
    let certificate = try await erasure.run(alias, reason: reason, force: true)
    #expect(certificate.erased.forced == [.activeAccount, .unverifiedDisable])
    #expect(certificate.plan.remains == [.activeAccount])
    let rows = try ledger.views.deliveries(alias: alias)
    #expect(rows.last?.action == .disable && rows.last?.status == .erased && rows.last?.ended != nil)
    #expect(try Remnants.of(Self.ada, in: place.folder) == [])
    #expect(try ledger.views.check().isEqual)
  }

  @Test("while no read has shown the account inactive, unless forced")
  func unverified() async throws {
    let alias = try await live()
    try await cycle(crowd(180))
    try await deliver(except: alias)
    let person = try #require(try ledger.views.person(alias))
    let account = try #require(person.account.believed)
    var inactive = account
    inactive.active = false
    try await ledger.account(
      alias,
      .callStarted(CallStarted(call: 9, purpose: .change, decision: person.decisionPosition, userName: nil, body: nil)),
      .callFinished(
        CallFinished(
          call: 9, purpose: .change, operation: "PATCH /Users/{id}", outcome: .done, status: 200, milliseconds: 9,
          account: inactive)))
    try await refused(alias, force: false, .unverifiedDisable, .erasureUnverified)
    try await ledger.account(alias, .deliveryCompleted(DeliveryCompleted(.call, decision: person.decisionPosition)))
    try await refused(alias, force: false, .unverifiedDisable, .erasureUnverified)
    try await ledger.account(alias, .accountVerified(AccountVerified(isGone: false, account: inactive)))
    #expect(try erasure.plan(alias).obstacles.isEmpty)
    _ = try await erasure.run(alias, reason: reason, force: false)
  }

  // MARK: Legal holds

  @Test("a legal hold is never overridden; it is placed once, listed, and lifted")
  func hold() async throws {
    let alias = try await liveAndLeave()
    let holds = LegalHolds(in: ledger, actor: "operator:olga")
    #expect(await fault { _ = try await holds.lift(alias, reason: "x") }?.code == .holdMissing)
    let position = try await holds.place(alias, reason: "case 2026-17 against nobody").last
    #expect(await fault { _ = try await holds.place(alias, reason: "x") }?.code == .holdThere)
    #expect(try ledger.views.held().map(\.alias) == [alias])
    #expect(try ledger.views.held().first?.hold?.reason == "case 2026-17 against nobody")
    #expect(try ledger.views.held().first?.hold?.position == position)
    for force in [false, true] { try await refused(alias, force: force, .legalHold, .erasureOnHold) }
    // A cycle does not shake it off.
    try await cycle(crowd(200) + [ada("ada.king@example.com", "Augusta Ada Byron")])
    try await cycle(crowd(200))
    try await deliver()
    try await refused(alias, force: false, .legalHold, .erasureOnHold)
    let recorded = try ledger.recorded().filter { $0.type.hasPrefix("legal.hold.") }
    #expect(
      recorded.count == 1 && recorded.allSatisfy { !String(decoding: $0.entry, as: UTF8.self).contains("2026-17") })
    _ = try await holds.lift(alias, reason: "settled")
    #expect(try ledger.views.held().isEmpty && ledger.views.check().isEqual)
    _ = try await erasure.run(alias, reason: reason, force: false)
    #expect(try Remnants.of(["case 2026-17 against nobody"], in: place.folder) == [])
    #expect(await fault { _ = try await holds.place(alias, reason: "x") }?.code == .alreadyErased)
    #expect(await fault { _ = try await holds.place("nobody", reason: "x") }?.code == .personUnknown)
    #expect(fault { _ = try erasure.plan("nobody") }?.code == .personUnknown)
  }
}
