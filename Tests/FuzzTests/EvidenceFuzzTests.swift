import Base
import Foundation
import JSON
import Provisioning
import TestSupport
import Testing

@testable import Backup
@testable import EventLog
@testable import Ledger

@Suite("Evidence from outside: whatever it holds, it is refused or read, and ends nothing")
struct EvidenceFuzzTests {
  /// A log of some events, its proofs and its key.
  private struct Evidence {
    let place: TestLedger
    let key: VerifierKey
    let notes: [SignedCheckpoint]
    let proofs: [String]

    init() async throws {
      place = try TestLedger()
      let ledger = try place.open()
      key = try ledger.verifierKey()
      var notes: [SignedCheckpoint] = []
      for count in [3, 9] {
        try await ledger.append(
          (0..<count).map { _ in
            Event(.operators, .reportExported(ReportExported(name: "log", format: "ndjson", count: 1)))
          }, actor: "test")
        notes.append(try await ledger.checkpoint())
      }
      let entry = try ledger.log.read(from: 5, limit: 1)[0].entry
      let event = EventProof(
        entry: Array(entry), proof: try ledger.log.inclusionProof(of: 5, size: 12), checkpoint: notes[1])
      let growth = GrowthProof(proof: try ledger.log.consistencyProof(old: 3, new: 12), checkpoint: notes[1])
      self.notes = notes
      proofs = [event.text, growth.text]
    }
  }

  @Test("notes and files of notes")
  func notes() async throws {
    let evidence = try await Evidence()
    try Fuzz.run(evidence.notes.map { Array($0.note.description.utf8) }) { bytes in
      for note in try SignedNote.all(in: bytes, named: "notes") { _ = try? SignedCheckpoint(note) }
      let note = try SignedNote(bytes, named: "note")
      let again = try SignedNote(Array(note.description.utf8), named: "note")
      #expect(again == note)
      try note.verify(with: [evidence.key])
      _ = try SignedCheckpoint(note)
    }
  }

  @Test("what does not verify as it was signed is never taken")
  func signatures() async throws {
    let evidence = try await Evidence()
    let texts = Set(evidence.notes.map(\.note.text))
    try Fuzz.run(evidence.notes.map { Array($0.note.description.utf8) }) { bytes in
      let note = try SignedNote(bytes, named: "note")
      try note.verify(with: [evidence.key])
      #expect(texts.contains(note.text))
    }
  }

  @Test("proofs of events and of growth")
  func proofs() async throws {
    let evidence = try await Evidence()
    try Fuzz.run(evidence.proofs.map { Array($0.utf8) }) { bytes in
      switch try ProofBundle(bytes, named: "proof") {
      case .event(let proof):
        #expect(proof.proof.index < proof.checkpoint.size)
        _ = proof.proof.verify(leaf: Merkle.leaf(proof.entry ?? []), root: proof.checkpoint.checkpoint.root)
        try proof.verify(with: [evidence.key])
      case .growth(let proof):
        _ = proof.proof.verify(oldRoot: Merkle.emptyRoot, newRoot: proof.checkpoint.checkpoint.root)
        try proof.verify(from: evidence.notes[0], with: [evidence.key])
      }
    }
  }

  @Test("the numbers of a proof at the borders of what a number can be", arguments: Mutator.numbers)
  func numbers(number: String) async throws {
    let evidence = try await Evidence()
    for (proof, line) in zip(evidence.proofs, ["index 4\n", "old 3\n"]) {
      let name = line.prefix { $0 != " " }
      let text = proof.replacing(line, with: "\(name) \(number)\n")
      let found = fault {
        switch try ProofBundle(Array(text.utf8), named: "proof") {
        case .event(let proof): try proof.verify(with: [evidence.key])
        case .growth(let proof): try proof.verify(from: evidence.notes[0], with: [evidence.key])
        }
      }
      #expect(found != nil)
    }
  }

  @Test("verifier keys")
  func keys() async throws {
    let key = try await Evidence().key
    try Fuzz.run([Array(key.text.utf8)]) { bytes in
      let text = String(decoding: bytes, as: UTF8.self)
      let key = try VerifierKey(text: text)
      #expect(key.text == text)
    }
  }

  @Test("a backup's manifest")
  func manifest() throws {
    let digest = String(repeating: "ab", count: 32)
    let files = (BackupFiles.needed + ["log.key"]).map { BackupManifest.File(name: $0, bytes: 4096, sha256: digest) }
    let manifest = BackupManifest(
      created: Timestamp(milliseconds: 1_767_312_000_000), origin: "example.test/ledger", size: 17, root: digest,
      checkpoint: 12, files: files)
    try Fuzz.run([Array(manifest.json.text.utf8)]) { bytes in
      let read = try BackupManifest(bytes, path: "manifest.json")
      // What is counted when it is unpacked.
      #expect(read.files.reduce(Int64(0)) { $0 + $1.bytes } >= 0)
      #expect(read.checkpoint <= read.size && read.files.allSatisfy { BackupFiles.isName($0.name) })
    }
  }

  @Test("a list of erasures")
  func erasures() throws {
    let reason = try #require(ErasureReason("gdpr-art-17-1-a"))
    let moment = Timestamp(milliseconds: 1_767_312_000_000)
    let list = ErasureList(
      origin: "example.test/ledger", through: 40, time: moment,
      entries: [ErasedAlias(alias: "k3v9abcdefghijkl", position: 17, time: moment, reason: reason)])
    try Fuzz.run([Array(list.text.utf8)]) { bytes in
      let read = try ErasureList(bytes, file: "list")
      #expect(read.entries.allSatisfy { $0.position > 0 && !$0.alias.contains("/") } && read.through >= 0)
    }
  }
}
