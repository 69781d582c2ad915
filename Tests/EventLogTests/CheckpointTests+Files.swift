import Base
import Crypto
import Foundation
import GRDB
import LogSupport
import Testing
@testable import EventLog

/// What is handed to others: proofs in files, and tiles.
extension CheckpointTests {
  // MARK: Files

  private func proof(_ log: Log, _ position: Int64, _ signed: SignedCheckpoint) throws -> EventProof {
    let entry = try #require(try log.read(from: position, limit: 1).first).entry
    return EventProof(
      entry: entry, proof: try log.inclusionProof(of: position, size: signed.size), checkpoint: signed)
  }

  @Test("a proof's file reads back, holds, and does not hold for anything else")
  func eventFile() async throws {
    let folder = try Folder()
    let key = try LogKey(origin: "example.org/test")
    let log = try await filled(folder, 40)
    let signed = try await sign(log, key)
    let made = try proof(log, 17, signed)
    guard case .event(let read) = try ProofBundle(Array(made.text.utf8), named: "p") else {
      Issue.record("another kind")
      return
    }
    #expect(read == made)
    try read.verify(with: [key.verifier])
    let bare = EventProof(entry: nil, proof: made.proof, checkpoint: signed)
    #expect { try bare.verify(with: [key.verifier]) } throws: { ($0 as? Fault)?.code == .proofFails }
    try bare.verify(with: [key.verifier], entry: made.entry)
    #expect { try bare.verify(with: [key.verifier], entry: [1]) } throws: { ($0 as? Fault)?.code == .proofFails }
    #expect { try read.verify(with: [try LogKey(origin: "x").verifier]) } throws: {
      ($0 as? Fault)?.code == .noteUnsigned
    }
    if case .event(let read) = try ProofBundle(Array(bare.text.utf8), named: "p") { #expect(read == bare) }
  }

