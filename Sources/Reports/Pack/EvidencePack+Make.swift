import Base
public import EventLog
import JSON
public import Ledger
import Sealing

extension EvidencePack {
  /// A report with what it rests on, under a checkpoint that covers the report's part of the log.
  ///
  /// Throws `FaultCode.evidenceTooLarge`, and the faults of log and keys.
  public init(_ made: PackedReport, of ledger: OpenLedger, under checkpoint: SignedCheckpoint) throws {
    let (document, grounds, query) = (made.document, made.grounds, made.query)
    var pack = PackFiles(checkpoint: checkpoint, ledger: ledger)
    try pack.put(document)
    try pack.put(grounds, through: query.asOf.position)
    let root = try ledger.log.root(at: query.asOf.position).description
    self.init(
      pack.files,
      manifest: JSONObject(present: [
        ("erased", .array(grounds.erased.sorted().map { .string($0) })),
        ("events", .integer(Int64(pack.events))), ("report", .string(document.name)),
        ("log", ["origin": .string(checkpoint.checkpoint.origin), "root": .string(root)]),
        ("notOpened", .array(pack.notOpened.map { .string(String($0)) })),
        ("parameters", .object(made.parameters)), ("program", .string(query.version)),
        ("rows", .integer(Int64(document.rows.count))),
      ]))
  }
}

/// The files of a pack as they are made.
private struct PackFiles {
  typealias Name = EvidencePack.Name

  let checkpoint: SignedCheckpoint
  let ledger: OpenLedger
  private(set) var files: [String: [UInt8]] = [:]
  private(set) var events = 0
  /// What stays closed though a row rests on it: sealed in a form that cannot be opened singly.
  private(set) var notOpened: [Int64] = []

  init(checkpoint: SignedCheckpoint, ledger: OpenLedger) {
    (self.checkpoint, self.ledger) = (checkpoint, ledger)
  }

  private mutating func put(_ text: String, _ name: String) { files[name] = Array(text.utf8) }

  /// The report in each of its forms, and how to read it.
  mutating func put(_ document: ReportDocument) throws {
    put(document.explained.text + "\n", Name.json)
    put(document.csv, Name.csv)
    put(try ReportPage.html(document), Name.page)
    put(document.schema.text + "\n", Name.schema)
    put(PackInstructions.text, Name.instructions)
  }

  /// The events of the grounds, their proofs, what is opened of them, and what the proofs rest on.
  mutating func put(_ grounds: Grounds, through end: Int64) throws {
    put(checkpoint.note.description, Name.checkpoint)
    put(try signer().text + "\n", Name.key)
    if end < checkpoint.size {
      let growth = try ledger.log.consistencyProof(old: end, new: checkpoint.size)
      put(GrowthProof(proof: growth, checkpoint: checkpoint).text, Name.growth)
    }
    let recorded = try recorded(grounds, through: end)
    events = recorded.count
    files[Name.events] = Array(recorded.map { $0.entry + [0x0A] }.joined())
    for event in recorded {
      let inclusion = try ledger.log.inclusionProof(of: event.position, size: checkpoint.size)
      put(EventProof(entry: nil, proof: inclusion, checkpoint: checkpoint).text, Name.proof(event.position))
    }
    let lines = try recorded.compactMap { event in
      try grounds.opened[event.position].flatMap { try open($0.sorted(), of: event) }
    }
    put(lines.map { $0.text + "\n" }.joined(), Name.opened)
  }

  private func recorded(_ grounds: Grounds, through end: Int64) throws -> [RecordedEvent] {
    var recorded: [RecordedEvent] = []
    func take(_ events: [RecordedEvent]) throws {
      recorded += events
      if recorded.count > EvidencePack.mostEvents {
        throw EvidencePack.tooLarge("the rows rest on more than \(EvidencePack.mostEvents.of("event"))")
      }
    }
    for alias in grounds.people { try take(ledger.log.events(about: alias, before: end + 1)) }
    for stream in grounds.streams { try take(ledger.log.events(of: [stream], before: end + 1)) }
    return recorded.sorted { $0.position < $1.position }
  }

  /// The key whose signature is on the checkpoint: the log's present one, or a former one.
  private func signer() throws -> VerifierKey {
    let present = try ledger.verifierKey()
    return try ledger.verifierKeys().first { (try? checkpoint.note.verify(with: [$0])) != nil } ?? present
  }

  private mutating func open(_ members: [String], of event: RecordedEvent) throws -> JSONValue? {
    do {
      let disclosures = try members.map { try ledger.codec.disclose(member: $0, of: event) }
      return EvidencePack.opened(disclosures, at: event.position)
    } catch let fault as Fault where fault.code == .disclosureImpossible {
      notOpened.append(event.position)
      return nil
    }
  }
}
