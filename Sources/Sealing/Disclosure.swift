public import Base
public import EventLog
public import JSON

/// One sealed member of one event, disclosed and proved: whoever has the event's entry, which `log prove` gives with its
/// own way up to a signed checkpoint, can verify it without any key.
///
/// It opens nothing else: the other members show as hashes of salted text, which without their salts nobody can try out.
/// It cannot be called back: who has it keeps it, also once the subject is erased.
public struct Disclosure: Equatable, Sendable {
  /// The event's id.
  public let event: EventID
  /// The stream that the event stands in.
  public let stream: String
  /// The alias of the person, or of the ledger's own key.
  public let subject: String
  /// The member's name.
  public let member: String
  /// Its value.
  public let value: JSONValue
  /// Its salt: 16 bytes.
  public let salt: [UInt8]
  /// What stands beside the way from the member up to the event's commitment.
  public let path: [SmallTree.Sibling]

  init(
    event: EventID, stream: String, subject: String, member: String, value: JSONValue, salt: [UInt8],
    path: [SmallTree.Sibling]
  ) {
    self.event = event
    self.stream = stream
    self.subject = subject
    self.member = member
    self.value = value
    self.salt = salt
    self.path = path
  }

  /// Nil when there is no member of that name.
  init?(_ member: String, of members: SaltedMembers, event: RecordedEvent, subject: String) {
    guard let index = members.members.firstIndex(where: { $0.name.hasSameBytes(as: member) }),
      let path = members.tree.path(from: index)
    else { return nil }
    self.init(
      event: event.id, stream: event.stream, subject: subject, member: member, value: members.members[index].value,
      salt: members.salt(of: index), path: path)
  }

  // MARK: Verifying

  /// Verifies that the member stands under a commitment, with the name, salt and value that are stated.
  ///
  /// Which event the commitment is of is the caller's to know; `verify(in:)` finds that out itself. Throws
  /// `FaultCode.disclosureInvalid`.
  public func verify(against commit: Digest32) throws {
    let leaf = Merkle.leaf(SaltedMembers.leaf(member, salt: salt, value))
    if SmallTree.root(from: leaf, past: path) != commit {
      throw Self.invalid("does not lead to what event \(event) commits to: the disclosure or the event was changed")
    }
  }

  /// Verifies the member against the bytes of an entry: that of this event, stream and subject, and no other. That the
  /// entry is the log's is `EventProof`'s to show. Throws `FaultCode.disclosureInvalid`.
  public func verify(in entry: [UInt8]) throws {
    guard let envelope = try? JSONParser.parse(entry), let sealed = envelope["data"]?["sealed"],
      let commit = sealed["commit"]?.string.flatMap({ Digest32(base64: $0) })
    else { throw Self.invalid("cannot be held against that entry, which commits to no members") }
    guard envelope["id"]?.string == event.description, envelope["stream"]?.string == stream,
      sealed["subject"]?.string == subject
    else {
      throw Self.invalid("is of event \(event) in stream \(stream), and the entry of another, or of another person")
    }
    try verify(against: commit)
  }

  static func invalid(_ what: String) -> Fault {
    Fault(.disclosureInvalid, "The disclosure \(what). Ask for it, and for the entry, again.")
  }
}

extension EventCodec {
  /// Proves one sealed member of a recorded event, with nothing else opened: not the other members, and no other event.
  ///
  /// Throws `FaultCode.disclosureImpossible` when the event has no such member, is sealed in the first form, or is about
  /// somebody who was erased; `FaultCode.sealBroken`, and the faults of the keys.
  public func disclose(member: String, of recorded: RecordedEvent) throws -> Disclosure {
    try keys.disclose(member, of: recorded)
  }
}
