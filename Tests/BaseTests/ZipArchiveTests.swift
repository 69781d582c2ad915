import Testing

@testable import Base

@Suite("Archives")
struct ZipArchiveTests {
  private let files: [String: [UInt8]] = [
    "b.txt": Array("the second".utf8), "a/deep/er.txt": [], "a.bin": (0...255).map { UInt8($0) },
  ]

  private func refusal(_ bytes: [UInt8]) -> String? {
    do { _ = try ZipArchive.files(in: bytes) } catch let error as ZipArchive.Malformed {
      return error.what
    } catch { return "\(error)" }
    return nil
  }

  @Test("what is packed is read again, and packed again it has the same bytes")
  func both() throws {
    let archive = try ZipArchive.bytes(of: files)
    #expect(ZipArchive.looksLike(archive))
    #expect(try ZipArchive.files(in: archive) == files)
    #expect(try ZipArchive.bytes(of: ZipArchive.files(in: archive)) == archive)
    #expect(try ZipArchive.files(in: ZipArchive.bytes(of: [:])).isEmpty)
  }

  @Test("the checksum is that of ISO 3309")
  func checksum() { #expect(CRC32.of(Array("123456789".utf8)[...]) == 0xCBF4_3926) }

  @Test("an archive that was cut anywhere is refused, and so is one with any byte of a file changed")
  func spoiled() throws {
    let archive = try ZipArchive.bytes(of: files)
    for end in 0..<archive.count { #expect(refusal(Array(archive[..<end])) != nil, "\(end)") }
    let at = try #require(archive.firstRange(of: Array("the second".utf8))).lowerBound
    var changed = archive
    changed[at] ^= 1
    #expect(refusal(changed) == "has a b.txt that was damaged")
  }

  @Test("bytes before, between and behind the files are found")
  func beside() throws {
    let archive = try ZipArchive.bytes(of: files)
    let field = archive.count - 22 + 16
    let start = archive[field..<field + 4].reversed().reduce(0) { $0 << 8 | Int($1) }
    var between = archive
    between.insert(contentsOf: [1, 2, 3], at: start)
    (between[field + 3], between[field + 4]) = (UInt8((start + 3) & 0xFF), UInt8((start + 3) >> 8))
    #expect(refusal(between) == "holds something beside its files")
    #expect(refusal(archive + [0]) != nil && refusal([0] + archive) != nil)
  }

  @Test("spoiled bytes anywhere end with an answer or a refusal", arguments: 1...40 as ClosedRange<UInt64>)
  func fuzz(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    var archive = try ZipArchive.bytes(of: files)
    for _ in 0..<4 { archive[Int.random(in: 0..<archive.count, using: &random)] = .random(in: 0...255, using: &random) }
    if refusal(archive) == nil { #expect(try ZipArchive.files(in: archive).count <= files.count) }
  }

  @Test("names that lead out are neither written nor read")
  func names() throws {
    for name in ["../up", "/root", "a//b", "a\\b", "", "a/./b"] {
      #expect(throws: ZipArchive.Malformed.self) { try ZipArchive.bytes(of: [name: []]) }
    }
    var archive = try ZipArchive.bytes(of: ["aa/b": [1]])
    while let range = archive.firstRange(of: Array("aa/b".utf8)) {
      archive.replaceSubrange(range, with: Array("../b".utf8))
    }
    #expect(refusal(archive) == "has a file whose name leads out of it")
  }
}
