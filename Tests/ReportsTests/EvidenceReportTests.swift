import Base
import EventLog
import JSON
import Ledger
import Operations
import Provisioning
import Reports
import TestSupport
import Testing

@Suite("Reports: evidence")
struct EvidenceReportTests {
  private let place: TestLedger
  private let ledger: OpenLedger

  init() async throws {
    place = try TestLedger()
    ledger = try place.open()
    try await Records(in: ledger, actor: "operator:olga").configuration()
  }

  @Test("a sound log: size, root and the checkpoints that agree, as an object and in lines")
  func sound() async throws {
    let signed = try await ledger.checkpoint()
    let found = try ledger.log.verify(try ledger.verificationScope())
    #expect(
      found.json(hasKeys: true) == [
        "sound": true, "size": .string(String(signed.size)), "since": "0",
        "covered": .string(String(signed.size)),
        "root": .string(signed.checkpoint.root.description), "checkpoints": 1, "signatures": true, "findings": [],
      ])
    #expect(
      found.lines(hasKeys: true) == [
        "sound: \(signed.size.of("event")), root \(signed.checkpoint.root)", "checkpoints that agree: 1",
      ])
    #expect(found.lines(hasKeys: false).last == "checkpoints with these roots, signatures not checked: 1")
  }

  @Test("a log that lacks what a checkpoint states: each finding, and the sum")
  func tampered() async throws {
    let other = try TestLedger()
    let foreign = try other.open()
    try await Records(in: foreign, actor: "operator:olga").configuration()
    var scope = try ledger.verificationScope()
    scope.keys += try foreign.verifierKeys()
    scope.keptElsewhere = [try await foreign.checkpoint()]
    let found = try ledger.log.verify(scope)
    try #require(!found.isSound)
    let finding = try #require(found.json(hasKeys: true)["findings"]?.array?.first)
    #expect(finding["kind"]?.string == found.findings[0].kind.rawValue)
    #expect(finding["sentence"]?.string == found.findings[0].sentence)
    #expect(found.json(hasKeys: false)["signatures"] == false && found.json(hasKeys: false)["sound"] == false)
    #expect(found.lines(hasKeys: true).first == found.findings[0].description)
    #expect(
      found.lines(hasKeys: true).last == "TAMPERED: \(found.findings.count.of("finding")) in \(found.size.of("event"))")
  }

  @Test(
    "the file of an event's proof says which entry, in which log, and shows it; without the entry it proves nothing")
  func event() async throws {
    let signed = try await ledger.checkpoint()
    let keys = try ledger.verifierKeys()
    let entry = try #require(try ledger.log.read(from: 1, limit: 1).first?.entry)
    func proved(_ entry: [UInt8]?) throws -> ProvedBundle {
      let proof = try ledger.log.inclusionProof(of: 1, size: signed.size)
      let text = EventProof(entry: entry, proof: proof, checkpoint: signed).text
      return try ProvedBundle(try ProofBundle(Array(text.utf8), named: "e"), named: "e", keys: keys, notes: [])
    }
    let whole = try proved(entry)
    #expect(whole.claim == .event(position: 1, entry: entry))
    #expect(
      whole.json == [
        "proved": "event", "origin": .string(signed.checkpoint.origin), "position": "1",
        "size": .string(String(signed.size)), "entry": .string(String(decoding: entry, as: UTF8.self)),
        "opened": .array([]),
      ])
    #expect(
      whole.lines == [
        "proved: entry 1 is in the log \(signed.checkpoint.origin) of \(signed.size.of("event"))",
        String(decoding: entry, as: UTF8.self),
      ])
    #expect(fault { _ = try proved(nil) }?.code == .proofFails)
  }

  @Test("the file of a growth needs the older checkpoint, and says what begins with what")
  func growth() async throws {
    let old = try await ledger.checkpoint()
    try await Records(in: ledger, actor: "operator:olga").export("log", format: "ndjson", count: 1)
    let new = try await ledger.checkpoint()
    let proof = GrowthProof(
      proof: try ledger.log.consistencyProof(old: old.size, new: new.size), checkpoint: new)
    let (bundle, keys) = (try ProofBundle(Array(proof.text.utf8), named: "g"), try ledger.verifierKeys())
    let missing = fault { _ = try ProvedBundle(bundle, named: "g", keys: keys, notes: [new]) }
    #expect(missing?.code == .proofInvalid && missing?.sentence.contains("--checkpoint") == true)
    let proved = try ProvedBundle(bundle, named: "g", keys: keys, notes: [new, old])
    #expect(
      proved.json == [
        "proved": "growth", "origin": .string(new.checkpoint.origin), "old": .string(String(old.size)),
        "size": .string(String(new.size)),
      ])
    #expect(
      proved.lines == [
        "proved: the log \(new.checkpoint.origin) of \(new.size.of("event")) begins with its first \(old.size)"
      ])
  }

  @Test("a checkpoint and an anchor")
  func small() async throws {
    let signed = try await ledger.checkpoint()
    #expect(
      signed.json["note"]?.string == signed.note.description && signed.json["size"] == .string(String(signed.size)))
    let told = ToldAnchor(name: "/mnt/a", size: 7, fault: nil)
    #expect(told.json == ["anchor": "/mnt/a", "size": "7", "kept": true, "failure": .null])
    #expect(told.line == "/mnt/a: holds 7 events")
    let failed = ToldAnchor(name: "sh", size: 7, fault: Fault(.anchorFailed, "It ended with 1."))
    #expect(failed.json["kept"] == false && failed.json["failure"] == "It ended with 1.")
    #expect(failed.line.hasPrefix("sh: FAILED: ") && failed.line.contains("It ended with 1."))
  }
}
