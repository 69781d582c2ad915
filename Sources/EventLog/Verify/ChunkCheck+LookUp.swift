/// Where only what is new is read, the indexes are too large to be: each new row is looked up in them instead.
extension ChunkCheck {
  mutating func lookUp(_ row: StoredRow, _ session: LogSession) throws {
    // What lacks a column was found already.
    guard let position = row.position, let id = row.id, let stream = row.stream, let version = row.version,
      let type = row.type
    else { return }
    let same = try session.positions(of: id)
    if let other = same.first(where: { $0 != position }) {
      add(.inserted, position, stream, "the id \(id) stands at position \(other) too")
    } else if same.isEmpty {
      add(.index, position, stream, "the index event_id does not hold it")
    }
    let there = try session.positions(of: stream, version: version)
    if there.contains(where: { $0 != position }) {
      add(.inserted, position, stream, "version \(version) of its stream stands twice")
    } else if there.isEmpty {
      add(.index, position, stream, "the index event_version does not hold it")
    }
    if version > 1 {
      // Gapless by induction: up to the checkpoint versions were, and each new one has the one before it.
      switch try session.positions(of: stream, version: version - 1).first {
      case nil: add(.removed, position, stream, "version \(version - 1) of its stream is missing")
      case let before? where before >= position:
        add(.reordered, position, stream, "version \(version) of its stream stands before version \(version - 1)")
      default: break
      }
    } else if version < 1 {
      add(.inserted, position, stream, "version \(version) of its stream is below 1")
    }
    if try !session.holds(type: type, at: position) {
      add(.index, position, stream, "the index event_kind does not hold it")
    }
  }
}
