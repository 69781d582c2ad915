import Base
import Foundation
import Provisioning
import Subprocess
import SystemPackage
import Testing

/// What the article for auditors has done (WalkthroughTests run it as it stands), in other orders and with lies.
@Suite("An auditor", .timeLimit(.minutes(3)))
struct AuditorTests {
  private let stage: Stage

  init() throws { stage = try Stage() }

  private func prepare() async throws {
    try await stage.initialize(target: "http://127.0.0.1:1/scim/v2")
    try await stage.expect(0, "import", try stage.write("one.csv", Export(count: 20).csv))
  }

  /// Runs lines of a shell in the stage's folder; ends at the first that fails.
  private func shell(_ script: String) async throws -> (code: Int, output: String) {
    let program = URL(fileURLWithPath: try Program.path()).deletingLastPathComponent().path
    let path = "\(program):\(Walkthrough.repository)/tools:\(ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin")"
    let result = try await Subprocess.run(
      .name("bash"), arguments: ["-euo", "pipefail", "-c", script],
      environment: .inherit.updating(["PATH": path, "PROVLEDGER_LEDGER": stage.ledgerFolder]),
      workingDirectory: FilePath(stage.folder), output: .string(limit: 1 << 20), error: .combinedWithOutput)
    guard case .exited(let code) = result.terminationStatus else { return (-1, result.standardOutput) }
    return (Int(code), result.standardOutput)
  }

  @Test("what is disclosed can be read, and the export says how many entries it holds, its own record among them")
  func disclosed() async throws {
    try await prepare()
    let (code, output) = try await shell(
      """
      provledger log key > ledger.vkey
      provledger log export --checkpoint audit.note > entries.ndjson
      provledger log prove event 5 --checkpoint audit.note --open desired > event-5.json
      provledger verify --bundle event-5.json --key "$(cat ledger.vkey)"
      """)
    #expect(code == 0 && output.contains("it says: desired is {") && output.contains("user1@contoso.example"))
    let lines = try String(contentsOfFile: "\(stage.folder)/entries.ndjson", encoding: .utf8).split(separator: "\n")
      .count
    let counts = try stage.events().compactMap { _, event -> Int? in
      guard case .dataViewed(let viewed) = event.payload, viewed.name == "log export" else { return nil }
      return viewed.count
    }
    #expect(counts == [lines])
  }

  @Test(
    "in whatever order entries, checkpoint and proof are taken, nothing is called tampering",
    arguments: ["ckp", "cpk", "kcp", "kpc", "pck", "pkc"])
  func order(_ order: String) async throws {
    try await prepare()
    let steps: [Character: String] = [
      "c": "provledger log checkpoint > c.note", "k": "provledger log export > entries.ndjson",
      "p": "provledger log prove event 4 > proof",
    ]
    let check =
      "verify-log.py --key \"$(provledger log key)\" --entries entries.ndjson --checkpoint c.note --proof proof"
    let (code, output) = try await shell(order.compactMap { steps[$0] }.joined(separator: "\n") + "\n" + check)
    let isLate = order.firstIndex(of: "c") ?? order.startIndex > order.firstIndex(of: "k") ?? order.startIndex
    #expect(code == 0 || isLate && code == 2, "\(output)")
    #expect(!output.contains("FAILED"))
    let proved = try await shell("provledger verify --bundle proof && provledger verify --checkpoint c.note")
    #expect(proved.code == 0, "\(proved.output)")
  }

  @Test("each report that is packed with its evidence is made anew by the script, and a longer file is refused")
  func packs() async throws {
    try await prepare()
    let (code, output) = try await shell(
      """
      provledger delivery hold user1@contoso.example --reason "on leave"
      provledger log key > k
      for report in joiners movers leavers access failures erasures drift operators register; do
        provledger evidence $report -o $report.zip
        verify-evidence.py --key "$(cat k)" $report.zip
        provledger verify --bundle $report.zip
      done
      ! provledger evidence integrity -o integrity.zip
      cat register.zip k > longer.zip
      ! verify-evidence.py --key "$(cat k)" longer.zip
      ! provledger verify --bundle longer.zip
      """)
    #expect(code == 0, "\(output)")
    #expect(output.contains("the 20 rows of the report register follow from them"))
    #expect(output.contains("rests on the whole log and its checkpoints"))
  }

  @Test("what is disclosed is refused once anything of it is changed, and of an event that seals nothing")
  func forged() async throws {
    try await prepare()
    let opened = try await shell("provledger log prove event 5 --open desired > o.json; provledger log key > k")
    #expect(opened.code == 0, "\(opened.output)")
    let forged = try await shell(
      """
      provledger log export > entries.ndjson
      sed 's/user1@/user2@/' o.json > lie.json
      ! verify-log.py --key "$(cat k)" --entries entries.ndjson --opened lie.json
      ! provledger verify --bundle lie.json
      ! provledger log prove event 5 --open salary
      ! provledger log prove event 5 --open desired --bare
      verify-log.py --key "$(cat k)" --entries entries.ndjson --opened o.json
      """)
    #expect(forged.code == 0, "\(forged.output)")
    #expect(forged.output.contains("is not what the event says") && forged.output.contains("no member salary"))
    #expect(try stage.has("data.viewed"))
  }
}
