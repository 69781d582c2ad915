import Provisioning

/// A sum of hashes over rows in any order, seeded anew in each process: two lists of rows with the same sum are the
/// same list, and nobody can prepare a file for which that is not so.
struct Fingerprint: Equatable {
  private var sum: UInt64 = 0

  mutating func add(_ first: some Hashable, _ second: some Hashable) { add(first, second, 0) }

  mutating func add(_ first: some Hashable, _ second: some Hashable, _ third: some Hashable) {
    var hasher = Hasher()
    hasher.combine(first)
    hasher.combine(second)
    hasher.combine(third)
    sum &+= UInt64(bitPattern: Int64(hasher.finalize()))
  }
}

/// The indexes of the database are what readers of streams and types go by. Each is read in its own order and in one
/// transaction: it is small, and its order shows what a walk over the table would need memory to see.
extension Verifier {
  mutating func checkIndexes(through size: Int64) throws {
    try checkIDs(through: size)
    try checkVersions(through: size)
    var seen = Fingerprint()
    try store.read { try $0.walkTypes(through: size) { type, position in seen.add(Optional(type), position) } }
    if seen != types { addIndex("event_kind") }
  }

  private mutating func addIndex(_ name: String) {
    add(.index, nil, nil, "the index \(name) does not hold what the table event holds")
  }

  private mutating func checkIDs(through size: Int64) throws {
    var seen = Fingerprint()
    var last: (id: EventID, position: Int64)?
    var doubled: [(position: Int64, id: EventID, first: Int64)] = []
    try store.read { session in
      try session.walkIDs(through: size) { id, position in
        seen.add(id, position)
        guard let id else { return }
        if let last, last.id == id, doubled.count < Verification.limit {
          doubled.append((position, id, last.position))
        }
        last = (id, position)
      }
    }
    for found in doubled {
      add(.id, found.position, nil, "the id \(found.id) stands at position \(found.first) too")
    }
    if seen != ids { addIndex("event_id") }
  }

  private mutating func checkVersions(through size: Int64) throws {
    var seen = Fingerprint()
    var last: (stream: Int64, version: Int64, position: Int64)?
    var wrong: [(stream: Int64, position: Int64, sentence: String)] = []
    var names: [Int64: String] = [:]
    try store.read { session in
      try session.walkVersions(through: size) { stream, version, position in
        seen.add(Optional(stream), Optional(version), position)
        defer { last = (stream, version, position) }
        guard wrong.count < Verification.limit else { return }
        let before = last.flatMap { $0.stream == stream ? $0 : nil }
        let expected = (before?.version ?? 0) &+ 1
        if version < expected {
          wrong.append((stream, position, "version \(version) of its stream stands twice or is below 1"))
        } else if version > expected {
          wrong.append((stream, position, "version \(expected) of its stream is missing before version \(version)"))
        } else if let before, position <= before.position {
          wrong.append((stream, position, "version \(version) of its stream stands before version \(before.version)"))
        }
      }
      for stream in Set(wrong.map(\.stream)) { names[stream] = try session.streamName(stream) }
    }
    for found in wrong { add(.version, found.position, names[found.stream], found.sentence) }
    if seen != versions { addIndex("event_version") }
  }

  /// Nodes beyond those that the log's size asks for; missing and wrong ones are found during the walk.
  mutating func checkLevels() throws {
    let (size, levels) = try store.read { (try $0.size(), try $0.levels()) }
    for level in levels {
      let complete = (8...56).contains(level.level) && level.level.isMultiple(of: 8) ? size >> level.level : 0
      if level.lowest < 0 || level.highest >= complete || level.count > complete {
        add(.node, nil, nil, "level \(level.level) of the tree holds nodes that the log's size does not ask for")
      }
    }
  }
}
