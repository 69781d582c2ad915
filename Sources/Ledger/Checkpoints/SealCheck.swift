import Base
public import EventLog
import Provisioning
import Sealing
import Views

/// What the keys at hand show of a log: seals that do not open, and keys that are gone though nobody erased the person.
extension OpenLedger {
  /// How many events are opened at a time.
  private static let batch = 2000

  /// Opens every sealed event of a part of the log. What is wrong is a finding; at most `Verification.limit` of them.
  ///
  /// Throws the faults of log and keys.
  public func sealFindings(
    after position: Int64 = 0, through last: Int64, progress: (Int64) -> Void = { _ in }
  ) throws -> [Verification.Finding] {
    var check = SealCheck(erased: Set(try erasures().map(\.alias)), ledger: self)
    var next = position + 1
    while next <= last, check.findings.count < Verification.limit {
      let page = try log.read(from: next, limit: Int(min(Int64(Self.batch), last - next + 1)))
      guard let end = page.last else { break }
      try codec.prepare(page)
      let flaws = try Beside.map(page[...]) { [codec] in try Flaw(in: $0, codec) }
      for (recorded, flaw) in zip(page, flaws) { try check.take(recorded, flaw) }
      next = end.position + 1
      progress(end.position)
    }
    return check.findings
  }

  /// Throws `FaultCode.sealBroken` when an event of a part of the log carries a seal that is not its person's: it is not
  /// of this program, and must not be signed as if it were.
  func requireSeals(after position: Int64, through last: Int64) throws {
    guard let broken = try sealFindings(after: position, through: last).first(where: { $0.kind == .seal }) else {
      return
    }
    throw Fault(
      .sealBroken,
      """
      Event \(broken.position ?? 0) is not of this program: \(broken.sentence). Nothing was signed. Keep the files, run \
      `provledger verify`, find out who wrote it, and restore the newest backup.
      """)
  }

  /// The newest backup that was proved and holds an event; nil when there is none. Throws the faults of the log.
  fileprivate func provedBackup(holding position: Int64) throws -> BackupProved? {
    var newest: BackupProved?
    var next: Int64 = 1
    while true {
      let page = try log.read(types: [BackupProved.type], from: next)
      guard let end = page.last else { return newest }
      for recorded in page {
        guard case .backupProved(let proof)? = try? codec.decode(recorded).payload, proof.size >= position else {
          continue
        }
        newest = proof
      }
      next = end.position + 1
    }
  }
}

/// What is wrong with one event by itself.
private enum Flaw {
  case none
  case seal
  case payload
  /// Written by a later program, and not ours to judge.
  case newer

  /// Opens an event. Throws what says nothing of the event.
  init(in recorded: RecordedEvent, _ codec: EventCodec) throws {
    do {
      _ = try codec.decode(recorded)
      self = .none
    } catch let fault as Fault {
      switch fault.code {
      case .sealBroken: self = .seal
      case .eventUnreadable, .entryUnreadable: self = .payload
      case .eventNewer: self = .newer
      default: throw fault
      }
    }
  }
}

/// Goes through events in order, and tells each lost key once.
private struct SealCheck {
  let erased: Set<String>
  let ledger: OpenLedger
  var findings: [Verification.Finding] = []
  private var lost: Set<String> = []

  init(erased: Set<String>, ledger: OpenLedger) {
    self.erased = erased
    self.ledger = ledger
  }

  /// Takes in the next event, and what was found when it was opened.
  mutating func take(_ recorded: RecordedEvent, _ flaw: Flaw) throws {
    switch flaw {
    case .seal: add(.seal, recorded, "its seal is not one of the key that it names")
    case .payload: add(.seal, recorded, "its payload cannot be read")
    case .newer: break
    case .none:
      guard let alias = recorded.person, !erased.contains(alias), !lost.contains(alias), try isLost(alias, recorded)
      else { return }
      lost.insert(alias)
      add(.lostKey, recorded, try Self.sentence(alias, recorded, ledger))
    }
  }

  private func isLost(_ alias: String, _ recorded: RecordedEvent) throws -> Bool {
    try ledger.codec.isSealed(recorded) && ledger.keys.key(of: alias) == nil
  }

  private static func sentence(_ alias: String, _ recorded: RecordedEvent, _ ledger: OpenLedger) throws -> String {
    let backup = try ledger.provedBackup(holding: recorded.position)
    let way =
      backup.map { "the backup \($0.name) of \($0.created) was proved with it" } ?? "look for it in every backup"
    return "keys.sqlite does not hold the key of \(alias), who was not erased; \(way)"
  }

  private mutating func add(_ kind: Verification.Finding.Kind, _ recorded: RecordedEvent, _ sentence: String) {
    findings.append(.init(kind: kind, position: recorded.position, stream: recorded.stream, sentence: sentence))
  }
}

extension RecordedEvent {
  /// The person, or operator, whose key seals it.
  fileprivate var person: String? {
    switch Stream(stream) {
    case .user(let alias)?, .account(let alias)?, .operator(let alias)?: alias
    default: nil
    }
  }
}
