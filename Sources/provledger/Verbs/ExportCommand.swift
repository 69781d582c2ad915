import ArgumentParser
import Base
import EventLog
import Exports
import Foundation
import JSON
import Ledger
import Operations
import Provisioning
import Terminal
import Views

/// `provledger export`
struct ExportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Events in the form that another tool reads.",
    discussion: """
      Examples:
        provledger export csv --from 2026-10-01 --to 2026-11-01 -o october.csv
        provledger export cef --name siem --since-last -o new.cef
        provledger export follow siem --to tls://siem.example:6514

      `provledger help export file` says how a file is made.
      `provledger help exports` says which form is for which tool.
      """,
    subcommands: [FileCommand.self, FollowCommand.self], defaultSubcommand: FileCommand.self)

  /// What a name has to be.
  static let names = "A name has letters, digits, '.', '_' and '-', at most 64 of them."
}

extension ExportCommand {
  /// `provledger export file`, or `provledger export` with a format
  struct FileCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "file", abstract: "Write a file in the form that another tool reads.",
      discussion: """
        Examples:
          provledger export file csv --from 2026-10-01 -o october.csv
          provledger export file cef --name siem --since-last -o new.cef
          provledger export file ocsf --ocsf 1.9 -o events.ndjson
          provledger export file asim --privacy pseudonym -o asim.ndjson
          provledger export file entra -o provisioning.json
          provledger export file sqlite -o ledger-export.sqlite

        `export csv` is short for `export file csv`.
        `provledger help exports` says which format is for which tool.

        An export is recorded, with the digest of its bytes, before the first of
        them leaves. One with --name is remembered by that record: --since-last
        goes on behind it. Cut off, it begins anew, and nothing is doubled.
        """)

    @Argument(help: "The format.", completion: .words(ExportFormat.self), transform: choice)
    var format: ExportFormat
    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var output: FormatOptions
    @OptionGroup var look: LookOptions
    @OptionGroup var span: SpanOptions
    @Option(name: [.customShort("o"), .customLong("output")], help: "The file (default: standard output).")
    var file: String?
    @Option(help: "Remember how far it went, under this name.")
    var name: String?
    @Flag(help: "With --name: only what was recorded since the last export of that name.")
    var sinceLast = false
    @Option(help: "How much of people is shown.", completion: .words(ExportPrivacy.self), transform: choice)
    var privacy = ExportPrivacy.clear
    @Option(
      name: .customLong("ocsf"), help: "The release of OCSF.", completion: .words(OCSFVersion.self), transform: choice)
    var release = OCSFVersion.v1_8
    @Flag(help: "With csv: begin with a byte order mark, by which Excel knows that it is UTF-8.")
    var bom = false

    func validate() throws {
      if bom, format != .csv { throw ValidationError("--bom is for csv.") }
      if sinceLast, name == nil { throw ValidationError("--since-last goes with --name.") }
      if sinceLast, file == nil {
        throw ValidationError("--since-last needs -o: what is cut off there is found again.")
      }
      if sinceLast, span.from != nil || span.to != nil {
        throw ValidationError("--since-last says where it begins and ends: leave --from and --to out.")
      }
      if format.isState, sinceLast {
        throw ValidationError("\(format.rawValue) tells what is now: leave --since-last out.")
      }
      if format == .vanta, span.from != nil || span.to != nil {
        throw ValidationError("vanta tells what is now: leave --from and --to out.")
      }
      if let name, !GivenName.isValid(name) {
        throw ValidationError(ExportCommand.names)
      }
      if format == .sqlite, file == nil, isatty(STDOUT_FILENO) == 1 {
        throw ValidationError("A database is no text: name a file with -o.")
      }
      if output.json, file == nil { throw ValidationError("--json tells about a file: say -o.") }
    }

    func run() async throws {
      try await ledger.withLedger { ledger in
        if name != nil { try ledger.requireWritable() }
        try await ExportRun(command: self, ledger: ledger).run()
      }
    }

    /// The settings of the records.
    func settings(_ ledger: OpenLedger) -> ExportSettings {
      var settings = ExportSettings(
        origin: ledger.configuration.origin, version: Provledger.configuration.version,
        target: ledger.configuration.target.url)
      (settings.ocsf, settings.privacy) = (release, privacy)
      return settings
    }
  }
}

/// One export: made, recorded, and only then handed out.
private struct ExportRun {
  let command: ExportCommand.FileCommand
  let ledger: OpenLedger

  func run() async throws {
    let last = try command.name.map { try NamedExport($0, in: ledger) }
    if command.sinceLast, let newest = last?.newest, try finish(newest) { return }
    let positions = try positions(last)
    let file = try command.file.map { try ExportFile(at: $0) } ?? ExportFile()
    let exported: ReportExported
    do {
      try requireFree()
      exported = try make(file, positions)
      try await record(exported, positions, last)
    } catch {
      file.remove()
      throw error
    }
    try handOut(file, exported)
  }

  /// True when the last export of the name was recorded and then cut off: its file is put in its place.
  private func finish(_ newest: ReportExported) throws -> Bool {
    guard let path = newest.path, let made = newest.file, ExportFile.isBeside(path) else { return false }
    let file = try ExportFile(at: path)
    guard try file.digestOfContent() == made.digest else {
      try tellOther(made, path)
      return false
    }
    try file.move(to: path)
    Output.notice(
      "The last export was recorded and then cut off; it is finished now. Run it again for what came since.")
    tell(newest, path)
    return true
  }

