public import Base
public import EventLog
import JSON

/// Opening sealed values.
extension SubjectKeys {
  /// Opens the bytes of a sealed value with the key of its subject. Throws as `Sealer.open` and `key(of:)` do.
  public func open(_ sealed: some Collection<UInt8>, stream: String, event: EventID) throws -> Sealer.Opened {
    try Sealer.open(sealed, stream: stream, event: event, key: key(of:))
  }

  /// What it takes to prove one sealed member of a recorded event, with nothing else opened.
  ///
  /// Throws `FaultCode.disclosureImpossible` when the event has no such member, is of the first form, or when the key is
  /// gone; `FaultCode.sealBroken` when the value does not hold what it commits to, and as `key(of:)` does.
  public func disclose(_ member: String, of recorded: RecordedEvent) throws -> Disclosure {
    let event = "Event \(recorded.position) of stream \(recorded.stream)"
    guard let data = try? JSONParser.parse(recorded.envelope().data), let value = data["sealed"] else {
      throw Fault(.disclosureImpossible, "\(event) holds nothing that is sealed: read it as it stands.")
    }
    let (alias, members) = try value.canonicalBytes.withUnsafeBufferPointer {
      try opened(SealedValue($0, stream: recorded.stream, event: recorded.id), event)
    }
    guard let disclosure = Disclosure(member, of: members, event: recorded, subject: alias) else {
      let names = members.members.map(\.name).joined(separator: ", ")
      throw Fault(.disclosureImpossible, "\(event) seals no member \(member); it has \(names).")
    }
    return disclosure
  }

  private func opened(_ sealed: SealedValue, _ event: String) throws -> (alias: String, SaltedMembers) {
    guard sealed.commit != nil else {
      throw Fault(
        .disclosureImpossible,
        "\(event) is sealed in the first form, which can only be opened whole: no member of it can be disclosed singly."
      )
    }
    guard let key = try key(of: sealed.alias), let members = try sealed.saltedMembers(key) else {
      throw Fault(.disclosureImpossible, "\(event) is about somebody who was erased: nothing of it can be disclosed.")
    }
    return (sealed.alias, members)
  }
}
