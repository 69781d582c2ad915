public import Base
public import EventLog
public import JSON
public import Sealing

/// What checks and proofs of the log say.
extension Verification {
  /// As a JSON object; `hasKeys` says whether there was a key to check signatures with.
  public func json(hasKeys: Bool) -> JSONValue {
    [
      "sound": .bool(isSound), "size": .string(String(size)), "since": .string(String(since)),
      "covered": .string(String(covered)),
      "root": JSONValue(orNull: root?.description), "checkpoints": .integer(Int64(checkpoints)),
      "signatures": .bool(hasKeys), "findings": .array(findings.map(\.json)),
    ]
  }

  /// In lines: what is wrong, and the sum of it; `hasKeys` as with `json`.
  public func lines(hasKeys: Bool) -> [String] {
    let bare = covered < size ? ["no checkpoint covers: positions \(covered + 1) to \(size)"] : []
    let wrong = findings.map(\.description) + bare
    if !isSound, findings.allSatisfy({ $0.kind == .lostKey }) {
      return wrong + ["KEYS LOST: those of \(findings.count.people); the log itself is sound"]
    }
    guard isSound else { return wrong + ["TAMPERED: \(findings.count.of("finding")) in \(size.of("event"))"] }
    let part = since > 0 ? "\(size - since) of " : ""
    let sound = "sound: \(part)\(size.of("event")), root \(root?.description ?? "-")"
    if checkpoints == 0 { return wrong + [sound] }
    let agree = hasKeys ? "checkpoints that agree" : "checkpoints with these roots, signatures not checked"
    return wrong + [sound, "\(agree): \(checkpoints)"]
  }
}

extension Verification.Finding {
  fileprivate var json: JSONValue {
    [
      "kind": .string(kind.rawValue), "position": JSONValue(orNull: position.map { String($0) }),
      "through": JSONValue(orNull: through.map { String($0) }),
      "stream": JSONValue(orNull: stream), "sentence": .string(sentence),
    ]
  }
}

extension SignedCheckpoint {
  /// As a JSON object: what it states, and the note itself.
  public var json: JSONValue {
    [
      "origin": .string(checkpoint.origin), "size": .string(String(size)), "root": .string(checkpoint.root.description),
      "note": .string(note.description),
    ]
  }
}

/// What the file of a proof was found to prove, with no ledger at hand.
public struct ProvedBundle: Equatable, Sendable {
  /// What is proved.
  public enum Claim: Equatable, Sendable {
    /// That the event of a position is in the log; its bytes, unless the file leaves them out.
    case event(position: Int64, entry: [UInt8]?)
    /// That the log begins with the log of an older size.
    case growth(old: Int64)
  }

  /// What is proved.
  public var claim: Claim
  /// The checkpoint that it rests on.
  public var checkpoint: SignedCheckpoint
  /// What the event says, as far as the file opens it.
  public var opened: [Disclosure] = []

  /// Checks a proof. `notes` are the checkpoints at hand, for the older side of a growth; `name` is the file as faults call
  /// it. Throws `FaultCode.proofInvalid` and the faults of a proof that does not hold.
  public init(_ bundle: ProofBundle, named name: String, keys: [VerifierKey], notes: [SignedCheckpoint]) throws {
    switch bundle {
    case .event(let proof):
      try proof.verify(with: keys)
      claim = .event(position: proof.proof.index + 1, entry: proof.entry)
      checkpoint = proof.checkpoint
    case .growth(let proof):
      guard let old = notes.first(where: { $0.size == proof.proof.old }) else {
        throw Fault(
          .proofInvalid,
          "\(name) starts from \(proof.proof.old.of("event")); give the checkpoint of that size with --checkpoint.")
      }
      try proof.verify(from: old, with: keys)
      claim = .growth(old: old.size)
      checkpoint = proof.checkpoint
    }
  }

  /// Checks a proof that opens some of what its event says. Throws as `OpenedProof.verify` does.
  public init(_ file: OpenedProof, keys: [VerifierKey]) throws {
    try file.verify(with: keys)
    claim = .event(position: file.proof.proof.index + 1, entry: file.proof.entry)
    checkpoint = file.proof.checkpoint
    opened = file.disclosures
  }

  private var origin: String { checkpoint.checkpoint.origin }

  /// As a JSON object.
  public var json: JSONValue {
    let size = JSONValue.string(String(checkpoint.size))
    switch claim {
    case .event(let position, let entry):
      let text = JSONValue(orNull: entry.map { String(decoding: $0, as: UTF8.self) })
      return [
        "proved": "event", "origin": .string(origin), "position": .string(String(position)), "size": size,
        "entry": text, "opened": .array(opened.map { ["member": .string($0.member), "value": $0.value] }),
      ]
    case .growth(let old):
      return ["proved": "growth", "origin": .string(origin), "old": .string(String(old)), "size": size]
    }
  }

  /// In lines: what is proved, and the entry if there is one.
  public var lines: [String] {
    switch claim {
    case .event(let position, let entry):
      let proved = "proved: entry \(position) is in the log \(origin) of \(checkpoint.size.of("event"))"
      let says = opened.map { "it says: \($0.member) is \($0.value.text)" }
      return [proved] + says + (entry.map { [String(decoding: $0, as: UTF8.self)] } ?? [])
    case .growth(let old):
      return ["proved: the log \(origin) of \(checkpoint.size.of("event")) begins with its first \(old)"]
    }
  }
}

/// What `log anchor` says of one anchor.
public struct ToldAnchor: Equatable, Sendable {
  /// The anchor's name.
  public var name: String
  /// The size of the checkpoint that it was told.
  public var size: Int64
  /// Why it did not keep it; nil when it did.
  public var fault: Fault?

  /// An anchor that was told.
  public init(name: String, size: Int64, fault: Fault?) {
    self.name = name
    self.size = size
    self.fault = fault
  }

  /// As a JSON object.
  public var json: JSONValue {
    [
      "anchor": .string(name), "size": .string(String(size)), "kept": .bool(fault == nil),
      "failure": JSONValue(orNull: fault?.sentence),
    ]
  }

  /// In a line.
  public var line: String { "\(name): \(fault.map { "FAILED: \($0)" } ?? "holds \(size.of("event"))")" }
}
