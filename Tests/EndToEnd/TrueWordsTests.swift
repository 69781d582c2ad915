import Base
import EventLog
import Foundation
import Glibc
import JSON
import Provisioning
import Subprocess
import SystemPackage
import TeamViewerModel
import Testing

@testable import Simulators

/// What the program says of people, plans, folders and files is so.
@Suite(.timeLimit(.minutes(3)))
struct TrueWordsTests {
  // MARK: People

  @Test("A leaver whose account somebody activated is called drifted, everywhere, until it is brought back")
  func drifted() async throws {
    try await Stage.serving { stage, simulator in
      var export = Export(count: 10)
      try await stage.expect(0, "import", try stage.write("one.csv", export.csv))
      try await stage.expect(0, "deliver", "--until-idle")
      export.people[4].isEnabled = false
      try await stage.expect(0, "import", try stage.write("two.csv", export.csv))
      try await stage.expect(0, "deliver", "--until-idle")
      let id = simulator.accounts["user5@contoso.example"]?.id ?? ""
      simulator.change { _ = $0.model.edit(id, now: SystemClock.now()) { $0.active = true } }

      let before = try stage.size()
      let told = try await stage.expect(1, "target", "reconcile", "--report")
      let added = try stage.events().filter { $0.recorded.position > before }
      let kinds = added.map(\.recorded.type)
      #expect(Set(kinds) == ["reconcile.requested", "scim.call.finished", "drift.detected", "reconcile.finished"])
      let (first, last) = (added.first?.recorded.position ?? 0, added.last?.recorded.position ?? 0)
      #expect(told.errors.contains("1 difference that the log did not have so, the result (events \(first) to "))
      #expect(told.errors.contains(" to \(last))"))
      let again = try await stage.expect(1, "target", "reconcile", "--report", "--json")
      #expect(try JSONParser.parse(Array(again.output.utf8))["recorded"]?["differences"] == 0)

      let list = try await stage.expect(0, "user", "list", "--status", "drifted").output
      #expect(list.contains("user5@contoso.example") && !list.contains("user4@"))
      #expect(try await !stage.expect(0, "user", "list", "--status", "disabled").output.contains("user5@"))
      #expect(try await stage.expect(0, "user", "show", "user5@contoso.example").output.contains("drifted"))
      let status = try JSONParser.parse(Array(try await stage.expect(0, "status", "--json").output.utf8))
      #expect(status["people"]?["drifted"] == 1 && status["people"]?["disabled"] == 0 && status["activeLeavers"] == 1)
      let words = "1 account is ACTIVE though to be inactive: 1 drifted"
      #expect(try await stage.expect(0, "status").output.contains(words))
      let doctor = try await stage.expect(1, "doctor", "--offline").output
      #expect(doctor.contains("FAILURE active-leavers: 1 account is"))

      try await stage.expect(1, "target", "reconcile", "--repair")
      try await stage.expect(0, "deliver", "--until-idle")
      #expect(try await stage.expect(0, "user", "list", "--status", "disabled").output.contains("user5@"))
      #expect(try await !stage.expect(0, "doctor", "--offline").output.contains("drifted"))
      try await stage.expect(0, "views", "check")
    }
  }

  @Test("People whom a safeguard held need no attention any more once it is approved, and stay in the history")
  func released() async throws {
    try await Stage.serving { stage, _ in
      try await stage.expect(0, "import", try stage.write("one.csv", Export(count: 20).csv))
      try await stage.expect(0, "deliver", "--until-idle")
      try await stage.expect(1, "import", try stage.write("two.csv", Export(count: 12).csv))
      let held = try await stage.expect(0, "report", "provisioning").output
      #expect(held.contains("Needs attention") && held.contains("safeguard approve"))
      let safeguards = try await stage.expect(0, "safeguard", "list", "--json")
      let id = try JSONParser.parse(Array(safeguards.lines[0].utf8))["id"]?.string ?? ""
      try await stage.expect(0, "safeguard", "approve", id, "--yes")
      try await stage.expect(0, "deliver", "--until-idle")
      let over = try await stage.expect(0, "report", "provisioning").output
      #expect(over.contains("Nothing needs attention.") && !over.contains("safeguard approve"))
      let all = try await stage.expect(0, "report", "provisioning", "--json", "--all").lines
      let rows = try all.map { try JSONParser.parse(Array($0.utf8)) }.filter { $0["action"] == "held" }
      #expect(rows.count == 8)
      for row in rows {
        #expect(row["status"] == "superseded" && row["provisioningStatusInfo"]?["recommendedAction"] == .null)
      }
      try await stage.expect(0, "views", "check")
    }
  }

