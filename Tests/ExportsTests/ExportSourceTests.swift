import Base
import EventLog
import JSON
import Ledger
import Operations
import Provisioning
import Sealing
import TestSupport
import Testing
import Views

@testable import Exports

@Suite("What leaves the ledger")
struct ExportSourceTests {
  let place: TestLedger
  let ledger: OpenLedger

  init() async throws {
    place = try TestLedger()
    ledger = try place.open()
  }

  private func live(seed: UInt64, erasing: Bool = false) async throws {
    var history = History(place, ledger, seed: seed)
    try await history.live(rounds: 5, erasing: erasing)
  }

  private func export(
    _ format: ExportFormat, _ positions: Range<Int64>? = nil, privacy: ExportPrivacy = .clear
  ) throws -> (text: String, count: Int) {
    var settings = Sample.settings
    settings.privacy = privacy
    var bytes: [UInt8] = []
    try ledger.views.catchUp()
    let whole = 1..<(try ledger.log.lastPosition()) + 1
    let count = try ExportSource(log: ledger.log, codec: ledger.codec, views: ledger.views).write(
      format, positions ?? whole, settings
    ) { bytes += $0 }
    return (String(decoding: bytes, as: UTF8.self), count)
  }

  private func people() throws -> [Person] {
    try ledger.views.catchUp()
    return try ledger.views.people().people
  }

  private func lines(_ text: String) -> [Substring] { text.split(separator: "\n", omittingEmptySubsequences: true) }

  @Test("each event is a record, in its order", arguments: [1, 2])
  func everyEvent(seed: UInt64) async throws {
    try await live(seed: seed)
    let size = Int(try ledger.log.lastPosition())
    for format in [ExportFormat.ndjson, .csv, .cloudevents, .ocsf, .cef, .sqlite] {
      #expect(try export(format).count == size, "\(format)")
    }
    let positions = try lines(export(.ndjson).text).map { try JSONParser.parse($0.utf8)["position"]?.string }
    #expect(positions == (1...size).map { String($0) })
  }

  @Test("a line of NDJSON is its entry, what is sealed in it opened, and stays canonical")
  func opened() async throws {
    try await live(seed: 3)
    let recorded = try ledger.recorded()
    for (line, recorded) in zip(try lines(export(.ndjson).text), recorded) {
      let value = try JSONParser.parse(line.utf8)
      #expect(value.canonicalBytes == Array(line.utf8))
      let logged = try ledger.codec.decode(recorded)
      let sealed = logged.payload.value.fields.sealed
      #expect(value["data"]?["sealed"]?.object ?? JSONObject() == sealed, "\(logged.payload.type)")
    }
  }

  @Test("a part of an export is that part of the whole, wherever it begins", arguments: [4, 5])
  func parts(seed: UInt64) async throws {
    try await live(seed: seed)
    let size = try ledger.log.lastPosition()
    let whole = try export(.csv).text.split(separator: "\r\n")
    for first in [2, size / 3, size / 2, size] {
      let part = try export(.csv, first..<size + 1).text.split(separator: "\r\n")
      #expect(part.dropFirst() == whole[Int(first)...])
    }
  }

  @Test("what is known of a person does not depend on how many are kept in memory")
  func memory() async throws {
    try await live(seed: 6)
    let recorded = try ledger.recorded()
    let (large, small) = (ExportFold(ledger.log, ledger.codec), ExportFold(ledger.log, ledger.codec, most: 2))
    for event in recorded {
      let logged = try ledger.codec.decode(event)
      #expect(try large.take(event, logged) == small.take(event, logged))
    }
  }

  @Test("without names nobody is told, in any format", arguments: ExportFormat.allCases)
  func privacy(format: ExportFormat) async throws {
    try await live(seed: 7)
    let names = try people().flatMap { person in
      [person.user?[.userPrincipalName], person.user?.id, person.account.believed?.id].compactMap { $0 }
    }
    let aliases = try people().map(\.alias)
    #expect(names.count > 10)
    let clear = try export(format).text
    #expect(names.contains { clear.contains($0) })
    let pseudonym = try export(format, privacy: .pseudonym).text
    for name in names {
      let forms = ["\"\(name)\"", ",\(name),", "=\(name) "]
      #expect(!forms.contains { pseudonym.contains($0) })
    }
    #expect(!pseudonym.contains("@example.com"))
    #expect(!pseudonym.contains("Zo\u{eb}"))
    if format != .entraProperties, format != .entraSteps { #expect(aliases.contains { pseudonym.contains($0) }) }
    let none = try export(format, privacy: .none).text
    #expect(!aliases.contains { none.contains($0) })
    #expect(!none.contains("@example.com"))
  }

  @Test("an erased person is their alias, in events from before too", arguments: ExportFormat.allCases)
  func erased(format: ExportFormat) async throws {
    var history = History(place, ledger, seed: 8)
    try await history.live(rounds: 5, losing: true)
    let before = try people()
    guard let alias = try await history.erase() else { return }
    let names = before.filter { $0.alias == alias }.flatMap {
      [$0.user?[.userPrincipalName], $0.user?.id].compactMap { $0 }
    }
    #expect(!names.isEmpty)
    let text = try export(format).text
    for name in names {
      let forms = ["\"\(name)\"", ",\(name),", "=\(name) "]
      #expect(!forms.contains { text.contains($0) })
    }
  }

  @Test("nothing personal of any event is left without names")
  func samples() throws {
    for payload in PayloadSamples.whole {
      let logged = LoggedEvent(
        Event(.account("alias"), payload), position: 1, time: Timestamp(milliseconds: 0), actor: "operator:PERSONAL")
      var person = Person(alias: "alias")
      person.evolve(logged)
      var event = ExportedEvent(
        AuditRow(logged, after: person), id: EventID(high: 1, low: 2), leaf: Merkle.leaf([]), stream: "account/alias")
      event.person = ExportedPerson(person)
      event.changes = [ModifiedProperty(displayName: "userName", oldValue: "PERSONAL-a", newValue: "PERSONAL-b")]
      for format in ExportFormat.allCases {
        guard var writer = format.writer(Sample.settings) else { continue }
        let text = (writer.record(of: event.hiding(.pseudonym)) ?? "") + writer.end()
        #expect(!text.contains(PayloadSamples.marker), "\(payload.type) in \(format)")
      }
    }
  }
}
