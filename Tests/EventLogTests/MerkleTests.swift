import Crypto
import EventLog
import LogSupport
import Testing

/// RFC 6962 section 2.1 as it is written, slow and without shortcuts.
func referenceRoot(_ leaves: ArraySlice<[UInt8]>) -> [UInt8] {
  guard let first = leaves.first else { return Array(SHA256.hash(data: [UInt8]())) }
  if leaves.count == 1 { return Array(SHA256.hash(data: [0] + first)) }
  var width = 1
  while width * 2 < leaves.count { width *= 2 }
  let middle = leaves.startIndex + width
  return Array(
    SHA256.hash(data: [1] + referenceRoot(leaves[..<middle]) + referenceRoot(leaves[middle...])))
}

@Suite struct MerkleTests {
  static let inputs = [
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
  ].map(hex)

  static let leaves = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
    "0298d122906dcfc10892cb53a73992fc5b9f493ea4c9badb27b791b4127a7fe7",
    "07506a85fd9dd2f120eb694f86011e5bb4662e5c415a62917033d4a9624487e7",
    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    "4271a26be0d8a84f0bd54c8c302e7cb3a3b5d1fa6780a40bcce2873477dab658",
    "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f",
    "46f6ffadd3d06a09ff3c5860d2755c8b9819db7df44251788c7d8e3180de8eb1",
  ]

  static let roots = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
  ]

  static let inner = [
    (0, 1, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"),
    (2, 3, "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"),
    (4, 5, "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"),
    (6, 7, "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"),
  ]

  @Test func leafHashes() {
    #expect(Self.inputs.map { Merkle.leaf($0).description } == Self.leaves)
    #expect(
      Merkle.leaf(Array("L123456".utf8)).description
        == "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56")
  }

  @Test func nodeHashes() {
    let leaves = Self.inputs.map { Merkle.leaf($0) }
    for (left, right, expected) in Self.inner {
      #expect(Merkle.node(leaves[left], leaves[right]).description == expected)
    }
    let right = Merkle.node(Merkle.node(leaves[4], leaves[5]), Merkle.node(leaves[6], leaves[7]))
    #expect(right.description == "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4")
  }

  @Test func rootsOfTheFirstFamily() {
    var tree = CompactRange()
    #expect(tree.root.description == Self.roots[0])
    for (size, input) in zip(1..., Self.inputs) {
      tree.append(Merkle.leaf(input))
      #expect(tree.size == Int64(size))
      #expect(tree.root.description == Self.roots[size])
      if size == 7 {
        #expect(tree.roots.map(\.description) == [Self.roots[4], Self.inner[2].2, Self.leaves[6]])
      }
    }
  }

  @Test func rootsOfTheSecondFamily() {
    let expected = [
      256: "78cd7db3bbfa785ffefa21e1c0aa7d4806c6e22ad65472710377ecb7e5a5a54e",
      257: "086ce24d72dd8347eef9afbf95829379f67cee8f5d23cece828a2dae88729c8d",
      300: "7cb38a3a7211231d902f423fcd3f43cf9ac6da0aa1f31de0876c9927451ee3c5",
    ]
    var tree = CompactRange()
    var tiles: [CompactRange.Tile] = []
    for index in 0..<300 {
      tree.append(Merkle.leaf(withUnsafeBytes(of: UInt32(index).bigEndian) { Array($0) })) { tiles.append($0) }
      if let root = expected[index + 1] { #expect(tree.root.description == root) }
    }
    #expect(tiles.map(\.level) == [8])
    #expect(tiles.map(\.index) == [0])
    #expect(tiles.map(\.root.description) == [expected[256]])
  }

  @Test func everyRootUpTo600EqualsTheReference() {
    let leaves = (0..<600).map { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
    var tree = CompactRange()
    for size in 1...600 {
      tree.append(Merkle.leaf(leaves[size - 1]))
      // The reference costs size hashes, so not every size: those around powers of two, and a sample.
      if size < 70 || size % 37 == 0 || (254...258).contains(size) || (510...514).contains(size) || size == 600 {
        #expect(tree.root.bytes == referenceRoot(leaves[..<size]))
      }
    }
  }

  @Test func tilesOfHigherLevels() {
    var tree = CompactRange()
    var tiles: [CompactRange.Tile] = []
    let leaf = Merkle.leaf([7])
    for _ in 0..<65_536 + 256 { tree.append(leaf) { tiles.append($0) } }
    #expect(tiles.filter { $0.level == 8 }.map(\.index) == Array(0...256))
    #expect(tiles.filter { $0.level == 16 }.map(\.index) == [0])
    // Perfect subtrees may be put in whole.
    var coarse = CompactRange()
    coarse.append(tiles.last { $0.level == 16 }?.root ?? leaf, level: 16)
    coarse.append(tiles[0].root, level: 8)
    #expect(coarse == tree)
  }
}
