/// Reads what is compressed with gzip (RFC 1952), within a bound: some kilobytes can be made to stand for gigabytes.
public enum Gzip {
  /// Why something could not be decompressed.
  public enum Failure: Error, Equatable {
    /// It ends too early.
    case truncated
    /// It is not gzip, or not what was compressed.
    case broken
    /// It becomes larger than the bound.
    case tooLarge
  }

  /// The bytes behind one or several members, at most `limit`. Throws `Failure`.
  public static func decompressed(_ bytes: [UInt8], limit: Int) throws(Failure) -> [UInt8] {
    var reader = BitReader(bytes)
    var output: [UInt8] = []
    repeat {
      try header(&reader)
      let start = output.count
      try Inflate.run(&reader, into: &output, limit: limit)
      reader.align()
      let sum = try reader.number(bytes: 4)
      let size = try reader.number(bytes: 4)
      guard sum == CRC32.of(output[start...]), size == UInt32(truncatingIfNeeded: output.count - start)
      else { throw .broken }
    } while !reader.isAtEnd
    return output
  }

  /// RFC 1952, section 2.3: the fixed part, then what its flags announce.
  private static func header(_ reader: inout BitReader) throws(Failure) {
    let magic = try reader.number(bytes: 2)
    let method = try reader.bits(8)
    let flags = try reader.bits(8)
    guard magic == 0x8B1F, method == 8, flags & 0xE0 == 0 else { throw .broken }
    try reader.skip(6)
    if flags & 4 != 0 { try reader.skip(Int(reader.number(bytes: 2))) }
    for flag in [8, 16] where flags & flag != 0 {
      while try reader.bits(8) != 0 {}
    }
    if flags & 2 != 0 { try reader.skip(2) }
  }
}

/// The cyclic redundancy check of RFC 1952, section 8.
enum CRC32 {
  private static let table: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
  }

  static func of(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    let table = table
    return ~bytes.reduce(~0) { sum, byte in sum >> 8 ^ table[Int(UInt8(truncatingIfNeeded: sum) ^ byte)] }
  }
}
