import Base
import EventLog
import Foundation
import JSON
import Provisioning
import Sealing

/// Reads a pack, step by step.
struct PackReader {
  typealias Name = EvidencePack.Name

  let name: String
  let files: [String: [UInt8]]
  let manifest: JSONObject
  /// The version of this program: a page is made anew by the one alone that made it.
  let program: String

  init(_ archive: [UInt8], named name: String, program: String) throws {
    (self.name, self.program) = (name, program)
    do { files = try ZipArchive.files(in: archive) } catch let malformed as ZipArchive.Malformed {
      throw Self.invalid(name, malformed.what)
    }
    guard let manifest = files[Name.manifest].flatMap({ try? JSONParser.parse($0).object }),
      manifest["form"]?.string == EvidencePack.form
    else { throw Self.invalid(name, "has no \(Name.manifest) of a form that this program knows") }
    self.manifest = manifest
  }

  static func invalid(_ name: String, _ what: String) -> Fault {
    Fault(.proofInvalid, "\(name) is no evidence pack: it \(what). Ask for it again.")
  }

  func fails(_ what: String) -> Fault {
    Fault(.proofFails, "\(name) does not hold: \(what). Keep it, and ask who changed it.")
  }

  func file(_ file: String) throws -> [UInt8] {
    guard let bytes = files[file] else { throw fails("\(file) is missing") }
    return bytes
  }

  var report: String { manifest["report"]?.string ?? "" }

  var notOpened: [Int64] { (manifest["notOpened"]?.array ?? []).compactMap { $0.string.flatMap { Int64($0) } } }

  var erased: Set<String> { Set((manifest["erased"]?.array ?? []).compactMap(\.string)) }

  /// Each file is as the manifest names it, there is no other, and the manifest says nothing beside.
  func checkFiles() throws {
    var named: Set<String> = [Name.manifest]
    for row in manifest["files"]?.array ?? [] {
      guard let path = row["name"]?.string else { continue }
      let bytes = try file(path)
      if row != EvidencePack.row(path, bytes) { throw fails("\(path) is not as the manifest names it") }
      named.insert(path)
    }
    if let stranger = Set(files.keys).subtracting(named).min() { throw fails("\(stranger) is not in the manifest") }
    let whole = EvidencePack(files.filter { $0.key != Name.manifest }, manifest: manifest)
    guard whole.files == files, Set(manifest.members.map(\.name)) == EvidencePack.said else {
      throw fails("the manifest is not written as this program writes it")
    }
  }

  func checkpoint(_ keys: [VerifierKey]) throws -> SignedCheckpoint {
    let note = try SignedNote(file(Name.checkpoint), named: "The checkpoint of \(name)")
    _ = try note.verify(with: keys)
    let bytes = try file(Name.key)
    guard keys.contains(where: { Array("\($0.text)\n".utf8) == bytes }) else {
      throw fails("\(Name.key) holds another key than the one that it was checked with")
    }
    return try SignedCheckpoint(note)
  }

  /// The part of the log that the report is about begins the log of the checkpoint; gives its size.
  func checkPart(of checkpoint: SignedCheckpoint) throws -> Int64 {
    let log = manifest["log"]
    guard let size = manifest["parameters"]?["asOfPosition"]?.string.flatMap({ Int64($0) }),
      let root = log?["root"]?.string.flatMap({ Hex.bytes($0) }).flatMap({ $0.withUnsafeBytes { Digest32($0) } }),
      log == .some(["origin": .string(checkpoint.checkpoint.origin), "root": .string(root.description)]),
      (1...checkpoint.size).contains(size)
    else { throw fails("the manifest does not say which part of which log the report is about") }
    guard size < checkpoint.size else {
      if root != checkpoint.checkpoint.root { throw fails("the report states another root than the checkpoint") }
      if files[Name.growth] != nil { throw fails("\(Name.growth) proves nothing that is not so without it") }
      return size
    }
    guard case .growth(let growth) = try ProofBundle(try file(Name.growth), named: "\(Name.growth) of \(name)"),
      growth.proof.old == size, growth.checkpoint == checkpoint,
      growth.proof.verify(oldRoot: root, newRoot: checkpoint.checkpoint.root)
    else { throw fails("the log of the checkpoint does not begin with the part that the report states") }
    return size
  }

