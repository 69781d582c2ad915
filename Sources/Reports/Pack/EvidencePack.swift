import Base
import Crypto
import EventLog
import Foundation
public import JSON
import Sealing

/// A report with everything that it rests on, as files of one archive: the events, a proof that each is the log's, the
/// checkpoint, the log's verifier key, and what the rows need opened of them. It is checked with no ledger and no key that
/// opens anything; `VERIFY.txt` in it says how.
public struct EvidencePack: Equatable, Sendable {
  /// The form that this program writes and reads.
  static let form = "provledger-evidence/1"
  /// The most events; with their proofs they stay below what an archive may hold.
  public static let mostEvents = 20_000

  /// The names of the files.
  enum Name {
    static let manifest = "manifest.json"
    static let checkpoint = "checkpoint"
    static let key = "vkey.txt"
    static let growth = "growth.txt"
    static let events = "events.ndjson"
    static let opened = "opened.ndjson"
    static let json = "report.json"
    static let csv = "report.csv"
    static let page = "report.html"
    static let schema = "report.schema.json"
    static let instructions = "VERIFY.txt"

    static let all = [
      manifest, checkpoint, key, growth, events, opened, json, csv, page, schema, instructions,
    ]

    static func proof(_ position: Int64) -> String { "proofs/\(position).tlog-proof" }
  }

  /// The files by name.
  public private(set) var files: [String: [UInt8]]

  /// Files, and a manifest that names each with its digest, beside what else it says.
  init(_ files: [String: [UInt8]], manifest: JSONObject) {
    self.files = files
    var manifest = manifest
    manifest["form"] = .string(Self.form)
    manifest["files"] = .array(files.sorted { $0.key < $1.key }.map { Self.row($0.key, $0.value) })
    self.files[Name.manifest] = Array(JSONValue.object(manifest).canonicalBytes) + [0x0A]
  }

  /// What the manifest says of a file.
  static func row(_ name: String, _ bytes: [UInt8]) -> JSONValue {
    ["bytes": .integer(Int64(bytes.count)), "name": .string(name), "sha256": .string(digest(bytes))]
  }

  /// What the manifest says, by name.
  static let said: Set<String> = [
    "erased", "events", "files", "form", "log", "notOpened", "parameters", "program", "report", "rows",
  ]

  /// What is opened of the event of a position.
  static func opened(_ disclosures: [Disclosure], at position: Int64) -> JSONValue {
    ["disclosures": .array(disclosures.map(\.json)), "position": .string(String(position))]
  }

  /// The archive: the same pack gives the same bytes. Throws `FaultCode.evidenceTooLarge`.
  public func archive() throws -> [UInt8] {
    do { return try ZipArchive.bytes(of: files) } catch { throw Self.tooLarge("it \(error.what)") }
  }

  /// The digest that the manifest has, and by it every file: SHA-256, in hexadecimal digits.
  public var digest: String { Self.digest(files[Name.manifest] ?? []) }

  /// What is in it.
  public var sentence: String {
    "report \(report), \(count("rows").of("row")), \(count("events").of("event")) with their proofs"
  }

  /// As a JSON object; `path` is the archive's file.
  public func summary(_ path: String) -> JSONValue {
    [
      "pack": .string(path), "report": .string(report), "rows": .string(String(count("rows"))),
      "events": .string(String(count("events"))), "digest": .string(digest),
    ]
  }

  private var manifest: JSONObject? { files[Name.manifest].flatMap { try? JSONParser.parse($0).object } }
  private var report: String { manifest?["report"]?.string ?? "" }
  private func count(_ name: String) -> Int { Int(manifest?[name]?.integer ?? 0) }

  static func tooLarge(_ what: String) -> Fault {
    Fault(
      .evidenceTooLarge,
      "The evidence pack is too large: \(what). Ask for a shorter period, or draw with --sample; of a register give the "
        + "report and the log's entries.")
  }

  /// SHA-256, in hexadecimal digits.
  static func digest(_ bytes: [UInt8]) -> String { Hex.text(SHA256.hash(data: Data(bytes))) }
}
