import Base
import EventLog
import Provisioning
import TestSupport
import Testing

@testable import Ledger
@testable import Reports
@testable import Views

/// What is counted is said as one says it: none, one, two.
@Suite("Reports: singular and plural")
struct CountingTests {
  private let place: TestLedger
  private let ledger: OpenLedger

  init() throws {
    place = try TestLedger()
    ledger = try place.open()
  }

  @Test("a number and its noun", arguments: [(0, "0 findings"), (1, "1 finding"), (2, "2 findings")])
  func noun(_ count: Int, _ text: String) {
    #expect(count.of("finding") == text)
    #expect(count.of("entry is", "entries are") == (count == 1 ? "1 entry is" : "\(count) entries are"))
  }

  private static let health: [(Health.Reason.Code, [String?])] = [
    (.tampered, [nil, "1 finding in the log", "2 findings in the log"]),
    (
      .activeLeavers,
      [nil, "1 active though to be inactive (1 drifted)", "2 active though to be inactive (2 drifted)"]
    ),
    (.parked, [nil, "1 parked", "2 parked"]), (.drifted, [nil, "1 drifted", "2 drifted"]),
    (.held, [nil, "1 held by the safeguard", "2 held by the safeguard"]),
    (.anchorFailed, [nil, "1 anchor failed", "2 anchors failed"]),
  ]

  private func status(_ code: Health.Reason.Code, _ count: Int) throws -> StatusReport {
    var status = try StatusReport(ledger)
    let now = place.clock.moment
    switch code {
    case .tampered:
      var verification = try ledger.log.verify(VerificationScope())
      verification.add((0..<count).map { .init(kind: .changed, position: Int64($0 + 1), stream: nil, sentence: "x") })
      status.rehash = Rehash.Outcome(verification, finished: now)
    case .activeLeavers:
      status.people[.drifted] = count
      status.leavers[.drifted] = count
    case .drifted: status.people[.drifted] = count
    case .held: status.safeguards = count > 0 ? [held(count)] : []
    case .anchorFailed: status.anchors = (0..<count).map { AnchorState(name: "\($0)", failed: now, failure: "full") }
    default: status.people[.parked] = count
    }
    return status
  }

  private func held(_ count: Int) -> SafeguardRow {
    SafeguardRow(
      id: "s", cycle: "c", tripped: place.clock.moment, people: count, limit: 5, active: 20, approved: nil,
      approvedBy: nil, holding: count)
  }

  @Test("the reasons of status --check", arguments: health)
  func reasons(_ code: Health.Reason.Code, _ words: [String?]) throws {
    for (count, words) in words.enumerated() {
      let health = Health(try status(code, count), .init(), at: place.clock.moment)
      #expect(health.reasons.first { $0.code == code }?.words == words)
    }
  }

  @Test("the rows of status", arguments: [1, 2])
  func rows(_ count: Int) throws {
    func row(_ word: String, _ code: Health.Reason.Code) throws -> String? {
      try status(code, count).rows(folder: "x", now: place.clock.moment).first { $0[0] == word }?[1]
    }
    #expect(try row("DRIFTED", .drifted)?.hasPrefix(count == 1 ? "1 account is other" : "2 accounts are other") == true)
    #expect(try row("TAMPERED", .tampered)?.hasPrefix(count == 1 ? "1 finding;" : "2 findings;") == true)
    #expect(try row("SAFEGUARD", .held)?.hasPrefix(count == 1 ? "1 person held" : "2 people held") == true)
  }

  @Test("who is pending without a worker", arguments: [(1, "1 is pending"), (2, "2 are pending")])
  func pending(_ count: Int, _ words: String) throws {
    var status = try StatusReport(ledger)
    let now = place.clock.moment
    status.throughput.backlog.lanes = [.creates: Backlog.Waiting(count: count, oldest: now + .seconds(-601))]
    #expect(Health(status, .init(), at: now).line.contains("no worker runs, and \(words) since"))
  }
}
