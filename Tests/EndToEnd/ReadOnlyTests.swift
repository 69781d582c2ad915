import Base
import CDispatch
import Foundation
import Glibc
import JSON
import Ledger
import Provisioning
import Subprocess
import SystemPackage
import Testing

/// True unless the tests run as root and may not mount anything, as in some containers: then nothing can be read-only.
private let canFix = getuid() != 0 || system("unshare --mount sh -c 'mount --bind /tmp /tmp' 2>/dev/null") == 0

/// Ledgers to which nothing is written: on a mount that can only be read, and of another user than root.
@Suite(.timeLimit(.minutes(4)), .enabled(if: canFix, "root may make no mounts here"))
struct ReadOnlyTests {
  private static let isRoot = geteuid() == 0

  /// Runs a shell's line with the program as `$1`, this ledger as `$2` and arguments behind.
  private static func shell(_ line: String, _ stage: Stage, _ arguments: [String]) async throws -> Program.End {
    let result = try await Subprocess.run(
      .path("/bin/sh"), arguments: Arguments(["-c", line, "sh", try Program.path(), stage.ledgerFolder] + arguments),
      output: .string(limit: 1 << 20), error: .string(limit: 1 << 20))
    var end = Program.End(output: result.standardOutput, errors: result.standardError)
    if case .exited(let code) = result.terminationStatus { end.code = Int(code) }
    return end
  }

  /// Runs a command where the ledger's folder can only be read: on a mount of its own, or without the right to write.
  private static func fixed(_ stage: Stage, _ arguments: String...) async throws -> Program.End {
    try await fixed(stage, arguments)
  }

  private static func fixed(_ stage: Stage, _ arguments: [String]) async throws -> Program.End {
    let line =
      isRoot
      ? """
      unshare --mount sh -c 'mount --bind "$2" "$2" && mount -o remount,ro,bind "$2" || exit 99
      program=$1; folder=$2; shift 2; exec "$program" "$@" --ledger "$folder"' sh "$@"
      """
      : """
      program=$1; folder=$2; shift 2; chmod 500 "$folder"
      "$program" "$@" --ledger "$folder"; code=$?; chmod 700 "$folder"; exit $code
      """
    return try await shell(line, stage, arguments)
  }

  private static func ledger(_ stage: Stage) async throws {
    try await stage.initialize(target: "http://127.0.0.1:1/scim/v2")
    try await stage.expect(0, "import", try stage.write("users.csv", Export(count: 12).csv))
    try await stage.expect(0, "log", "checkpoint")
  }

  private static let reading: [[String]] = [
    ["status"], ["status", "--json"], ["why", "user1@contoso.example"], ["user", "show", "user1@contoso.example"],
    ["user", "history", "user1@contoso.example"], ["log", "prove", "event", "3"], ["log", "key"], ["verify"],
    ["views", "check"], ["safeguard", "list"], ["quarantine", "show"], ["source", "list"],
    ["log", "checkpoint", "--list"],
  ]

