import EventLog
import Foundation
import Ledger
import Logging
import Provisioning
import Sealing
import Testing

@testable import Simulators
@testable import provledger

/// Whoever is shown a person leaves a trace in the log.
@Suite("Who is shown people is on record", .timeLimit(.minutes(10)))
struct LookTests {
  @Test("each verb that shows a person has recorded a look, or an act, by whoever ran it; with --json too")
  func every() async throws {
    try await ConditionStage.serving { place in
      var showing: Set<String> = []
      for verb in VerbCase.all where ![.none, .new].contains(verb.place) && !verb.isService {
        for form in [[], ["--json"]] {
          guard let run = try await shown(by: verb, form, on: place), run.isPersonShown else { continue }
          showing.insert(verb.name)
          #expect(run.isRecorded, "\(verb.name) \(form): \(run.text.prefix(300))")
        }
      }
      // So that what is looked for is what verbs write.
      #expect(showing.isSuperset(of: ["why", "user list", "user show", "audit", "report register", "erase"]))
    }
  }

  /// What a verb wrote, and whether the log tells of it; nil for a form that it does not have.
  private func shown(
    by verb: VerbCase, _ form: [String], on place: ConditionStage
  ) async throws -> (text: String, isPersonShown: Bool, isRecorded: Bool)? {
    let folder = try #require(try await place.ledger(for: verb))
    let before = try recorded(in: folder).count
    let end = try await Program.run(
      place.arguments(verb, folder) + form, into: "\(place.stage.folder)/look", within: .seconds(60)
    ) { _ in }
    if end.code == 64 { return nil }
    let text = end.output + end.errors
    let isRecorded = try recorded(in: folder).dropFirst(before).contains {
      if case .operator = $0.actor { true } else { false }
    }
    return (text, text.contains(#/user\d+@contoso|User Number \d/#), isRecorded)
  }

  private func recorded(in folder: String) throws -> [LoggedEvent] {
    let ledger = try OpenLedger(folder: folder, logger: quiet)
    defer { try? ledger.close() }
    var events: [LoggedEvent] = []
    while let page = try? ledger.log.read(from: Int64(events.count) + 1), !page.isEmpty {
      events += try page.map { try ledger.codec.decode($0) }
    }
    return events
  }
}
