import Base
import LogSupport
import Testing

@testable import EventLog

/// A tree in memory, of the hashes that the log keeps: leaves and complete tiles.
struct Tree {
  private(set) var leaves: [Digest32] = []
  private(set) var range = CompactRange()
  private var tiles: [Int: [Digest32]] = [:]

  init(_ leaves: [[UInt8]]) { for leaf in leaves { append(Merkle.leaf(leaf)) } }

  /// Leaf i is the big-endian 4-byte integer i.
  init(numbers count: Int) { self.init((0..<UInt32(count)).map { withUnsafeBytes(of: $0.bigEndian, Array.init) }) }

  mutating func append(_ leaf: Digest32) {
    leaves.append(leaf)
    range.append(leaf) { tiles[$0.level, default: []].append($0.root) }
  }

  var hashes: TreeHashes {
    TreeHashes { level, indices in
      Array((level == 0 ? leaves : tiles[level] ?? [])[Int(indices.lowerBound)..<Int(indices.upperBound)])
    }
  }

  func root(_ size: Int) throws -> Digest32 { try hashes.root(of: 0..<Int64(size)) }
}

/// The eight leaves and their hashes are those of transparency-dev/merkle, testonly/constants.go; the hashes of 300
/// leaves were computed with Python's hashlib, by the recursion of RFC 6962 section 2.1.
@Suite struct ProofTests {
  static let small = Tree(
    ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"].map(hex))
  static let tiled = Tree(numbers: 300)

  private func short(_ hashes: [Digest32]) -> [String] { hashes.map { String($0.description.prefix(8)) } }

  @Test(
    "inclusion proofs are those of the vectors",
    arguments: [
      (0, 1, []), (0, 8, ["96a296d2", "5f083f0a", "6b47aaf2"]), (5, 8, ["bc1a0643", "ca854ea1", "d37ee418"]),
      (2, 3, ["fac54203"]), (1, 5, ["6e340b9c", "5f083f0a", "bc1a0643"]), (6, 7, ["0ebc5d34", "d37ee418"]),
    ] as [(Int64, Int64, [String])])
  func inclusion(index: Int64, size: Int64, hashes: [String]) throws {
    #expect(short(try InclusionProof(index: index, size: size, Self.small.hashes).hashes) == hashes)
  }

  @Test("an inclusion proof across a tile's edge is that of the vector")
  func inclusionAcrossTiles() throws {
    let proof = try InclusionProof(index: 257, size: 300, Self.tiled.hashes)
    #expect(
      short(proof.hashes) == [
        "060dc63e", "65d04b9d", "c7623fbe", "53e10b2d", "9a9eb5bb", "ff5ba789", "78cd7db3",
      ])
    #expect(
      try Self.tiled.root(300).description == "7cb38a3a7211231d902f423fcd3f43cf9ac6da0aa1f31de0876c9927451ee3c5")
  }

  @Test(
    "consistency proofs are those of the vectors",
    arguments: [
      (1, 1, []), (1, 8, ["96a296d2", "5f083f0a", "6b47aaf2"]), (6, 8, ["0ebc5d34", "ca854ea1", "d37ee418"]),
      (2, 5, ["5f083f0a", "bc1a0643"]), (6, 7, ["0ebc5d34", "b08693ec", "d37ee418"]), (4, 7, ["837dbb15"]),
      (3, 7, ["0298d122", "07506a85", "fac54203", "837dbb15"]), (0, 5, []),
    ] as [(Int64, Int64, [String])])
  func consistency(old: Int64, new: Int64, hashes: [String]) throws {
    let proof = try ConsistencyProof(old: old, new: new, Self.small.hashes)
    #expect(short(proof.hashes) == hashes)
    #expect(proof.verify(oldRoot: try Self.small.root(Int(old)), newRoot: try Self.small.root(Int(new))))
  }

  @Test("a consistency proof across a tile's edge is that of the vector")
  func consistencyAcrossTiles() throws {
    let proof = try ConsistencyProof(old: 255, new: 300, Self.tiled.hashes)
    #expect(proof.hashes.count == 10)
    #expect(short(proof.hashes).first == "c27fb7a3")
    #expect(short(proof.hashes).last == "ac8f2525")
  }

  @Test("every leaf of every tree up to 300 is proved, and no other leaf, root, index or size is")
  func everyInclusion() throws {
    let tree = Self.tiled
    for size in 1...300 {
      let root = try tree.root(size)
      for index in 0..<size {
        let proof = try InclusionProof(index: Int64(index), size: Int64(size), tree.hashes)
        let leaf = tree.leaves[index]
        guard proof.verify(leaf: leaf, root: root) else {
          Issue.record("leaf \(index) of \(size)")
          continue
        }
        #expect(!proof.verify(leaf: tree.leaves[(index + 1) % 300], root: root))
        #expect(!proof.verify(leaf: leaf, root: leaf) || size == 1)
        // What is wrong is tried on one leaf in five: it costs twenty times as much.
        guard (index + size) % 5 == 0 else { continue }
        for wrong in Self.wrong(proof) where wrong.verify(leaf: leaf, root: root) { Issue.record("\(wrong)") }
      }
    }
  }

  /// What transparency-dev/merkle's test data does to a proof.
  @Test("a tree whose leaves are all at hand has the roots and the proofs of the large one")
  func smallTree() throws {
    let tree = Self.tiled
    for size in 0...130 {
      let small = SmallTree(leaves: Array(tree.leaves[..<size]))
      #expect(try small.root == tree.root(size))
      for index in 0..<size {
        let path = try #require(small.path(from: index))
        let proof = try InclusionProof(index: Int64(index), size: Int64(size), tree.hashes)
        #expect(path.map(\.hash) == proof.hashes)
        #expect(SmallTree.root(from: tree.leaves[index], past: path) == small.root)
      }
      #expect(small.path(from: size) == nil && small.path(from: -1) == nil)
    }
  }

  private static func wrong(_ proof: InclusionProof) -> [InclusionProof] {
    var wrong: [InclusionProof] = []
    for (index, size) in [
      (proof.index - 1, proof.size), (proof.index + 1, proof.size), (proof.index ^ 2, proof.size),
      (proof.index, proof.size * 2), (proof.index, proof.size / 2), (-1, proof.size), (proof.size, proof.size),
    ] {
      // A tree of another size may have this very path; the root tells, and that is the signed one.
      let isSamePath = index == proof.index && pathLength(index, size) == proof.hashes.count
      if !isSamePath { wrong.append(InclusionProof(index: index, size: size, hashes: proof.hashes)) }
    }
    wrong += changed(proof.hashes).map { InclusionProof(index: proof.index, size: proof.size, hashes: $0) }
    return wrong
  }

  private static func pathLength(_ index: Int64, _ size: Int64) -> Int? {
    (0..<max(0, size)).contains(index) ? try? InclusionProof(index: index, size: size, any).hashes.count : nil
  }

  private static var any: TreeHashes { TreeHashes { _, indices in indices.map { _ in Merkle.emptyRoot } } }

  private static func changed(_ hashes: [Digest32]) -> [[Digest32]] {
    var changed = [[Merkle.emptyRoot] + hashes, hashes + [Merkle.emptyRoot]]
    if let first = hashes.first, let last = hashes.last {
      changed += [Array(hashes.dropFirst()), Array(hashes.dropLast()), [first] + hashes, hashes + [last]]
      for index in hashes.indices {
        var other = hashes
        other[index] = flipped(hashes[index], bit: (index * 37) % 256)
        changed.append(other)
      }
    }
    return changed
  }

  private static func flipped(_ digest: Digest32, bit: Int) -> Digest32 {
    var bytes = digest.bytes
    bytes[bit / 8] ^= 1 << (bit % 8)
    return bytes.withUnsafeBytes { Digest32($0) } ?? Merkle.emptyRoot
  }

  @Test("a single bit of leaf, root or path makes a proof fail")
  func everyBit() throws {
    let tree = Self.tiled
    for (index, size) in [(0, 1), (5, 8), (2, 3), (257, 300), (255, 256), (299, 300)] {
      let proof = try InclusionProof(index: Int64(index), size: Int64(size), tree.hashes)
      let root = try tree.root(size)
      for bit in 0..<256 {
        #expect(!proof.verify(leaf: Self.flipped(tree.leaves[index], bit: bit), root: root))
        #expect(!proof.verify(leaf: tree.leaves[index], root: Self.flipped(root, bit: bit)))
        for place in proof.hashes.indices {
          var hashes = proof.hashes
          hashes[place] = Self.flipped(hashes[place], bit: bit)
          let other = InclusionProof(index: proof.index, size: proof.size, hashes: hashes)
          #expect(!other.verify(leaf: tree.leaves[index], root: root))
        }
      }
    }
  }

  @Test("every growth up to 70, and some to 300, is proved, and nothing else")
  func everyGrowth() throws {
    let tree = Self.tiled
    for new in Array(1...70) + [255, 256, 257, 300] {
      let newRoot = try tree.root(new)
      for old in 0...new {
        let proof = try ConsistencyProof(old: Int64(old), new: Int64(new), tree.hashes)
        let oldRoot = try tree.root(old)
        guard proof.verify(oldRoot: oldRoot, newRoot: newRoot) else {
          Issue.record("from \(old) to \(new)")
          continue
        }
        if old != new { #expect(!proof.verify(oldRoot: newRoot, newRoot: oldRoot)) }
        #expect(!proof.verify(oldRoot: Self.flipped(oldRoot, bit: old % 256), newRoot: newRoot))
        // Any tree extends the empty one.
        if old > 0 { #expect(!proof.verify(oldRoot: oldRoot, newRoot: Self.flipped(newRoot, bit: old % 256))) }
        for hashes in Self.changed(proof.hashes) {
          let other = ConsistencyProof(old: proof.old, new: proof.new, hashes: hashes)
          if other.verify(oldRoot: oldRoot, newRoot: newRoot) { Issue.record("from \(old) to \(new), changed") }
        }
        for (wrongOld, wrongNew) in [(-1, new), (new + 1, new), (old + 1, new), (old, new + 1), (old, new * 2)] {
          let other = ConsistencyProof(old: Int64(wrongOld), new: Int64(wrongNew), hashes: proof.hashes)
          let sameShape = (try? ConsistencyProof(old: Int64(max(0, wrongOld)), new: Int64(wrongNew), Self.any))?.hashes
            .count
          if sameShape != proof.hashes.count || wrongOld < 0 || wrongOld > wrongNew {
            #expect(!other.verify(oldRoot: oldRoot, newRoot: newRoot) || (old == 0 && wrongOld == 0))
          }
        }
      }
    }
  }

  @Test("an empty tree is extended by any tree, but only without hashes and with its own root")
  func empty() throws {
    let root = try Self.small.root(5)
    #expect(ConsistencyProof(old: 0, new: 5, hashes: []).verify(oldRoot: Merkle.emptyRoot, newRoot: root))
    #expect(!ConsistencyProof(old: 0, new: 5, hashes: [root]).verify(oldRoot: Merkle.emptyRoot, newRoot: root))
    #expect(!ConsistencyProof(old: 0, new: 5, hashes: []).verify(oldRoot: root, newRoot: root))
    #expect(!ConsistencyProof(old: 2, new: 5, hashes: []).verify(oldRoot: root, newRoot: root))
  }
}