  @Test("all that reads works where nothing can be written, and leaves nothing", arguments: [true, false])
  func reads(isClean: Bool) async throws {
    let stage = try Stage()
    try await Self.ledger(stage)
    let other = isClean ? nil : try stage.open()
    if let other {
      // Somebody at work elsewhere, whose write-ahead log holds what the file does not.
      try await other.append([Event(.target, .deliveryPaused(DeliveryPaused(reason: "away")))], actor: .worker)
    }
    let files = try FileManager.default.contentsOfDirectory(atPath: stage.ledgerFolder).sorted()
    let probe = try await Self.fixed(stage, "status")
    try #require(probe.code != 99, "no mount can be made here: \(probe.errors)")
    for arguments in Self.reading {
      let end = try await Self.fixed(stage, arguments)
      #expect(end.code == 0, "\(arguments): \(end.errors)")
    }
    if !isClean { #expect(try await Self.fixed(stage, "status").output.contains("PAUSED")) }
    #expect(try FileManager.default.contentsOfDirectory(atPath: stage.ledgerFolder).sorted() == files)
    try other?.close()
  }

  @Test(
    "what a killed process left in a write-ahead log is read, also without the index beside it",
    arguments: [true, false])
  func unfinished(hasIndex: Bool) async throws {
    let stage = try Stage()
    try await Self.ledger(stage)
    let other = try stage.open()
    try await other.append([Event(.target, .deliveryPaused(DeliveryPaused(reason: "away")))], actor: .worker)
    // As a crash leaves it: the files as they are while they are open.
    let copy = try Stage()
    for name in try FileManager.default.contentsOfDirectory(atPath: stage.ledgerFolder) {
      if !hasIndex, name.hasSuffix("-shm") { continue }
      try copy.write("ledger/\(name)", try Data(contentsOf: URL(fileURLWithPath: "\(stage.ledgerFolder)/\(name)")))
    }
    try other.close()
    let end = try await Self.fixed(copy, "status")
    try #require(end.code != 99, "no mount can be made here: \(end.errors)")
    #expect(end.code == 0 && end.output.contains("PAUSED"), "\(end.output) \(end.errors)")
    let verified = try await Self.fixed(copy, "verify")
    #expect(verified.code == 0, "\(verified.output) \(verified.errors)")
  }

  @Test(
    "a look at many people is refused with 75 where it cannot be recorded, unless --unrecorded; then that is said first"
  )
  func looks() async throws {
    let stage = try Stage()
    try await Self.ledger(stage)
    for arguments in [
      ["user", "list"], ["report", "provisioning", "--all"], ["log", "export"], ["log", "follow", "--until-end"],
      ["delivery", "list"], ["legal-hold", "list"],
    ] {
      let refused = try await Self.fixed(stage, arguments)
      try #require(refused.code != 99, "no mount can be made here: \(refused.errors)")
      #expect(refused.code == 75 && refused.output.isEmpty, "\(arguments): \(refused.errors)")
      #expect(refused.errors.hasPrefix("PL-0607: "))
      let shown = try await Self.fixed(stage, arguments + ["--unrecorded"])
      #expect(shown.code == 0, "\(arguments): \(shown.errors)")
      let first = arguments[0] == "log" ? shown.errors : shown.output
      #expect(
        first.hasPrefix("UNRECORDED: \(stage.ledgerFolder) can only be read here."),
        "\(arguments): \(first.prefix(200))")
      #expect(shown.lines.count > 12 || arguments[0] == "legal-hold")
    }
    let refused = try await Self.fixed(stage, "delivery", "pause", "--reason", "x")
    #expect(
      refused.code == 74 && refused.errors.hasPrefix("PL-0606: "),
      "\(refused.errors)")
    #expect(try await Self.fixed(stage, "doctor", "--offline", "--json").output.contains(#""code":"read-only""#))
  }

  @Test("looks at many people are recorded before the first row; what looks at no people appends nothing")
  func recorded() async throws {
    let stage = try Stage()
    try await Self.ledger(stage)
    let size = try stage.size()
    for arguments in [["status"], ["verify"], ["views", "check"], ["doctor", "--offline"]] {
      _ = try await stage.run(arguments)
    }
    _ = try await stage.run(["target", "test"])
    #expect(try stage.size() == size)
    try await stage.expect(0, "user", "list", "--status", "pending")
    try await stage.expect(0, "log", "follow", "--until-end")
    try await stage.expect(0, "target", "restore", "--as-of", "\(SystemClock.now())", "-o", "\(stage.folder)/plan.json")
    try await stage.expect(0, "backup", "create", "\(stage.folder)/backup")
    try await stage.expect(0, "delivery", "list", "--status", "pending")
    try await stage.expect(0, "legal-hold", "list", "--json")
    try await stage.expect(0, "report", "provisioning", "--format", "csv", "--all")
    try await stage.expect(0, "log", "export", "--from", "2", "--to", "4")
    let looks = try stage.events().compactMap { recorded, event -> DataViewed? in
      guard case .dataViewed(let viewed) = event.payload else { return nil }
      return viewed
    }
    #expect(
      looks.map(\.name) == [
        "user list", "log follow", "target restore", "backup create", "delivery list", "legal-hold list",
        "report provisioning", "log export",
      ])
    #expect(looks.map(\.count) == [12, nil, 0, nil, 12, 0, 12, 3])
    #expect(looks.suffix(2).map(\.filter) == ["format csv, all", "from 2 to 4"])
    #expect(looks.first?.count == 12 && looks.first?.filter == "status pending")
    // A follower that asks again and again does not feed itself.
    let from = try stage.size()
    try await stage.expect(0, "log", "follow", "--from", "\(from + 1)", "--until-end")
    try await stage.expect(0, "log", "follow", "--from", "\(from)", "--until-end")
    let after = try stage.size()
    try await stage.expect(0, "log", "follow", "--from", "\(after)", "--until-end")
    #expect(try stage.size() == after)
  }

  // MARK: Another user's folder

  @Test(
    "root reads another user's ledger and leaves no file there; to write it is told as whom to run",
    .enabled(if: isRoot))
  func root() async throws {
    let stage = try Stage()
    try await Self.ledger(stage)
    let nobody = try #require(getpwnam("nobody")?.pointee)
    let chowned = try await Self.shell("chown -R nobody \"$2\" && rm -f \"$2/views.sqlite\"*", stage, [])
    try #require(chowned.code == 0)
    let before = try FileManager.default.contentsOfDirectory(atPath: stage.ledgerFolder).sorted()
    for arguments in Self.reading {
      let end = try await stage.run(arguments)
      #expect(end.code == 0, "\(arguments): \(end.errors)")
    }
    for arguments in [
      ["import", "\(stage.folder)/users.csv"], ["deliver", "--until-idle"], ["views", "rebuild"],
      ["log", "checkpoint"], ["delivery", "pause", "--reason", "x"],
    ] {
      let end = try await stage.run(arguments)
      #expect(end.code == 74, "\(arguments): \(end.errors)")
      #expect(end.errors.contains("sudo -u nobody provledger"), "\(arguments): \(end.errors)")
    }
    #expect(try await stage.expect(75, "user", "list").errors.contains("sudo -u nobody provledger"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: stage.ledgerFolder).sorted() == before)
    // The owner goes on.
    let own = try await Self.shell(
      #"program=$1; folder=$2; shift 2; exec setpriv --reuid nobody --clear-groups "$program" "$@" --ledger "$folder""#,
      stage, ["delivery", "pause", "--reason", "x"])
    #expect(own.code == 0, "\(own.errors)")
    for name in try FileManager.default.contentsOfDirectory(atPath: stage.ledgerFolder) {
      var status = stat()
      #expect(stat("\(stage.ledgerFolder)/\(name)", &status) == 0 && status.st_uid == nobody.pw_uid, "\(name)")
    }
  }
}
