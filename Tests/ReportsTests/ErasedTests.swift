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

@Suite("Reports: an erased person")
struct ErasedTests {
  private let place: TestLedger
  private let ledger: OpenLedger

  init() throws {
    place = try TestLedger()
    ledger = try place.open()
  }

  /// Ada comes, gets an account, is held back from erasure for a while, leaves, and is erased.
  private func erase() async throws -> ErasureCertificate {
    let reason = try #require(ErasureReason("retention-ended"))
    func show(_ people: Exported...) async throws {
      let path = try place.write("export.csv", Export.csv([Exported("other")] + people))
      _ = try await DirectoryImport(into: ledger, actor: "olga").run(paths: [path])
    }
    try await show(Exported("ada", name: "Ada Lovelace"))
    let ada = try #require(try ledger.views.find("ada").first)
    var account = RemoteAccount(id: "u7", userName: "ada@example.com", displayName: "Ada Lovelace", active: true)
    for how in [AccountLinked.How.created, .matched, .moved, .readBack] {
      try await ledger.account(ada.alias, .linked(AccountLinked(how, account, previous: how == .moved ? "x" : nil)))
    }
    try await ledger.account(ada.alias, .deliveryCompleted(DeliveryCompleted(.call, decision: ada.decisionPosition)))
    try await show(Exported("ada", name: "Ada King"))
    _ = try await LegalHolds(in: ledger, actor: "olga").place(ada.alias, reason: "case 7")
    try await show()
    let erasure = Erasure(in: ledger, actor: "olga")
    #expect(await fault { _ = try await erasure.run(ada.alias, reason: reason, force: true) }?.code == .erasureOnHold)
    _ = try await LegalHolds(in: ledger, actor: "olga").lift(ada.alias, reason: "settled")
    account.active = false
    let left = try #require(try ledger.views.person(ada.alias))
    try await ledger.account(
      ada.alias, .accountVerified(AccountVerified(isGone: false, account: account)),
      .deliveryCompleted(DeliveryCompleted(.call, decision: left.decisionPosition)))
    return try await erasure.run(ada.alias, reason: reason, force: false)
  }

  @Test("the story is told by what the log says in clear, for whoever still holds the key too")
  func story() async throws {
    let other = try place.open()
    let certificate = try await erase()
    for ledger in [ledger, other] {
      let lines = try Story.of(certificate.plan.alias, log: ledger.log, codec: ledger.codec)
      #expect(
        lines.map(\.sentence) == [
          "The directory shows the person.", "Decided create: in the directory and not provisioned yet.",
          "TeamViewer made an account.",
          "TeamViewer had an account with that address already; it is this person's from here on.",
          "Account of a person who has left (x) is this person's from here on.",
          "The unanswered create had made an account.", "Delivered: TeamViewer has what is wanted.",
          "The directory shows the person.", "Decided update: a mapped attribute has another value.",
          "A legal hold was placed.", "The directory's snapshot no longer has the person.",
          "Decided disable: no longer in the directory.",
          "An erasure, reason retention-ended, was refused: the person is under a legal hold.",
          "The legal hold was lifted.", "Read back: TeamViewer shows the account as inactive.",
          "Delivered: TeamViewer has what is wanted.",
          "Erased, reason retention-ended: the content of \(certificate.erased.events) events is gone for good; these lines tell what the log says in clear.",
        ])
      #expect(lines.last?.position == certificate.position && lines.last?.actor == "olga")
    }
  }

  @Test("a hold is told with its reason as long as the person is known")
  func holdInWords() async throws {
    let path = try place.write("export.csv", Export.csv([Exported("ada")]))
    _ = try await DirectoryImport(into: ledger, actor: "olga").run(paths: [path])
    let alias = try #require(try ledger.views.find("ada").first?.alias)
    _ = try await LegalHolds(in: ledger, actor: "olga").place(alias, reason: "case 7")
    let lines = try Story.of(alias, log: ledger.log, codec: ledger.codec)
    #expect(lines.last?.sentence == "A legal hold was placed: \"case 7\".")
  }

  @Test("report rows say that and when the person was erased, and nobody has to do anything")
  func rows() async throws {
    let certificate = try await erase()
    let alias = certificate.plan.alias
    let rows = try ledger.views.deliveries(alias: alias)
    #expect(rows.map(\.status) == [.delivered, .superseded, .delivered])
    for row in rows {
      #expect(row.explanation.hasSuffix("; the person was erased on \(certificate.time), reason retention-ended"))
      #expect(
        row.remedy == nil && row.fields[1] == "erased \(alias)" && row.fields.count == DeliveryRecord.columns.count)
      #expect(row.json["erased"]?["position"]?.string == String(certificate.position))
      #expect(!row.json.text.contains("Lovelace") && row.json["sourceIdentity"]?["alias"]?.string == alias)
    }
    let status = try StatusReport(ledger).json
    #expect(status["people"]?["erased"]?.integer == 1)
  }

  @Test("the certificate says what, when, by whom and what stays, and holds nothing of the person")
  func certificate() async throws {
    var certificate = try await erase()
    certificate.checkpoint = "example.test/ledger\n12\nroot\n"
    certificate.erased.forced = [.activeAccount]
    certificate.plan.remains = ErasureRemainder.allCases
    let text = certificate.text
    for part in [
      certificate.plan.alias, certificate.time.description, "olga", "retention-ended",
      "event       \(certificate.position)",
      "example.test/ledger\n12\nroot\n", ErasureObstacle.activeAccount.loss,
    ] + ErasureRemainder.allCases.map(\.sentence) { #expect(text.contains(part), "\(part)") }
    let json = certificate.json
    #expect(json["position"]?.string == String(certificate.position) && json["forced"] == ["active-account"])
    #expect(json["checkpoint"]?.string == certificate.checkpoint && json["remains"]?.array?.count == 4)
    for form in [text, json.text] { #expect(!form.contains("Lovelace") && !form.contains("@example.com")) }
    #expect(certificate.plan.json["obstacles"] == [])
    for obstacle in ErasureObstacle.allCases { #expect(!Explanation.of(obstacle).isEmpty && !obstacle.loss.isEmpty) }
  }
}
