import EventLog
import Foundation
import Ledger
import Provisioning
import Sealing
import Testing

/// The log's tail is gone, and the views know that it was there.
@Suite(.timeLimit(.minutes(2)))
struct AcceptedLossTests {
  @Test("nothing is rebuilt until somebody goes on without the lost events; that is then on record")
  func accepted() async throws {
    let stage = try Stage()
    try await stage.initialize(target: "http://127.0.0.1:1/scim/v2")
    let people = Export(count: 6).people
    try await stage.expect(0, "import", try stage.write("one.csv", Export(Array(people.prefix(3))).csv))
    let (log, older) = ("\(stage.ledgerFolder)/ledger.sqlite", "\(stage.folder)/older.sqlite")
    let kept = try stage.size()
    try FileManager.default.copyItem(atPath: log, toPath: older)
    try await stage.expect(0, "import", try stage.write("two.csv", Export(people).csv))
    let lost = try stage.size()
    try FileManager.default.removeItem(atPath: log)
    try FileManager.default.copyItem(atPath: older, toPath: log)

    for arguments in [["status"], ["views", "rebuild"]] {
      let end = try await stage.run(arguments)
      #expect(end.code == 74 && end.errors.contains("PL-0502: "), "\(arguments): \(end.errors)")
    }
    let rebuilt = try await stage.expect(1, "views", "rebuild", "--accept-loss")
    #expect(rebuilt.output.contains("the rebuilt views are in place"))
    try await stage.expect(0, "views", "check")
    try await stage.expect(0, "views", "rebuild", "--accept-loss")

    let ledger = try stage.open()
    defer { try? ledger.close() }
    let accepted = try ledger.log.read(types: [LossAccepted.type], from: 1).map { try ledger.codec.decode($0) }
    #expect(accepted.map(\.payload) == [.lossAccepted(LossAccepted(seen: lost, newest: kept))])
    #expect(accepted.first?.actor.description.hasPrefix("operator:") == true)
    let names = try FileManager.default.contentsOfDirectory(atPath: stage.ledgerFolder)
    #expect(names.contains { $0.hasPrefix("views.sqlite.ahead-") })
  }
}
