import JSON
import Testing

@Suite("JSON: cut, split and spoilt documents")
struct JSONCutTests {
  @Test("every proper prefix of a document is refused as cut off, at its end", arguments: Documents.closed)
  func prefixes(text: String) {
    let bytes = Array(text.utf8)
    for count in 0..<bytes.count {
      // A fresh array, so that a read past its end is a read past the allocation.
      expectRefused(Array(bytes[..<count]), .truncated, at: count)
    }
    #expect((try? JSONParser.parse(bytes)) != nil)
  }

  @Test("every proper suffix of a document is read or refused within its bounds", arguments: Documents.all)
  func suffixes(text: String) {
    let bytes = Array(text.utf8)
    for start in 1...bytes.count { expectSound(Array(bytes[start...])) }
  }

  @Test("a document in two pieces of memory is read the same, at every split", arguments: Documents.all)
  func splits(text: String) throws {
    let bytes = Array(text.utf8)
    let whole = try JSONParser.parse(bytes)
    for split in 0...bytes.count {
      #expect(try JSONParser.parse([bytes[..<split], bytes[split...]].joined()) == whole, "split at \(split)")
    }
  }

  @Test("every byte replaced by every other: read or refused, never a trap", arguments: Documents.all)
  func replacements(text: String) {
    var bytes = Array(text.utf8)
    for index in bytes.indices {
      let old = bytes[index]
      for new in UInt8.min...UInt8.max {
        bytes[index] = new
        expectSound(bytes)
      }
      bytes[index] = old
    }
  }

  @Test("every byte removed, doubled, or parted from the next", arguments: Documents.all)
  func shifts(text: String) {
    let bytes = Array(text.utf8)
    for index in bytes.indices {
      expectSound(Array(bytes[..<index] + bytes[(index + 1)...]))
      for new in [bytes[index]] + Array("\"\\,:[]{}0-.e \u{0}".utf8) + [0x80, 0xC3, 0xFF] {
        expectSound(Array(bytes[..<index]) + [new] + Array(bytes[index...]))
      }
    }
  }

  /// Expects that bytes are refused at a place among them, or hold a value that survives being written.
  private func expectSound(_ bytes: [UInt8], location: SourceLocation = #_sourceLocation) {
    let skipped = Result { try pull(bytes) { try $0.skip() } }
    switch outcome(bytes, location: location) {
    case .success(let value):
      #expect(outcome(value.canonicalBytes) == .success(value), "\(shown(bytes))", sourceLocation: location)
      #expect((try? skipped.get()) != nil, "\(shown(bytes))", sourceLocation: location)
    case .failure(let error):
      #expect((0...bytes.count).contains(error.offset), "\(shown(bytes))", sourceLocation: location)
    }
    if case .failure(let error as JSONError) = skipped {
      #expect((0...bytes.count).contains(error.offset), "\(shown(bytes))", sourceLocation: location)
    }
  }
}