  @Test("why, delivery list and report tell one last answer, also where a read led to the parking")
  func lastAnswer() async throws {
    try await Stage.serving { stage, simulator in
      simulator.change { $0.model.settings.foreignAccounts.append("user1@contoso.example") }
      try await stage.expect(0, "import", try stage.write("one.csv", Export(count: 2).csv))
      try await stage.expect(0, "deliver", "--until-idle")
      let list = try await stage.expect(0, "delivery", "list", "--json")
      let open = try JSONParser.parse(Array(list.lines[0].utf8))
      let answer = try #require(open["answer"]?.string)
      #expect(open["status"] == "parked" && open["httpStatus"] == 409 && answer.hasPrefix("409 "))
      let words = String(answer.dropFirst(4))
      let report = try await stage.expect(0, "report", "provisioning", "--status", "parked", "--json")
      let info = try JSONParser.parse(Array(report.lines[0].utf8))["provisioningStatusInfo"]
      #expect(info?["httpStatus"] == 409 && info?["detail"] == .string(words))
      #expect(try await stage.expect(0, "report", "provisioning").output.contains("(last answer: \(answer))"))
      let why = try await stage.expect(0, "why", "user1@contoso.example").output
      #expect(why.contains("answered 409") && why.contains("TeamViewer says \"\(words)\""))
    }
  }

  // MARK: Plans

  @Test("A plan that is applied a second time was already applied")
  func twice() async throws {
    let stage = try Stage()
    try await stage.initialize(target: "http://127.0.0.1:1/scim/v2")
    var export = Export(count: 8)
    try await stage.expect(0, "import", try stage.write("one.csv", export.csv))
    let moment = try stage.events().last?.recorded.time.description ?? ""
    export.people[2].name = "By Mistake"
    try await stage.expect(0, "import", try stage.write("two.csv", export.csv))
    let plan = "\(stage.folder)/plan.json"
    try await stage.expect(0, "target", "restore", "--as-of", moment, "-o", plan)
    try await stage.expect(0, "apply", plan)
    let size = try stage.size()
    let again = try await stage.expect(1, "apply", plan)
    #expect(again.errors.hasPrefix("PL-0917: ") && again.errors.contains("already applied"))
    #expect(try stage.size() == size)

    let handover = "\(stage.folder)/handover.json"
    try await stage.expect(0, "source", "handover", "directory", "partners", "-o", handover)
    try await stage.expect(0, "apply", handover)
    #expect(try await stage.expect(1, "apply", handover).errors.contains("already applied"))
  }

  // MARK: Erasures

  @Test(
    "erase: refused beforehand it ends with 1, a letter names its ground, and a name that nobody has erases nothing")
  func erase() async throws {
    let stage = try Stage()
    try await stage.initialize(target: "http://127.0.0.1:1/scim/v2")
    try await stage.expect(0, "import", try stage.write("one.csv", Export(count: 8).csv))
    let dry = try await stage.expect(1, "erase", "user1@contoso.example", "--reason", "a", "--dry-run")
    #expect(dry.output.hasPrefix("would be refused user1@contoso.example (alias "))
    #expect(dry.output.contains("the person is in the directory: refused"))
    try await stage.expect(1, "erase", "user1@contoso.example", "--reason", "a", "--dry-run", "--json")
    let nobody = try await stage.expect(1, "erase", "nobody@contoso.example", "--reason", "a", "--yes")
    #expect(nobody.errors.hasPrefix("PL-1001: ") && nobody.errors.hasSuffix("Nothing was erased.\n"))

    try await stage.expect(
      0, "import", try stage.write("two.csv", Export(Array(Export(count: 8).people.dropFirst())).csv))
    let script =
      "printf 'n\\n' | script -qec \"$0 erase user1@contoso.example --reason a --force --ledger $1\" /dev/null"
    let asked = try await shell(script, try Program.path(), stage.ledgerFolder)
    #expect(asked.contains("Erase user1@contoso.example (alias ") && asked.contains("Nothing was erased."))
    #expect(try !stage.has("subject.erased"))
    let done = try await stage.expect(0, "erase", "user1@contoso.example", "--reason", "17(1)(b)", "--force", "--yes")
    #expect(done.errors.contains("`provledger report erasures` shows it again"))
    #expect(done.output.contains("gdpr-art-17-1-b") && done.errors.contains("Erased: user1@contoso.example (alias "))
  }

  // MARK: Folders, keys, tokens