  /// Tells that what lies beside the place of the last export is another file than the recorded one, unless that came into its
  /// place. Throws `FaultCode.exportInTheWay`.
  private func tellOther(_ made: ExportedFile, _ path: String) throws {
    guard made.first <= made.last, !FileManager.default.fileExists(atPath: path) else { return }
    let from = try ledger.log.read(from: made.first, limit: 1).first.map { " with --from \($0.time)" } ?? ""
    let words = """
      \(path).part is not the file that was recorded of \((made.first..<made.last + 1).words), and \(path) is not there. \
      If nobody took that one, export them\(from), without --name.
      """
    // At a place that is used each time, a later export may have been cut off before it was recorded.
    if command.file.map({ URL(fileURLWithPath: $0).path }) == path { return Output.notice(words) }
    throw Fault(.exportInTheWay, "\(words) Then remove \(path).part.")
  }

  /// What an earlier export of the name left may not be picked up yet.
  private func requireFree() throws {
    guard command.sinceLast, let path = command.file, FileManager.default.fileExists(atPath: path) else { return }
    throw Fault(
      .exportInTheWay, "\(path) is there already, and may not be read yet; name another file, or move that one away.")
  }

  private func positions(_ last: NamedExport?) throws -> Range<Int64> {
    guard command.sinceLast, let last else { return try command.span.positions(ledger) }
    return last.next..<max(last.next, try ledger.log.lastPosition() + 1)
  }

  private func make(_ file: ExportFile, _ positions: Range<Int64>) throws -> ReportExported {
    try file.empty()
    try ledger.views.catchUp()
    if command.bom { try file.write(Array("\u{FEFF}".utf8)) }
    let count = try ExportSource(log: ledger.log, codec: ledger.codec, views: ledger.views).write(
      command.format, positions, command.settings(ledger)
    ) { try file.write($0) }
    let made = ExportedFile(
      digest: try file.finish(), first: positions.lowerBound, last: positions.upperBound - 1,
      privacy: command.privacy.rawValue)
    return ReportExported(
      name: command.name ?? "events", format: command.format.rawValue, count: count, file: made,
      path: command.file.map { URL(fileURLWithPath: $0).path })
  }

  private func record(_ exported: ReportExported, _ positions: Range<Int64>, _ last: NamedExport?) async throws {
    let words = [positions.words, "privacy \(command.privacy.rawValue)", command.name.map { "name \($0)" }]
    let viewed = DataViewed(
      name: "export \(command.format.rawValue)", count: exported.count, position: try ledger.log.lastPosition(),
      filter: words.compactMap { $0 }.joined(separator: ", "))
    try await command.look.record(of: ledger) { records in
      try await records.export(exported, named: last?.name, since: last?.version ?? 0, viewed: viewed)
      try await ledger.checkpoint()
    }
  }

  private func handOut(_ file: ExportFile, _ exported: ReportExported) throws {
    guard let path = command.file else { return try print(file) }
    try file.move(to: path)
    tell(exported, path)
    tellLeft(ExportFile.left(beside: path))
  }

  private func tellLeft(_ names: [String]) {
    guard let first = names.first else { return }
    let more = names.count > 1 ? " and \((names.count - 1).of("more file"))" : ""
    Output.notice(
      "Exports that were cut off have left \(first)\(more) beside it, and people may be named there. "
        + "A named export takes up its own when it is run again; remove the rest.")
  }

  /// On a terminal nothing that came from outside steers it; anywhere else the bytes are those of the digest.
  private func print(_ file: ExportFile) throws {
    guard isatty(STDOUT_FILENO) == 1 else { return try file.forEach { Output.raw($0) } }
    var rest: [UInt8] = []
    try file.forEach { piece in
      rest += piece
      guard let end = rest.lastIndex(of: UInt8(ascii: "\n")) else { return }
      let text = String(decoding: rest[...end], as: UTF8.self)
      Output.raw(OutsideText.cleaned(text, keeping: ["\n", "\r"]).utf8)
      rest.removeFirst(end + 1)
    }
    Output.raw(OutsideText.cleaned(String(decoding: rest, as: UTF8.self)).utf8)
  }

  private func tell(_ exported: ReportExported, _ path: String) {
    if command.output.json { return Output.json(exported.json(path)) }
    guard let file = exported.file else { return }
    Output.line("\(exported.count.of("record")) of \((file.first..<file.last + 1).words) in \(path)")
    Output.line("SHA-256 \(file.digest)")
  }
}

extension ReportExported {
  /// As a JSON object, with the place of the file.
  fileprivate func json(_ path: String) -> JSONValue {
    [
      "name": .string(name), "format": .string(format), "records": .integer(Int64(count)), "file": .string(path),
      "sha256": JSONValue(orNull: file?.digest), "first": JSONValue(orNull: file.map { String($0.first) }),
      "last": JSONValue(orNull: file.map { String($0.last) }), "privacy": JSONValue(orNull: file?.privacy),
    ]
  }
}
