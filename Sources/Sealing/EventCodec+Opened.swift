public import EventLog
public import JSON

/// Opening entries where they lie: no event is made of them.
extension EventCodec {
  /// The bytes of an entry as `writeOpened` writes them, without the end of the line. Throws as it does.
  public func opened(_ recorded: RecordedEvent) throws -> [UInt8] {
    var writer = JSONWriter(reserving: recorded.entry.count + 1)
    try recorded.entry.withUnsafeBufferPointer { try writeOpened([$0], to: &writer) }
    return writer.bytes.dropLast()
  }

  /// Writes each entry of a page as a line, with the members in the place of its sealed value; `null` there once the subject is
  /// erased.
  ///
  /// What is sealed is canonical JSON, so that the whole still is. Throws `FaultCode.entryUnreadable`, and the faults of
  /// unsealing.
  public func writeOpened(_ page: EntryPage, to writer: inout JSONWriter) throws {
    try page.withEntries { try writeOpened($0, to: &writer) }
  }

  private func writeOpened(_ entries: [UnsafeBufferPointer<UInt8>], to writer: inout JSONWriter) throws {
    let entries = try entries.map { try ClosedEntry($0) }
    // All at once: to look one up takes a lock, and the file where it is not held.
    var keys = try keys.keys(of: entries.compactMap { $0.sealed?.value.alias }).makeIterator()
    for entry in entries {
      guard let (place, value) = entry.sealed else {
        writer.raw(entry.bytes)
        writer.raw("\n")
        continue
      }
      writer.raw(UnsafeBufferPointer(rebasing: entry.bytes[..<place.lowerBound]))
      if let key = keys.next() ?? nil { try value.write(key, to: &writer) } else { writer.raw("null") }
      writer.raw(UnsafeBufferPointer(rebasing: entry.bytes[place.upperBound...]))
      writer.raw("\n")
    }
  }
}

/// An entry, read and not opened yet; it lives only as long as its bytes do.
private struct ClosedEntry {
  let bytes: UnsafeBufferPointer<UInt8>
  /// What is sealed, and where it stands.
  private(set) var sealed: (place: Range<Int>, value: SealedValue)?

  init(_ bytes: UnsafeBufferPointer<UInt8>) throws {
    self.bytes = bytes
    let parts = try EntryParts(bytes, member: "sealed")
    guard let place = parts.member else { return }
    let value = UnsafeBufferPointer(rebasing: bytes[place])
    sealed = (place, try SealedValue(value, stream: parts.stream, event: parts.id))
  }
}
