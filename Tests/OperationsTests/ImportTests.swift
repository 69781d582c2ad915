import Base
import EventLog
import Foundation
import JSON
import Ledger
import Operations
import Provisioning
import TestSupport
import Testing
import Views

@Suite("Cycles from export files")
struct ImportTests {
  private let place: TestLedger
  private let ledger: OpenLedger

  init() throws {
    place = try TestLedger()
    ledger = try place.open()
  }

  @discardableResult
  private func run(_ text: String, name: String = "export", in ledger: OpenLedger? = nil) async throws -> CycleSummary {
    let path = try place.write(name, text)
    return try await DirectoryImport(into: ledger ?? self.ledger, actor: "olga").run(paths: [path])
  }

  private func person(_ id: String) throws -> Person {
    try ledger.views.catchUp()
    return try #require(try ledger.views.find(id).first)
  }

  private static let quiet = [CycleStarted.type, CycleFinished.type]

  @Test("the first cycle records the configuration, then each person's observation and decision")
  func initial() async throws {
    let summary = try await run(Export.csv([Exported("ada"), Exported("bob", enabled: false)]))
    #expect(
      try ledger.types() == [
        ConfigurationApplied.type, CycleStarted.type, UserObserved.type, Decision.type, UserObserved.type,
        Decision.type, CycleFinished.type,
      ])
    #expect(summary.counts.read == 2 && summary.counts[.create] == 1 && summary.counts[.skip] == 1)
    #expect(try summary.position == ledger.log.lastPosition() && summary.held == nil)
    #expect(try ledger.recorded().allSatisfy { try $0.envelope().actor == "olga" })
    #expect(try ledger.recorded().dropFirst().allSatisfy { try $0.envelope().correlation == summary.cycle })
    let row = try #require(try ledger.views.cycles().first)
    #expect(row.id == summary.cycle && row.isInitial && row.source == .snapshot && row.firstPosition == 2)
    #expect(row.counts["read"] == 2 && row.counts["create"] == 1 && row.deltaLink == nil)
  }

  @Test("an observation is the cause of its decision, and of nothing else")
  func causation() async throws {
    try await run(Export.csv([Exported("ada"), Exported("bob")]))
    try await run(Export.csv([Exported("ada"), Exported("bob")]))
    let events = try ledger.recorded()
    var decisions = 0
    for (event, before) in zip(events.dropFirst(), events) {
      let cause = try event.envelope().causation
      if event.type == Decision.type {
        decisions += 1
        #expect(before.type == UserObserved.type && before.stream == event.stream && cause == before.id)
      } else {
        #expect(cause == nil, "\(event.type)")
      }
    }
    #expect(decisions == 2)
  }

  @Test("the same file again appends the cycle's own two events only", arguments: [0, 1])
  func twice(form: Int) async throws {
    let people = [Exported("ada"), Exported("Bob", name: "Zoe\u{308}"), Exported("eve", enabled: false)]
    let text = form == 0 ? Export.csv(people) : Export.ndjson(people)
    try await run(text)
    let size = try ledger.log.lastPosition()
    let again = try await run(text)
    #expect(try ledger.types(after: size) == Self.quiet)
    #expect(again.counts.observed == 0 && again.counts.decided.isEmpty && again.counts.read == 3)
    #expect(try !(#require(try ledger.views.cycles().first).isInitial))
  }

  @Test("a name that changes in its Unicode form only is a change")
  func normalisation() async throws {
    try await run(Export.csv([Exported("ada", name: "Ren\u{e9}e")]))
    let size = try ledger.log.lastPosition()
    let summary = try await run(Export.csv([Exported("ada", name: "Rene\u{301}e")]))
    #expect(summary.counts.observed == 1)
    #expect(
      try ledger.types(after: size) == [CycleStarted.type, UserObserved.type, Decision.type, CycleFinished.type])
    #expect(try Array(#require(try person("ada").user?[.displayName]).utf8) == Array("Rene\u{301}e".utf8))
    #expect(try person("ada").desired?.displayName.unicodeScalars.count == 6)
  }

  // MARK: Refused input

  struct Refused: Sendable, CustomTestStringConvertible {
    var code: FaultCode
    var text: String
    var testDescription: String { "\(code)" }
  }

  static let refused = [
    Refused(code: .inputEmpty, text: ""),
    Refused(code: .noPeople, text: Export.csv([])),
    Refused(code: .csvColumns, text: "displayName,id\r\nAda,ada\r\n"),
    Refused(code: .duplicateObject, text: Export.csv([Exported("ada"), Exported("ada", address: "x@example.com")])),
    Refused(code: .attributeMissing, text: "{\"id\":\"ada\"}\n{\"id\":\"eve\"}\n"),
    Refused(code: .jsonSyntax, text: "{\"value\":[{\"id\":\"a\""),
    Refused(code: .deltaLinkStale, text: Export.delta([], link: "one")),
  ]

  @Test("refused input appends nothing, also under a configuration that is not recorded yet", arguments: refused)
  func refuses(row: Refused) async throws {
    try await run(Export.delta([Exported("ada").json], link: "one"))
    try await run(Export.delta([Exported("bob").json], link: "two"))
    try ledger.close()
    try place.reconfigure("percent: 10", with: "percent: 11")
    let changed = try place.open()
    let size = try changed.log.lastPosition()
    let found = await fault { try await run(row.text, name: "bad", in: changed) }
    #expect(found?.code == row.code)
    #expect(found?.place?.file.hasSuffix("/bad") == true)
    #expect(try changed.log.lastPosition() == size)
    // The change is recorded by the next good cycle.
    try await run(Export.delta([Exported("eve").json], link: "three"), in: changed)
    #expect(try changed.types(after: size).first == ConfigurationApplied.type)
  }

  // MARK: Deltas

  @Test("a configuration that a worker recorded between two cycles decides everybody at the next delta, too")
  func recordedBetween() async throws {
    try await run(Export.csv([Exported("ada"), Exported("bob")]))
    try await run(Export.delta([], link: "one"))
    try place.reconfigure("ssoCustomerId: \"\"", with: "ssoCustomerId: \"7f3c9b\"")
    let changed = try place.open()
    try await Records(in: changed, actor: "worker").configuration()
    let first = try await run(Export.delta([], link: "two"), in: changed)
    #expect(first.counts.decided[.create] == 2)
    let second = try await run(Export.delta([], link: "three"), in: changed)
    #expect(second.counts.decided.isEmpty)
  }

  @Test("a plan says that keys cannot be read, rather than to take people for strangers")
  func planWithoutKeys() async throws {
    let path = try place.write("export", Export.csv([Exported("ada")]))
    let keys = try #require(FileHandle(forWritingAtPath: "\(place.folder)/keys.sqlite"))
    try keys.write(contentsOf: [UInt8](repeating: 0x55, count: 8192))
    try keys.close()
    let found = await fault { _ = try await DirectoryImport(into: ledger, actor: "olga").plan(paths: [path]) }
    #expect(found?.code.description.hasPrefix("PL-04") == true, "\(String(describing: found))")
  }

  @Test("a delta that is not the newest is refused; the newest again appends the cycle's own events only")
  func deltas() async throws {
    let first = Export.delta([Exported("ada", name: "Old").json], link: "one")
    let second = Export.delta([Exported("ada", name: "New").json], link: "two")
    try await run(first)
    try await run(second)
    let size = try ledger.log.lastPosition()
    let found = await fault { try await run(first) }
    #expect(found?.code == .deltaLinkStale)
    #expect(try ledger.log.lastPosition() == size)
    #expect(try person("ada").desired?.displayName == "New")
    try await run(second)
    #expect(try ledger.types(after: size) == Self.quiet)
    // A snapshot in between does not make an old delta new.
    try await run(Export.csv([Exported("ada", name: "New")]))
    #expect(await fault { try await run(first) }?.code == .deltaLinkStale)
    try await run(second)
    #expect(try ledger.views.cycles().first?.deltaLink?.hasSuffix("two") == true)
  }

  @Test("a partial object of a delta keeps the attributes that it does not carry; null clears")
  func partial() async throws {
    try await run(Export.csv([Exported("ada"), Exported("bob")]))
    let objects: [JSONValue] = [
      ["id": "ada", "displayName": "Ada King"], ["id": "bob", "mail": "bob@mail.example.com", "displayName": .null],
      ["id": "stranger", "displayName": "Who"],
    ]
    let summary = try await run(Export.delta(objects, link: "one"))
    #expect(summary.counts[.create] == 1 && summary.counts[.skip] == 1 && summary.counts[.none] == 1)
    let ada = try person("ada")
    #expect(ada.user?[.displayName] == "Ada King" && ada.user?[.userPrincipalName] == "ada@example.com")
    #expect(ada.desired == DesiredAccount(userName: "ada@example.com", displayName: "Ada King", active: true))
    let bob = try person("bob")
    #expect(bob.user?[.displayName] == nil && bob.user?[.mail] == "bob@mail.example.com")
    #expect(bob.desired?.displayName == "Name of bob")
    #expect(try person("stranger").decision?.action == .skip)
  }

  @Test("absence counts in a snapshot only, removal in a delta says how")
  func leavers() async throws {
    let others = (1...5).map { Exported("other\($0)") }
    try await run(Export.csv([Exported("ada"), Exported("bob"), Exported("eve")] + others))
    try await run(
      Export.delta([Export.removed("bob"), Export.removed("eve", "deleted")], link: "one"))
    #expect(try person("ada").state == .present && person("ada").decision?.action == .create)
    #expect(try person("bob").state == .softDeleted && person("bob").decision?.reason == .softDeletedInSource)
    #expect(try person("eve").state == .deleted && person("eve").decision?.action == .disable)
    try await run(Export.csv([Exported("new")] + others))
    #expect(try person("ada").decision == Decision(.disable, .absentFromSource, desired: person("ada").lastDesired))
    #expect(try person("ada").desired?.active == false)
  }

  // MARK: Privacy

  @Test("directory values stand nowhere in clear in the log's files")
  func sealed() async throws {
    let marker = "SECRETMARK"
    let people = (0..<20).map {
      Exported("\(marker)-id-\($0)", name: "\(marker) name \($0)", address: "\(marker).\($0)@\(marker).example.com")
    }
    try await run(Export.ndjson(people))
    let removed = Export.removed(people[0].id)
    try await run(Export.delta([removed], link: "\(marker)-link"))
    for person in try ledger.views.people().people.prefix(3) {
      let account = RemoteAccount(id: marker, userName: marker, displayName: marker, active: true)
      try await ledger.account(
        person.alias,
        .callStarted(
          CallStarted(call: 1, purpose: .create, decision: 1, userName: marker, body: ["userName": .string(marker)])),
        .callFinished(
          CallFinished(
            call: 1, purpose: .create, operation: "POST /Users", outcome: .refused, status: 409, milliseconds: 1,
            account: account, detail: marker)), .linked(AccountLinked(.matched, account)))
    }
    #expect(try find(marker, in: place.log + "-wal") == false)
    #expect(try find("provisioning.decided", in: place.log + "-wal"), "the search finds what is there")
    try ledger.log.checkpointWAL()
    for name in [marker, marker.lowercased(), "example.com", "TEST_TOKEN"] { #expect(try !find(name, in: place.log)) }
    #expect(try find("provisioning.decided", in: place.log))
    #expect(try !find(marker, in: "\(place.folder)/keys.sqlite"))
  }

  private func find(_ text: String, in path: String) throws -> Bool {
    try place.bytes(path).firstRange(of: Array(text.utf8)) != nil
  }
}
