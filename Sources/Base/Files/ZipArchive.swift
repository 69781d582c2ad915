/// Files in one archive, as they are and in the order of their names (PKWARE's APPNOTE 6.3.10, method 0: stored). The same files
/// give the same bytes: each has the format's first moment as its time, and nothing tells the machine.
public enum ZipArchive {
  /// Why bytes are no archive of this kind.
  public struct Malformed: Error, Equatable {
    /// What is wrong, as the end of a sentence that begins with the file.
    public let what: String
  }

  /// The most files: a number of 16 bits, less the one that means more.
  public static let mostFiles = 65_534
  /// The most bytes of an archive; the format's own limit is 4 GiB.
  public static let limit = 1 << 28

  private static let local: UInt32 = 0x0403_4B50
  private static let central: UInt32 = 0x0201_4B50
  private static let end: UInt32 = 0x0605_4B50
  private static let descriptor: UInt32 = 0x0807_4B50
  private static let localSize = 30
  private static let centralSize = 46
  private static let endSize = 22

  // MARK: Writing

  /// The archive. Throws `Malformed` where the files are too many, too large together, or a name is too long.
  public static func bytes(of files: [String: [UInt8]]) throws(Malformed) -> [UInt8] {
    let sorted = files.sorted { $0.key < $1.key }
    let size = sorted.reduce(endSize) { $0 + $1.value.count + 2 * $1.key.utf8.count + localSize + centralSize }
    guard sorted.count <= mostFiles, size <= limit, sorted.allSatisfy({ isSafe($0.key) }) else {
      throw Malformed(what: "would be too large: \(sorted.count.of("file")), \(size.of("byte"))")
    }
    var (archive, directory): ([UInt8], [UInt8]) = ([], [])
    archive.reserveCapacity(size)
    for (name, bytes) in sorted {
      let offset = UInt32(archive.count)
      let about = Header(name: Array(name.utf8), checksum: CRC32.of(bytes[...]), size: UInt32(bytes.count))
      archive.put(local)
      about.put(into: &archive)
      archive += about.name + bytes
      directory.put(central)
      directory.put(UInt16(20))
      about.put(into: &directory)
      // No comment, the first disk, no attributes.
      directory += [UInt8](repeating: 0, count: 10)
      directory.put(offset)
      directory += about.name
    }
    let start = UInt32(archive.count)
    archive += directory
    archive.put(end)
    archive.put(UInt32(0))
    archive.put(UInt16(sorted.count))
    archive.put(UInt16(sorted.count))
    archive.put(UInt32(directory.count))
    archive.put(start)
    archive.put(UInt16(0))
    return archive
  }

  /// What stands of a file both before it and in the directory.
  private struct Header {
    let name: [UInt8]
    let checksum: UInt32
    let size: UInt32

    func put(into bytes: inout [UInt8]) {
      bytes.put(UInt16(20))
      // Names are UTF-8.
      bytes.put(UInt16(0x0800))
      bytes.put(UInt16(0))
      // 1980-01-01, the first day that the format knows.
      bytes.put(UInt16(0))
      bytes.put(UInt16(0x0021))
      bytes.put(checksum)
      bytes.put(size)
      bytes.put(size)
      bytes.put(UInt16(name.count))
      bytes.put(UInt16(0))
    }
  }

  // MARK: Reading