  @Test("A folder that may not be looked into is not told as none", .enabled(if: geteuid() == 0))
  func forbidden() async throws {
    let stage = try Stage()
    try await stage.initialize(target: "http://127.0.0.1:1/scim/v2")
    // The folders above are opened, so that only the ledger's own is closed.
    #expect(chmod(stage.folder, 0o755) == 0)
    for verb in ["status", "why x", "doctor --offline", "import /etc/hostname"] {
      let script =
        "setpriv --reuid 65534 --regid 65534 --clear-groups $0 \(verb) --ledger $1 2>&1; echo \"ended with $?\""
      let words = try await shell(script, try Program.path(), stage.ledgerFolder)
      #expect(words.contains("Permission denied") && !words.contains("There is no ledger"), "\(verb): \(words)")
      #expect(words.contains(verb.hasPrefix("doctor") ? "ended with 1\n" : "ended with 74\n"), "\(verb): \(words)")
    }
    for verb in ["verify --log $1/ledger.sqlite", "backup verify $1", "backup restore $1 --ledger $1.new"] {
      let script = "setpriv --reuid 65534 --regid 65534 --clear-groups $0 \(verb) 2>&1; echo \"ended with $?\""
      let words = try await shell(script, try Program.path(), stage.ledgerFolder)
      #expect(words.contains("Permission denied") && words.contains("ended with 74\n"), "\(verb): \(words)")
    }
    // The folder may be looked into, and the files not be read.
    #expect(chmod(stage.ledgerFolder, 0o755) == 0)
    let script = "setpriv --reuid 65534 --regid 65534 --clear-groups $0 status --ledger $1 2>&1"
    #expect(try await shell(script, try Program.path(), stage.ledgerFolder).contains("cannot be read by this user"))
  }

  @Test("A proof without a ledger asks for the key")
  func key() async throws {
    let stage = try Stage()
    try await stage.initialize(target: "http://127.0.0.1:1/scim/v2")
    try await stage.expect(0, "import", try stage.write("one.csv", Export(count: 3).csv))
    let proof = try stage.write("proof", try await stage.expect(0, "log", "prove", "event", "2").output)
    let words = try await shell("cd / && $0 verify --bundle $1 2>&1; echo \"ended with $?\"", try Program.path(), proof)
    #expect(words.contains("--key") && words.contains("ended with 64\n"), "\(words)")
  }

  @Test("init names the ledger in its next steps, and says what is wrong with the token's place")
  func initialize() async throws {
    let stage = try Stage()
    func make(_ name: String, _ more: String...) async throws -> String {
      let folder = "\(stage.folder)/\(name)"
      let words = more.map { "'\($0)'" }.joined(separator: " ")
      return try await shell("$0 init --ledger \"$1\" \(words) 2>&1", try Program.path(), folder)
    }
    let good = try await make("good", "--token-file", stage.tokenFile)
    #expect(good.contains("provledger target test --ledger \(stage.folder)/good, then") && !good.contains("token"))
    #expect(try await make("a b", "--token-file", stage.tokenFile).contains("--ledger '\(stage.folder)/a b'"))
    #expect(try await make("unset", "--token-env", "NO_SUCH_TOKEN").contains("NO_SUCH_TOKEN"))
    #expect(try await make("none", "--token-file", "/nowhere/token").contains("No such file"))
    #expect(chmod(stage.tokenFile, 0o644) == 0)
    #expect(try await make("open", "--token-file", stage.tokenFile).contains("chmod 600"))
  }

  // MARK: Output

  @Test("Output that cannot be written ends with 74, help and version too; a reader that goes away is no error")
  func output() async throws {
    let stage = try Stage()
    try await stage.initialize(target: "http://127.0.0.1:1/scim/v2")
    try await stage.expect(0, "import", try stage.write("one.csv", Export(count: 3).csv))
    for verb in ["--help", "--version", "status", "user list", "report provisioning", "log export", "doctor --offline"]
    {
      let ledger = verb.hasPrefix("--") ? "" : "--ledger $1"
      let script = "$0 \(verb) \(ledger) 2>&1 >/dev/full; echo \"ended with $?\""
      let words = try await shell(script, try Program.path(), stage.ledgerFolder)
      #expect(words.hasPrefix("PL-1003: ") && words.hasSuffix("ended with 74\n"), "\(verb): \(words)")
      let closed = try await shell("{ $0 \(verb) \(ledger) 2>&3 | :; } 3>&1", try Program.path(), stage.ledgerFolder)
      #expect(closed.isEmpty, "\(verb): \(closed)")
    }
  }

  @Test("A log that an operator verified is not said to be unread")
  func verified() async throws {
    let stage = try Stage()
    try await stage.initialize(target: "http://127.0.0.1:1/scim/v2")
    try await stage.expect(0, "import", try stage.write("one.csv", Export(count: 3).csv))
    #expect(try await stage.expect(0, "doctor", "--offline").output.contains("NOTICE unverified"))
    try await stage.expect(0, "verify")
    #expect(try await !stage.expect(0, "doctor", "--offline").output.contains("unverified"))
    #expect(try await stage.expect(0, "status").output.contains("log read again      20"))
  }

  /// What a shell prints; `$0` and `$1` are the arguments.
  private func shell(_ script: String, _ first: String, _ second: String) async throws -> String {
    let result = try await Subprocess.run(
      .path("/bin/bash"), arguments: ["-c", script, first, second], input: .none, output: .string(limit: 1 << 20),
      error: .string(limit: 1 << 20))
    return result.standardOutput
  }
}
