import Base
import Foundation
import Ledger
import Operations
import Provisioning
import Subprocess
import SystemPackage
import TestSupport
import Testing
import Views

/// What a terminal shows, held against what somebody has looked at and found good.
///
///     PROVLEDGER_SNAPSHOTS=write tools/test --filter SnapshotTests      writes Snapshots anew; look at the difference
@Suite("Snapshots of the terminal", .timeLimit(.minutes(5)))
struct SnapshotTests {
  private static let folder = "\(Walkthrough.repository)/Tests/EndToEnd/Snapshots"
  private static let isWriting = ProcessInfo.processInfo.environment["PROVLEDGER_SNAPSHOTS"] == "write"

  /// A ledger whose newest event is two and a half hours old, so that all ages are the same in each run, under a path that
  /// is as long in each.
  private struct Scene {
    let place: TestLedger
    let link: String
    private(set) var aliases: [String] = []

    init() async throws {
      place = try TestLedger(isEmpty: true)
      // In whole seconds, since a line may break within an instant.
      let now = Timestamp(milliseconds: SystemClock.now().milliseconds / 1000 * 1000)
      place.clock.advance((now + .seconds(-9000)) - place.clock.moment)
      try place.create()
      link = "/tmp/snap-\(UUID().uuidString.prefix(6))"
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: place.folder)
      let ledger = try place.open()
      defer { try? ledger.close() }
      let people = [
        Exported("ada"), Exported("bob", enabled: false), Exported("adam"), Exported("山田太郎"),
        Exported("somebody.with.a.name.that.is.longer.than.most"),
      ]
      let path = try place.write("export.csv", TestSupport.Export.csv(people))
      _ = try await DirectoryImport(into: ledger, actor: "test").run(paths: [path])
      try ledger.views.catchUp()
      aliases = try ledger.views.people().people.map(\.alias)
      try await deliver(ledger)
    }

    /// Ada's account is made, Adam's delivery is parked, the others wait.
    private func deliver(_ ledger: OpenLedger) async throws {
      let ada = try #require(try ledger.views.find("ada@example.com").first)
      let account = RemoteAccount(id: "u7", userName: "ada@example.com", displayName: "Name of ada", active: true)
      try await ledger.account(
        ada.alias, .linked(AccountLinked(.created, account)),
        .deliveryCompleted(DeliveryCompleted(.call, decision: ada.decisionPosition)))
      let adam = try #require(try ledger.views.find("adam@example.com").first)
      let now = place.clock.moment
      let parked = DeliveryParked(
        .addressOutsideCompany, decision: adam.decisionPosition, attempt: 1, since: now, retry: now + .seconds(86_400))
      try await ledger.account(adam.alias, .deliveryParked(parked))
      try ledger.views.catchUp()
    }

    /// The same in each run: without what differs by machine, moment and chance.
    func settled(_ line: String) -> String {
      var line = line.replacing(link, with: "/tmp/snap-000000")
        .replacing(#/20\d\d-[0-9T:.Z-]*/#) { match in String(match.output.map { $0.isNumber ? "0" : $0 }) }
      for alias in aliases {
        line = line.replacing(alias, with: "aliasaliasaliasa")
        for length in stride(from: alias.count - 1, through: 4, by: -1) {
          line = line.replacing("\(alias.prefix(length))…", with: "\("aliasaliasaliasa".prefix(length))…")
        }
      }
      return line
    }

    func end() { try? FileManager.default.removeItem(atPath: link) }
  }

  private func compare(_ name: String, _ columns: Int, _ lines: [String], colours: Int) throws {
    let text = (lines + ["(\(colours.of("colour")))"]).joined(separator: "\n") + "\n"
    let file = "\(Self.folder)/\(name)-\(columns).txt"
    if Self.isWriting { return try Data(text.utf8).write(to: URL(fileURLWithPath: file)) }
    let kept = (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
    #expect(text == kept, "\(file) differs:\n\(text)")
  }

  @Test("status, people and a story look as they did", arguments: [40, 80, 120, 200])
  func looks(_ columns: Int) async throws {
    let scene = try await Scene()
    defer { scene.end() }
    for (name, verb) in [
      ("status", ["status"]), ("user-list", ["user", "list"]), ("why", ["why", "adam@example.com"]),
    ] {
      let terminal = try PseudoTerminal(columns: columns)
      #expect(try await terminal.run(verb + ["--ledger", scene.link]) == .exited(0), "\(terminal.text)")
      let shown = Emulator(columns: columns, terminal.text)
      #expect(!shown.isWrapped && shown.unknown.isEmpty)
      try compare(name, columns, shown.lines.map(scene.settled), colours: shown.colours)
    }
  }

  @Test("who is meant is chosen where several have part of a name", arguments: [40, 80, 120, 200])
  func choice(_ columns: Int) async throws {
    let scene = try await Scene()
    defer { scene.end() }
    let terminal = try PseudoTerminal(columns: columns)
    let end = try await terminal.run(["user", "show", "da", "--ledger", scene.link], isTyped: true) { _ in
      try await eventually("it asks") { terminal.text.contains("Which one? 1 to 2: ") }
      try terminal.type("2\n")
    }
    #expect(end == .exited(0), "\(terminal.text)")
    let shown = Emulator(columns: columns, terminal.text)
    #expect(!shown.isWrapped && shown.unknown.isEmpty)
    try compare("choice", columns, shown.lines.map(scene.settled), colours: shown.colours)
  }

  @Test("an answer that is none of the numbers chooses nobody", arguments: ["7\n", "ada\n", "\u{4}"])
  func noChoice(_ answer: String) async throws {
    let scene = try await Scene()
    defer { scene.end() }
    let terminal = try PseudoTerminal(columns: 80)
    let end = try await terminal.run(["why", "da", "--ledger", scene.link], isTyped: true) { _ in
      try await eventually("it asks") { terminal.text.contains("Which one? ") }
      try terminal.type(answer)
    }
    #expect(end == .exited(64), "\(terminal.text)")
    #expect(!terminal.text.contains("Decided"))
  }

  @Test(
    "an import names its phases in the bar, which fits, survives a resize and is gone at the end",
    arguments: [40, 80, 120, 200])
  func phases(_ columns: Int) async throws {
    let stage = try Stage()
    try await stage.initialize(target: "http://127.0.0.1:1/scim/v2")
    let file = try stage.write("users.csv", Export(count: 6000).csv)
    let terminal = try PseudoTerminal(columns: columns)
    let end = try await terminal.run(["import", file, "--ledger", stage.ledgerFolder]) { _ in
      try await eventually("the bar is there") {
        terminal.text.contains("deciding") || terminal.text.contains("appending")
      }
      try terminal.resize(columns: columns - 10)
      try await eventually("and goes on", within: .seconds(60)) { terminal.text.contains("decided: ") }
    }
    #expect(end == .exited(0), "\(terminal.text.suffix(400))")
    let places = ["reading ", "deciding ", "appending "].compactMap { terminal.text.range(of: $0)?.lowerBound }
    #expect(places.count >= 2 && places == places.sorted(), "the phases come in order")
    let shown = Emulator(columns: columns, terminal.text)
    #expect(shown.unknown.isEmpty)
    let left = shown.lines.filter { !$0.isEmpty }
    #expect(left.contains { $0.hasPrefix("cycle") } && left.contains { $0.hasPrefix("decided: ") })
    #expect(!left.contains { $0.contains("appending ") || $0.contains("reading ") }, "\(left)")
  }
}