  /// True for bytes that begin as an archive does.
  public static func looksLike(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0x50, 0x4B]) }

  /// The files of an archive, stored or deflated, as `bytes(of:)` makes them and people pack them anew. There is nothing else in
  /// it: each file follows the one before, and the directory the last. Throws `Malformed`.
  public static func files(in archive: [UInt8]) throws -> [String: [UInt8]] {
    guard archive.count <= limit else { throw Malformed(what: "has more than \(limit.of("byte"))") }
    let reader = ZipReader(archive)
    let tail = archive.count - endSize
    guard tail >= 0, try reader.number32(tail) == end, try reader.number16(tail + 20) == 0 else {
      throw Malformed(what: "has no directory at its end: it was cut, or is no archive")
    }
    let start = Int(try reader.number32(tail + 16))
    var (row, places): (Int, [Range<Int>]) = (start, [])
    var (files, size): ([String: [UInt8]], Int) = ([:], 0)
    for _ in 0..<(try reader.number16(tail + 10)) {
      guard try reader.number32(row) == central else { throw Malformed(what: "has a directory that is broken") }
      let (name, bytes, place) = try file(at: row, reader, limit: limit - size)
      // A folder of its own is no file.
      if !name.hasSuffix("/"), files.updateValue(bytes, forKey: name) != nil {
        throw Malformed(what: "has \(name) twice")
      }
      places.append(place)
      size += bytes.count
      row += try centralSize + [28, 30, 32].reduce(0) { try $0 + Int(reader.number16(row + $1)) }
    }
    guard row == tail, fill(places, start) else { throw Malformed(what: "holds something beside its files") }
    return files
  }

  /// Whether places follow each other without a gap, up to an end.
  private static func fill(_ places: [Range<Int>], _ end: Int) -> Bool {
    var next = 0
    for place in places.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      guard place.lowerBound == next else { return false }
      next = place.upperBound
    }
    return next == end
  }

  /// A file by its row in the directory, and where it stands.
  private static func file(
    at row: Int, _ reader: ZipReader, limit: Int
  ) throws -> (name: String, bytes: [UInt8], place: Range<Int>) {
    let letters = try reader.bytes(row + centralSize, Int(try reader.number16(row + 28)))
    let name = String(decoding: letters, as: UTF8.self)
    guard isSafe(name.hasSuffix("/") ? String(name.dropLast()) : name) else {
      throw Malformed(what: "has a file whose name leads out of it")
    }
    let (offset, packed) = (Int(try reader.number32(row + 42)), Int(try reader.number32(row + 20)))
    guard try reader.number32(offset) == local,
      try reader.bytes(offset + localSize, Int(try reader.number16(offset + 26))).elementsEqual(letters)
    else { throw Malformed(what: "has no \(name) where it should be") }
    let start = offset + localSize + letters.count + Int(try reader.number16(offset + 28))
    let bytes = try unpacked(
      Array(try reader.bytes(start, packed)), method: try reader.number16(row + 10), name, limit: limit)
    guard CRC32.of(bytes[...]) == (try reader.number32(row + 16)) else {
      throw Malformed(what: "has a \(name) that was damaged")
    }
    return (name, bytes, offset..<(try behind(start + packed, of: offset, reader)))
  }

  /// Where a file ends: behind its sizes, where those follow it since they were not known before (section 4.3.9).
  private static func behind(_ data: Int, of offset: Int, _ reader: ZipReader) throws -> Int {
    guard try reader.number16(offset + 6) & 8 != 0 else { return data }
    return data + (try reader.number32(data) == descriptor ? 16 : 12)
  }

  private static func unpacked(_ bytes: [UInt8], method: UInt16, _ name: String, limit: Int) throws -> [UInt8] {
    if method == 0, bytes.count <= limit { return bytes }
    var (reader, output): (BitReader, [UInt8]) = (BitReader(bytes), [])
    guard method == 8, (try? Inflate.run(&reader, into: &output, limit: limit)) != nil else {
      throw Malformed(what: "has \(name) packed in a way that cannot be read, or too large")
    }
    return output
  }

  private static func isSafe(_ name: String) -> Bool {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    return (1...255).contains(name.utf8.count) && !name.contains("\\")
      && parts.allSatisfy { !["", ".", ".."].contains($0) }
  }
}

/// Numbers of an archive, each within its bounds.
private struct ZipReader {
  private let archive: [UInt8]

  init(_ archive: [UInt8]) { self.archive = archive }

  func bytes(_ offset: Int, _ count: Int) throws -> ArraySlice<UInt8> {
    guard offset >= 0, count >= 0, offset <= archive.count - count else {
      throw ZipArchive.Malformed(what: "points past its end: it was cut or changed")
    }
    return archive[offset..<offset + count]
  }

  func number16(_ offset: Int) throws -> UInt16 { try bytes(offset, 2).reversed().reduce(0) { $0 << 8 | UInt16($1) } }

  func number32(_ offset: Int) throws -> UInt32 { try bytes(offset, 4).reversed().reduce(0) { $0 << 8 | UInt32($1) } }
}

extension [UInt8] {
  fileprivate mutating func put<Number: FixedWidthInteger>(_ number: Number) {
    for shift in stride(from: 0, to: Number.bitWidth, by: 8) { append(UInt8(truncatingIfNeeded: number >> shift)) }
  }
}
