import EventLog
import Provisioning
import Sealing
import Views

/// Tells of each event what is known by then of its person.
///
/// A walk may begin anywhere and memory is bounded: whoever is not known is read from their own events before.
final class ExportFold {
  /// The most people that are kept: about 50 MB.
  private static let most = 25_000

  private let log: Log
  private let codec: EventCodec
  private let most: Int
  private var subjects: [String: ExportSubject] = [:]

  init(_ log: Log, _ codec: EventCodec, most: Int = most) {
    (self.log, self.codec, self.most) = (log, codec, most)
  }

  /// The event as it leaves the ledger. Throws the faults of the log and of unsealing.
  func take(_ recorded: RecordedEvent, _ logged: LoggedEvent) throws -> ExportedEvent {
    var subject = try subject(of: logged)
    // What comes late about an erased person brings no value back.
    let logged = subject?.person.erasure == nil ? logged : try logged.erased()
    let before = subject?.person
    subject?.take(logged)
    let row = AuditRow(logged, before: before, after: subject?.person)
    var event = ExportedEvent(row, id: recorded.id, leaf: Merkle.leaf(recorded.entry), stream: recorded.stream)
    if let subject {
      subjects[subject.person.alias] = subject
      tell(subject, logged.payload, &event)
    } else if let alias = logged.subject {
      event.person = ExportedPerson(alias: alias)
    }
    return event
  }

  private func tell(_ subject: ExportSubject, _ payload: EventPayload, _ event: inout ExportedEvent) {
    event.person = ExportedPerson(subject.person)
    guard ExportSubject.concernsDecision(payload) else { return }
    (event.changes, event.call, event.decided) = (subject.changes, subject.call, subject.decided)
    (event.accountAction, event.source) = (subject.accountAction(payload, event.action), subject.source)
  }

  /// The person of an event, before it; nil for an operator, and for nobody.
  private func subject(of logged: LoggedEvent) throws -> ExportSubject? {
    switch logged.stream {
    case .user(let alias), .account(let alias):
      if let kept = subjects[alias] { return kept }
      if subjects.count >= most { subjects = [:] }
      var subject = ExportSubject(alias: alias)
      let streams = [Stream.user(alias), .account(alias)].map(\.description)
      for earlier in try codec.decode(log.events(of: streams, before: logged.position)) { subject.take(earlier) }
      return subject
    default: return nil
    }
  }
}