  /// The lines of a file, each of which has its end.
  private func lines(of file: String) throws -> [[UInt8]] {
    let bytes = try self.file(file)
    if bytes.isEmpty { return [] }
    guard bytes.last == 0x0A else { throw fails("the last line of \(file) has no end") }
    return bytes.dropLast().split(separator: 0x0A, omittingEmptySubsequences: false).map { Array($0) }
  }

  /// The events, each proved, and of each stream all from its first on.
  func events(under checkpoint: SignedCheckpoint, through size: Int64) throws -> [RecordedEvent] {
    var (events, versions): ([RecordedEvent], [String: Int]) = ([], [:])
    for (index, line) in try lines(of: Name.events).enumerated() {
      guard let event = try? RecordedEvent(alone: line) else {
        throw fails("line \(index + 1) of \(Name.events) is no event")
      }
      guard event.position > events.last?.position ?? 0, event.position <= size else {
        throw fails("event \(event.position) is out of order, or not in the part that the report is about")
      }
      guard event.version == versions[event.stream, default: 0] + 1 else {
        throw fails("an event of \(event.stream) before event \(event.position) is left out")
      }
      versions[event.stream] = event.version
      try check(event, under: checkpoint)
      events.append(event)
    }
    return events
  }

  private func check(_ event: RecordedEvent, under checkpoint: SignedCheckpoint) throws {
    let path = Name.proof(event.position)
    guard case .event(let proof) = try ProofBundle(try file(path), named: "\(path) of \(name)"),
      proof.entry == nil, proof.checkpoint == checkpoint, proof.proof.index == event.position - 1,
      proof.proof.verify(leaf: Merkle.leaf(event.entry), root: checkpoint.checkpoint.root)
    else { throw fails("event \(event.position) is not the log's: it or its proof was changed") }
  }

  /// There is nothing in the pack that nothing was held against.
  func checkNames(_ events: [RecordedEvent]) throws {
    let known = Set(Name.all + events.map { Name.proof($0.position) })
    if let stranger = Set(files.keys).subtracting(known).min() { throw fails("\(stranger) belongs to no pack") }
    if manifest["events"]?.integer != events.count { throw fails("the manifest counts other events") }
  }

  /// What is opened, by the position of the event and the name of the member.
  func disclosed(_ events: [RecordedEvent]) throws -> [Int64: JSONObject] {
    let entries = Dictionary(events.map { ($0.position, $0.entry) }) { first, _ in first }
    var disclosed: [Int64: JSONObject] = [:]
    for line in try lines(of: Name.opened) {
      guard let row = try? JSONParser.parse(line),
        let position = row["position"]?.string.flatMap({ Int64($0) }), let entry = entries[position],
        let parts = try row["disclosures"]?.array?.map({ try Disclosure($0) })
      else { throw fails("\(Name.opened) opens an event that is not in the pack") }
      guard disclosed[position] == nil, Array(EvidencePack.opened(parts, at: position).text.utf8) == line else {
        throw fails("\(Name.opened) says more of event \(position) than what it opens")
      }
      for part in parts {
        try part.verify(in: entry)
        disclosed[position, default: JSONObject()][part.member] = part.value
      }
    }
    return disclosed
  }

  /// The rows of the report, made anew from nothing but the events; gives how many rows there are.
  func checkRows(_ events: [RecordedEvent], _ disclosed: [Int64: JSONObject]) throws -> Int {
    let events = try events.map { try logged($0, disclosed[$0.position]) }
    switch report {
    case AccessReport.name: return try checkAccess(events)
    case DriftReport.name: return try checkDrift(events)
    case ErasureReport.name: return try checkErasures(events)
    case FailureReport.name: return try checkFailures(events)
    case OperatorReport.name: return try checkOperators(events)
    case RegisterReport.name: return try checkRegister(events)
    default: return try checkChanges(events)
    }
  }

  /// The report as the pack states it.
  var stated: JSONObject? { (try? file(Name.json)).flatMap { try? JSONParser.parse($0).object } }

  /// The event with what is opened of it. Who a person is in the directory is seldom opened; a fold has to know no more of that
  /// than that there is an id.
  private func logged(_ event: RecordedEvent, _ disclosed: JSONObject?) throws -> LoggedEvent {
    var disclosed = disclosed ?? JSONObject()
    let isNamed = disclosed[UserObserved.namingMember] != nil || notOpened.contains(event.position)
    if isNamed, disclosed[UserObserved.idMember] == nil {
      disclosed[UserObserved.idMember] = .string(event.stream)
    }
    return try EventCodec.decode(event, disclosed: disclosed)
  }
}
