public import EventLog

extension EventCodec {
  /// Proves one sealed member of a recorded event, with nothing else opened: not the other members, and no other event.
  ///
  /// Throws `FaultCode.disclosureImpossible` when the event has no such member, is sealed in the first form, or is about
  /// somebody who was erased; `FaultCode.sealBroken`, and the faults of the keys.
  public func disclose(member: String, of recorded: RecordedEvent) throws -> Disclosure {
    try keys.disclose(member, of: recorded)
  }
}
