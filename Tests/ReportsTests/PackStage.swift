import Base
import EventLog
import JSON
import Ledger
import TestSupport
import Testing

@testable import Reports

/// Packs of reports, held against nothing but the log's key.
struct PackStage {
  let ledger: OpenLedger

  func pack(_ report: some EvidencedReport) async throws -> EvidencePack {
    try EvidencePack(try report.packed(of: ledger), of: ledger, under: try await ledger.checkpoint())
  }

  func proved(_ pack: EvidencePack) throws -> ProvedPack {
    try ProvedPack(try pack.archive(), named: "pack.zip", keys: [try ledger.verifierKey()], program: "0")
  }

  /// Everything that a pack says.
  func text(_ pack: EvidencePack) -> String {
    pack.files.values.map { String(decoding: $0, as: UTF8.self) }.joined()
  }

  /// What is said of a pack that somebody changed who knows how to write a manifest.
  func refusal(_ pack: EvidencePack, _ file: String, _ text: String, by other: String) throws -> String {
    var files = pack.files
    let named = try #require(files[EvidencePack.Name.manifest])
    let manifest = try #require(try JSONParser.parse(named).object)
    files[EvidencePack.Name.manifest] = nil
    let old = String(decoding: try #require(files[file]), as: UTF8.self)
    #expect(old.contains(text))
    files[file] = Array(old.replacing(text, with: other).utf8)
    return fault { _ = try proved(EvidencePack(files, manifest: manifest)) }?.sentence ?? "it holds"
  }
}
