import Base
import EventLog
import JSON
import Ledger
import Operations
import Provisioning
import Reports
import TestSupport
import Testing
import Views

@Suite("Reports: the story of one person")
struct StoryTests {
  private let place: TestLedger
  private let ledger: OpenLedger

  init() throws {
    place = try TestLedger()
    ledger = try place.open()
  }

  private func show(_ people: Exported...) async throws {
    let path = try place.write("export.csv", Export.csv([Exported("other")] + people))
    _ = try await DirectoryImport(into: ledger, actor: "olga").run(paths: [path])
  }

  private func ada() throws -> Person {
    try ledger.views.catchUp()
    return try #require(try ledger.views.find("ada").first)
  }

  private func finished(
    _ purpose: CallPurpose, _ operation: String, _ outcome: CallFinished.Outcome, _ status: Int?, error: String? = nil,
    detail: String? = nil
  ) -> EventPayload {
    .callFinished(
      CallFinished(
        call: 1, purpose: purpose, operation: operation, outcome: outcome, status: status, error: error,
        milliseconds: 31, detail: detail))
  }

  private func story() throws -> [Story.Line] {
    try Story.of(ada().alias, log: ledger.log, codec: ledger.codec)
  }

  @Test("one full life, a sentence each")
  func life() async throws {
    try await show(Exported("ada", name: "Ada"))
    let account = RemoteAccount(id: "u7", userName: "ada@example.com", displayName: "Ada", active: true)
    let first = try ada()
    try await ledger.account(
      first.alias,
      .callStarted(
        CallStarted(
          call: 1, purpose: .create, decision: first.decisionPosition, userName: "ada@example.com", body: nil)),
      finished(.create, "POST /Users", .unknown, nil, error: "timeout"),
      finished(.readBack, "GET /Users", .done, 200), .linked(AccountLinked(.readBack, account)),
      .deliveryCompleted(DeliveryCompleted(.readBack, decision: first.decisionPosition)))
    try await show(Exported("ada", name: "Ada King"))
    let second = try ada()
    let retry = place.clock.moment + .seconds(60)
    try await ledger.account(
      second.alias, finished(.change, "PATCH /Users/{id}", .refused, 400, detail: "bad name"),
      .deliveryParked(
        DeliveryParked(
          .rejected, decision: second.decisionPosition, attempt: 1, since: place.clock.moment, retry: retry,
          status: 400, detail: "bad name")),
      .deliveryAbandoned(DeliveryAbandoned(.rejected, decision: second.decisionPosition)))
    try await show()
    let third = try ada()
    try await ledger.account(
      third.alias, finished(.change, "PATCH /Users/{id}", .done, 200), .accountVerified(AccountVerified(isGone: false)),
      .deliveryCompleted(DeliveryCompleted(.call, decision: third.decisionPosition)),
      .accountVerified(AccountVerified(isGone: true)))
    try await show(Exported("ada", name: "Ada King"))
    let lines = try story()
    #expect(
      lines.map(\.sentence) == [
        "The directory shows Ada (ada@example.com), sign-in allowed.",
        "Decided create: in the directory and not provisioned yet; wanted is ada@example.com, \"Ada\", active.",
        "POST /Users is about to be sent, for decision \(first.decisionPosition).",
        "POST /Users (create) was not answered (timeout) after 31 ms: nobody knows whether it took effect.",
        "GET /Users (readBack) answered 200 after 31 ms.", "The unanswered create had made account u7.",
        "Delivered: a read showed that an unanswered call had taken effect.",
        "The directory shows a change: displayName from \"Ada\" to \"Ada King\".",
        "Decided update: a mapped attribute has another value; wanted is ada@example.com, \"Ada King\", active.",
        "PATCH /Users/{id} (change) answered 400 after 31 ms: refused; TeamViewer says \"bad name\".",
        "Parked: TeamViewer does not accept a value; TeamViewer says \"bad name\". Tried again at \(retry). Correct the value in the directory, as TeamViewer's answer says.",
        "Given up after 28 days: TeamViewer does not accept a value. Correct the value in the directory, as TeamViewer's answer says.",
        "The directory's snapshot no longer has the person.",
        "Decided disable: no longer in the directory; wanted is ada@example.com, \"Ada King\", inactive.",
        "PATCH /Users/{id} (change) answered 200 after 31 ms.", "Read back: TeamViewer shows the account as inactive.",
        "Delivered: TeamViewer has what is wanted.", "TeamViewer has no account of the person any more.",
        "The directory has the person again.",
        "Decided enable: active in the directory and in scope, and to have access again; wanted is ada@example.com, \"Ada King\", active.",
      ])
    #expect(zip(lines, lines.dropFirst()).allSatisfy { $0.position < $1.position })
    #expect(lines.first?.actor == "olga" && lines[2].actor == "worker")
    #expect(lines.first?.json["position"]?.string == String(lines[0].position))
    let types = Set(try ledger.recorded().filter { $0.stream.contains(first.alias) }.map(\.type))
    #expect(Set(lines.map(\.type)) == types && types.count == 9)
  }

  @Test("a change of the Unicode form alone is told too")
  func normalisation() async throws {
    try await show(Exported("ada", name: "Ren\u{e9}e"))
    try await show(Exported("ada", name: "Rene\u{301}e"))
    #expect(try story().contains { $0.sentence.hasPrefix("The directory shows a change: displayName") })
  }

  @Test("each kind of link, completion and outcome has its own sentence")
  func kinds() async throws {
    try await show(Exported("ada"))
    let person = try ada()
    let account = RemoteAccount(id: "u7", userName: "a", displayName: "b", active: true)
    let links: [AccountLinked.How] = [.created, .matched, .moved, .readBack]
    let completions: [DeliveryCompleted.How] = [.call, .alreadySo, .readBack, .moved, .noAccount]
    let outcomes: [CallFinished.Outcome] = [.done, .notFound, .refused, .failed, .unknown]
    let payloads =
      links.map { EventPayload.linked(AccountLinked($0, account, previous: "former")) }
      + completions.map { .deliveryCompleted(DeliveryCompleted($0, decision: 1, successor: "heir")) }
      + outcomes.map { finished(.change, "PATCH /Users/{id}", $0, 200) }
    try await ledger.append(payloads.map { Event(.account(person.alias), $0) }, actor: "worker")
    let sentences = try story().map(\.sentence).suffix(payloads.count)
    #expect(Set(sentences).count == payloads.count)
    #expect(sentences.allSatisfy { $0.hasSuffix(".") })
    #expect(sentences.contains { $0.contains("former") } && sentences.contains { $0.contains("heir") })
  }
}
