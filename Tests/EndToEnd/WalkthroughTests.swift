import Base
import Foundation
import Provisioning
import TeamViewerModel
import Testing

@testable import Simulators
@testable import provledger

/// README and articles, command by command as a person would copy them. What cannot be run here stands in each as an
/// exception, with its reason; anything else that a document has one type has to work.
@Suite("Documents, command by command", .timeLimit(.minutes(10)))
struct WalkthroughTests {
  private static let articles = "Sources/provledger/provledger.docc"

  private func walk(
    _ walk: Walkthrough, in folder: String, _ environment: [String: String] = [:],
    location: SourceLocation = #_sourceLocation
  ) async throws {
    #expect(try walk.stale() == [], sourceLocation: location)
    for step in try await walk.run(in: folder, environment: environment) {
      #expect(
        step.code == walk.code(of: step.command), "\(step.command): \(step.code), \(step.output.suffix(800))",
        sourceLocation: location)
      #expect(!step.output.contains("Report this"), sourceLocation: location)
    }
  }

  // MARK: README

  @Test("README: the first hour")
  func readme() async throws {
    let stage = try Stage()
    let walk = Walkthrough(
      path: "README.md",
      places: [
        ("8080", "\(try Stage.freePort())"), ("8081", "\(try Stage.freePort())"), ("/tmp/rehearsal", "$HERE/rehearsal"),
        ("/tmp/try", "$HERE/try"), ("/usr/share/provledger", "\(Walkthrough.repository)/tools/packaging"),
      ],
      background: ["provledger simulate teamviewer"],
      exceptions: [
        "tools/demo": "builds; every commit runs it, and DemoTests what it ends with",
        "tools/test": "builds and runs this test",
        "tools/package": "builds for many minutes; tools/release-check runs it",
        "cd .build-package/out": "tools/package makes it",
        "apt install": "needs root; tools/package --chroot runs it in a clean Debian",
      ])
    try await self.walk(walk, in: stage.folder)
    #expect(FileManager.default.fileExists(atPath: "\(stage.folder)/rehearsal/ledger.sqlite"))
  }

  // MARK: For the identity engineer

  /// Somebody, as the articles call them.
  private static func person(_ number: Int, _ address: String, _ name: String) -> Export.Person {
    var person = Export(count: number).people[number - 1]
    person.address = address
    person.name = name
    return person
  }

  /// The people whom the articles name, and as many as make a safeguard.
  private static func company(_ count: Int = 30) -> [Export.Person] {
    [
      person(901, "ada@contoso.com", "Ada Byron"), person(902, "emma.rossi@contoso.example", "Emma Rossi"),
      person(903, "bob@contoso.com", "Bob Gray"),
    ] + Export(count: count).people
  }

  @Test("Operate")
  func operate() async throws {
    let walk = Walkthrough(
      path: "\(Self.articles)/Operate.md",
      places: [
        ("/mnt/readonly/ledger", "$PROVLEDGER_LEDGER"), ("/etc/bash_completion.d/", "$HERE/"), ("1231", "12"),
        ("01a20ea0-c7f3-71b1-b677-8b78ee97ba0b", "\"$safeguard\""), ("2026-11-26T09:00:00Z", "\"$moment\""),
        // Moments at which the log was there already.
        ("--as-of yesterday", "--as-of \"$(cat moment)\""), ("--as-of 2026-11-01", "--as-of \"$(cat moment)\""),
        ("--as-of 2026-11-26 ", "--as-of \"$(cat moment)\" "),
        ("user diff 2026-10-01 2026-11-01", "user diff \"$(cat moment)\" \"$(date -u +%FT%T.%3NZ)\""),
      ],
      before: [
        "provledger safeguard approve":
          "safeguard=$(provledger safeguard list --json | sed -n 's/.*\"id\":\"\\([^\"]*\\)\".*/\\1/p')",
        "provledger target restore": "moment=$(cat moment)",
      ],
      // The safeguard holds people there, as the article has it; nobody put the target in quarantine.
      // Who was parked is tried already, by the line before.
      codes: [
        "provledger status --check": 1, "provledger quarantine release": 1, "provledger delivery retry --all": 1,
      ],
      exceptions: [
        "apt install": "needs root; tools/package --chroot runs it, and the four after it, in a clean Debian",
        "install -m 600": "needs root", "cd /var/lib/provledger": "the package makes the folder",
        "sudo -u provledger": "the package makes the user", "systemctl enable": "needs systemd",
        "provledger status --watch": "goes on until it is interrupted; OnTerminalTests does that",
        "provledger log follow --from 1231\n": "goes on until it is ended; FollowTests does that",
      ])
    try await Stage.serving(prepare: { $0.settings.foreignAccounts = ["ada@contoso.com"] }) { stage, _ in
      let people = Self.company()
      try await stage.expect(0, "import", try stage.write("one.csv", Export(people).csv))
      try await stage.expect(0, "deliver", "--until-idle")
      try stage.write("moment", SystemClock.now().description)
      try await stage.expect(1, "import", try stage.write("two.csv", Export(Array(people.prefix(13))).csv))
      try await self.walk(walk, in: stage.folder)
    }
  }

  @Test("Connect")
  func connect() async throws {
    let walk = Walkthrough(
      path: "\(Self.articles)/Connect.md",
      places: [
        ("/var/lib/provledger/ledger", "$HERE/company"), ("/etc/provledger/teamviewer.token", "$HERE/token"),
        ("/tmp/rehearsal", "$HERE/rehearsal"),
      ],
      answers: ["provledger source detach": "yes"],
      before: [
        "provledger target test":
          "sed -i \"s#https://webapi.teamviewer.com/scim/v2#$TARGET#\" $HERE/company/provledger.yaml",
        "provledger source test":
          """
        sed -i "s#https://graph.microsoft.com#$TENANT#; s#https://login.microsoftonline.com#$TENANT#; \
        s#tenant: .*#tenant: contoso#; s#client: .*#client: app#; s#certificate: .*#certificate: graph.pem#" \
        $HERE/company/provledger.yaml
        """,
        "provledger source handover": "provledger import users.csv",
      ],
      exceptions: [
        "sudo useradd": "needs root", "sudo install": "needs root", "sudo -u provledger -s": "needs root",
        "provledger demo": "DemoTests runs it", "provledger simulate teamviewer": "README's walk runs it",
        "provledger simulate graph": "SimulateGraphTests runs it",
        "az ": "needs a tenant", "provledger serve": "a service; ServeCommandTests runs it",
      ])
    try await TenantStub.serving(Self.company()) { _, tenant in
      try await Stage.serving { stage, simulator in
        try stage.write("users.csv", Export(Self.company()).csv)
        try stage.write("partners.csv", Export(Array(Self.company().prefix(3))).csv)
        try await self.walk(walk, in: stage.folder, ["TARGET": try stage.targetURL(), "TENANT": tenant])
        #expect(!simulator.accounts.isEmpty)
        let rights = try FileManager.default.attributesOfItem(atPath: "\(stage.folder)/company/graph.pem")
        #expect(rights[.posixPermissions] as? Int == 0o600)
      }
    }
  }

  @Test("From nothing to a live tenant")
  func liveTenant() async throws {
    let walk = Walkthrough(
      path: "\(Self.articles)/LiveTenant.md",
      places: [
        ("--token-file /etc/provledger/teamviewer.token", "--token-file $HERE/token --ledger $HERE/company"),
        ("ledger/graph.pem", "$HERE/company/graph.pem"),
      ],
      before: [
        "provledger config check":
          """
        export PROVLEDGER_LEDGER=$HERE/company; sed -i "s#https://webapi.teamviewer.com/scim/v2#$TARGET#; \
        s#https://graph.microsoft.com#$TENANT#; s#https://login.microsoftonline.com#$TENANT#; \
        s#tenant: .*#tenant: contoso#; s#client: .*#client: app#; s#certificate: .*#certificate: graph.pem#" \
        $HERE/company/provledger.yaml
        """,
        "provledger status": "provledger cycle run; provledger deliver --until-idle",
      ],
      exceptions: ["az ": "needs a tenant", "provledger serve": "a service; ServeCommandTests runs it"])
    try await TenantStub.serving(Self.company()) { _, tenant in
      try await Stage.serving { stage, simulator in
        try await self.walk(walk, in: stage.folder, ["TARGET": try stage.targetURL(), "TENANT": tenant])
        #expect(!simulator.accounts.isEmpty)
        let rights = try FileManager.default.attributesOfItem(atPath: "\(stage.folder)/company/graph.pem")
        #expect(rights[.posixPermissions] as? Int == 0o600)
      }
    }
  }

  // MARK: For the auditor

  @Test("Erase and back up")
  func eraseAndBackUp() async throws {
    let walk = Walkthrough(
      path: "\(Self.articles)/EraseAndBackUp.md",
      places: [
        ("/mnt/backup/monday", "$HERE/backup/monday"), ("/srv/new", "$HERE/new"),
        ("/var/lib/provledger/ledger", "$PROVLEDGER_LEDGER"), ("/etc/provledger/master.key", "$HERE/master.key"),
        ("/srv/second", "$HERE/second"), ("/srv/third", "$HERE/third"), ("/srv/www/log", "$HERE/www"),
      ],
      answers: ["provledger erase ada@contoso.com --reason gdpr-art-17-1-a": "yes"],
      before: [
        "provledger backup create": "mkdir -p backup",
        "provledger rebuild --from /srv/www/log": "provledger log tiles $HERE/www",
      ])
    try await Stage.serving { stage, _ in
      let people = Self.company(8)
      try await stage.expect(0, "import", try stage.write("one.csv", Export(people).csv))
      try await stage.expect(0, "deliver", "--until-idle")
      try await stage.expect(0, "import", try stage.write("two.csv", Export(Array(people.dropFirst())).csv))
      try await stage.expect(0, "deliver", "--until-idle")
      try await self.walk(walk, in: stage.folder)
      #expect(FileManager.default.fileExists(atPath: "\(stage.folder)/erased.txt"))
      #expect(FileManager.default.fileExists(atPath: "\(stage.folder)/new/ledger.sqlite"))
    }
  }

  @Test("Evidence")
  func evidence() async throws {
    let walk = Walkthrough(
      path: "\(Self.articles)/Evidence.md",
      places: [
        ("audit.example/prod+abd488bf+ATDCCZtSIS9WQ9jG9sFqo/nenIiN7KnH3fdLAPa7HrLG", "\"$key\""),
        ("/srv/www/ledger", "$HERE/www"), ("consistency 8 9", "consistency $old $new"),
        ("tools/verify-log.py", "verify-log.py"), ("--reviewer olga", "--reviewer \(Operator.identity.human)"),
      ],
      before: [
        "provledger verify --since": "provledger log checkpoint",
        "provledger verify --checkpoint": "provledger log checkpoint > held.notes",
        "provledger verify --log": "key=$(provledger log key); cp $PROVLEDGER_LEDGER/ledger.sqlite copy.sqlite",
        "provledger verify --bundle event-3": "key=$(provledger log key)",
        "provledger log prove consistency":
          """
        provledger log checkpoint > old.notes; old=$(sed -n 2p old.notes)
        provledger import two.csv; new=$(provledger log checkpoint | sed -n 2p)
        """,
        "tools/verify-log.py":
          "provledger log key > ledger.vkey; provledger log prove event 3 > event-3.tlog-proof; "
          + "provledger log export --checkpoint kept.note > entries.ndjson",
      ],
      // Where the machine knows who signed in, that is who imported, too.
      codes: LoginUser.current?.name == nil ? [:] : ["provledger review decide": 1])
    try await Stage.serving { stage, _ in
      let path = try stage.write("one.csv", Export(Self.company(5)).csv)
      #expect(try await stage.run(["import", path], environment: ["SUDO_USER": "svc"]).code == 0)
      try await stage.expect(0, "deliver", "--until-idle")
      try stage.write("two.csv", Export(Self.company(6)).csv)
      try stage.configure("anchorFiles: []", "anchorFiles: [\"\(stage.folder)/anchor.notes\"]")
      try await self.walk(walk, in: stage.folder)
    }
  }

  @Test("For auditors")
  func auditors() async throws {
    let walk = Walkthrough(path: "\(Self.articles)/Auditors.md")
    try await Stage.serving { stage, _ in
      try await stage.expect(0, "import", try stage.write("one.csv", Export(count: 20).csv))
      try await self.walk(walk, in: stage.folder)
    }
  }

  @Test("Exports")
  func exports() async throws {
    let walk = Walkthrough(
      path: "\(Self.articles)/Exports.md",
      exceptions: ["provledger export follow": "goes on until it is ended; SyslogFeedTests does that"])
    try await Stage.serving { stage, _ in
      try await stage.expect(0, "import", try stage.write("one.csv", Export(count: 20).csv))
      try await stage.expect(0, "deliver", "--until-idle")
      try await self.walk(walk, in: stage.folder)
    }
  }

  @Test("Mapping and scope")
  func mapping() async throws {
    let walk = Walkthrough(path: "\(Self.articles)/Mapping.md")
    try await Stage.serving { stage, _ in
      try await stage.expect(0, "import", try stage.write("one.csv", Export(count: 2).csv))
      try stage.write("provledger.yaml", "scope:\n  filters: []\n")
      try await self.walk(walk, in: stage.folder)
    }
  }

  @Test("Configuration")
  func configuration() async throws {
    let walk = Walkthrough(path: "\(Self.articles)/Configuration.md")
    try await Stage.serving { stage, _ in
      try await stage.expect(0, "import", try stage.write("one.csv", Export(count: 2).csv))
      try await self.walk(walk, in: stage.folder)
    }
  }

  // MARK: All of them

  @Test("every document that has one type a command is walked through, or only builds and measures")
  func all() throws {
    let walked: Set = [
      "Operate.md", "Connect.md", "LiveTenant.md", "EraseAndBackUp.md", "Evidence.md", "Auditors.md", "Exports.md",
      "Mapping.md", "Configuration.md",
    ]
    let folder = "\(Walkthrough.repository)/\(Self.articles)"
    for name in try FileManager.default.contentsOfDirectory(atPath: folder) where name.hasSuffix(".md") {
      if walked.contains(name) { continue }
      let commands = try Walkthrough(path: "\(Self.articles)/\(name)").commands()
      #expect(commands.filter { !$0.hasPrefix("tools/") && !$0.hasPrefix(".ci/") } == [], "\(name)")
    }
  }
}