  @Test("the proof of an entry among eight is written byte for byte")
  func vector() throws {
    let tree = ProofTests.small
    let note = try NoteTests.note(
      """
      ledger.example/test
      8
      XcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=

      — ledger.example/test eoZAmaV/in0IDskMWnTG5SPMud1pvqheHJWaiVUrPEZFFSyqbLbL7qfg3L+D2FQECtirtiNxpVrnGVJRgUfXThQJNgc=

      """)
    let proof = EventProof(
      entry: nil, proof: try InclusionProof(index: 5, size: 8, tree.hashes), checkpoint: try SignedCheckpoint(note))
    #expect(
      proof.text == """
        c2sp.org/tlog-proof@v1
        index 5
        vBoGQ7EuTS18d5GPROD095qDi2z57FtcKD4fTYhZnms=
        yoVOoSjtBQtBs1/8G4e46yveRh6eO1WW7Oa51ZdaCuA=
        037kGJdt2VdTwcc4Yrk5j6Kiz5tP8P3+izDNlSCWFLc=

        \(note)
        """)
  }

  @Test("growth between two checkpoints is a file too, of the form that a witness takes")
  func growthFile() async throws {
    let folder = try Folder()
    let key = try LogKey(origin: "example.org/test")
    let log = try await filled(folder, 3)
    let old = try await sign(log, key)
    try await log.append([StreamAppend(stream: "s/1", events: events(4))])
    let new = try await sign(log, key)
    let made = GrowthProof(proof: try log.consistencyProof(old: 3, new: 7), checkpoint: new)
    #expect(made.text.hasPrefix("old 3\n"))
    guard case .growth(let read) = try ProofBundle(Array(made.text.utf8), named: "p") else {
      Issue.record("another kind")
      return
    }
    #expect(read == made)
    try read.verify(from: old, with: [key.verifier])
    #expect { try read.verify(from: new, with: [key.verifier]) } throws: { ($0 as? Fault)?.code == .proofFails }
    let forged = Checkpoint(origin: "example.org/test", size: 3, root: Merkle.emptyRoot)
    let signed = try SignedCheckpoint(try SignedNote(forged.text, signedBy: [key]))
    #expect { try read.verify(from: signed, with: [key.verifier]) } throws: { ($0 as? Fault)?.code == .proofFails }
  }

  @Test(
    "what is no proof is refused",
    arguments: [
      "", "\n\n", "x\n\nnote", "c2sp.org/tlog-proof@v1\nindex 1\n", "c2sp.org/tlog-proof@v1\n\n\(NoteTests.seven)",
      "c2sp.org/tlog-proof@v1\nindex 01\n\n\(NoteTests.seven)",
      "c2sp.org/tlog-proof@v1\nextra ?\nindex 1\n\n\(NoteTests.seven)",
      "c2sp.org/tlog-proof@v1\nindex 1\nAAAA\n\n\(NoteTests.seven)", "old x\n\n\(NoteTests.seven)",
      "old 1\n" + String(repeating: "3bib5AOAnjJXUNPSY814kpwpQreUKjS3fhIslZSnTIw=\n", count: 65)
        + "\n\(NoteTests.seven)",
    ])
  func badFiles(text: String) {
    #expect { try ProofBundle(Array(text.utf8), named: "p") } throws: { ($0 as? Fault)?.code == .proofInvalid }
  }

  // MARK: Tiles

  @Test(
    "an index becomes a path in threes",
    arguments: [(0, "000"), (5, "005"), (999, "999"), (1000, "x001/000"), (1_234_067, "x001/x234/067")])
  func names(index: Int, name: String) { #expect(Tiles.name(Int64(index)) == name) }

  private func files(_ folder: String) throws -> [String: Data] {
    var found: [String: Data] = [:]
    let names = FileManager.default.enumerator(atPath: folder)?.allObjects as? [String] ?? []
    for name in names {
      var isFolder: ObjCBool = false
      _ = FileManager.default.fileExists(atPath: "\(folder)/\(name)", isDirectory: &isFolder)
      if !isFolder.boolValue { found[name] = FileManager.default.contents(atPath: "\(folder)/\(name)") }
    }
    return found
  }

  @Test("tiles grow piece by piece into the same files as at once, and hold the log")
  func tiles() async throws {
    let folder = try Folder()
    let key = try LogKey(origin: "example.org/test")
    let log = try await filled(folder, 10)
    let piecewise = Tiles(of: log, in: folder.path + "/a")
    for more in [0, 3, 243, 1, 299] {
      if more > 0 { try await log.append([StreamAppend(stream: "s/1", events: events(more))]) }
      try piecewise.write(try await sign(log, key))
    }
    let signed = try await sign(log, key)
    #expect(try piecewise.write(signed) == 0)
    try Tiles(of: log, in: folder.path + "/b").write(signed)
    let (pieces, once) = (try files(folder.path + "/a"), try files(folder.path + "/b"))
    // A reader who still has an older checkpoint finds the partial tile that it names.
    #expect(Set(pieces.keys).subtracting(once.keys) == ["tile/1/000.p/1"])
    for (name, data) in once { #expect(pieces[name] == data, "\(name)") }
    #expect(
      once.keys.sorted() == [
        "checkpoint", "tile/0/000", "tile/0/001", "tile/0/002.p/44", "tile/1/000.p/2", "tile/entries/000",
        "tile/entries/001", "tile/entries/002.p/44",
      ])
    let tree = Tree(try log.read(limit: 556).map(\.entry))
    #expect(once["tile/0/001"] == Data(tree.leaves[256..<512].flatMap(\.bytes)))
    #expect(once["tile/1/000.p/2"]?.prefix(32) == Data(try tree.root(256).bytes))
    let entry = try #require(try log.read(limit: 1).first).entry
    #expect(
      once["tile/entries/000"]?.prefix(2 + entry.count)
        == Data([UInt8(entry.count >> 8), UInt8(entry.count & 255)] + entry))
    let mode = try FileManager.default.attributesOfItem(atPath: folder.path + "/b/checkpoint")[.posixPermissions]
    #expect((mode as? NSNumber)?.intValue == 0o644)
  }

  @Test("the tiles of another log are not gone on with, and a folder that cannot be made is told")
  func otherTiles() async throws {
    let (first, second) = (try Folder(), try Folder())
    let key = try LogKey(origin: "example.org/test")
    let (one, other) = (try await filled(first, 10), try await filled(second, 12))
    try Tiles(of: one, in: first.path + "/a").write(try await sign(one, key))
    let signed = try await sign(other, key)
    #expect { try Tiles(of: other, in: first.path + "/a").write(signed) } throws: {
      ($0 as? Fault)?.code == .logForked
    }
    #expect { try Tiles(of: other, in: first.log + "/a").write(signed) } throws: {
      ($0 as? Fault)?.code == .tilesUnwritable
    }
  }
}
