import ArgumentParser
import Audit
import Base
import Foundation
import JSON
import Ledger
import Provisioning

/// What narrows down which events are shown.
struct AuditFilters: ParsableArguments {
  @Option(
    help: ArgumentHelp("Whom it is about: any name, address or id that they ever had.", valueName: "name"),
    completion: .custom(Completion.people))
  var person: String?
  @Option(help: ArgumentHelp("Who did it, such as operator:olga, olga or worker.", valueName: "actor"))
  var actor: String?
  @Option(
    help: ArgumentHelp("What was done, such as create, update, disable, enable, skip, held, none.", valueName: "action")
  )
  var action: String?
  @Option(help: "How it went.", completion: .words(AuditOutcome.Status.self), transform: choice)
  var status: AuditOutcome.Status?
  @Option(help: ArgumentHelp("Why: a reason or an error code, such as Rejected.", valueName: "code"))
  var reason: String?
  @Option(
    help: ArgumentHelp("The event type, such as provisioning.decided.", valueName: "type"),
    completion: .list(EventPayload.types))
  var type: String?
  @Option(help: ArgumentHelp("The cycle that it belongs to, or whose decision it carries out.", valueName: "id"))
  var cycle: String?
  @Option(help: ArgumentHelp("An attribute that it changed, such as displayName.", valueName: "attribute"))
  var attribute: String?
  @Option(help: ArgumentHelp("The piece of work that it belongs to.", valueName: "id"))
  var correlation: String?
  @Option(help: ArgumentHelp("Words of a name, or of what the event says.", valueName: "text"))
  var search: String?
  @OptionGroup var span: SpanOptions

  func validate() throws {
    if let type, !EventPayload.types.contains(type) {
      throw ValidationError("No event has the type \(type); there are \(EventPayload.types.joined(separator: ", ")).")
    }
  }

  /// The query that is meant, and what was asked for in words; standard error says which events are looked at.
  func query(on ledger: OpenLedger, _ audit: AuditStore) throws -> (AuditQuery, asked: String) {
    var query = AuditQuery(positions: try span.positions(ledger))
    query.subjects = try person.map { try subjects($0, audit) }
    (query.actor, query.action, query.status, query.reason) = (actor, action, status, reason)
    (query.type, query.cycle, query.attribute) = (type, cycle, attribute)
    (query.correlation, query.search) = (correlation, search)
    return (query, asked(query))
  }

  private func subjects(_ name: String, _ audit: AuditStore) throws -> [String] {
    let subjects = try audit.subjects(named: name)
    if subjects.isEmpty {
      throw Fault(
        .personUnknown,
        "Nobody in the ledger ever had the name \"\(name)\"; use a name, an address, an object id, a TeamViewer id or an alias."
      )
    }
    if subjects.count > 1 { Output.notice("\(subjects.count.people) had that name: \(Output.some(subjects))") }
    return subjects
  }

  /// What was asked for. People stand there by their aliases, so that an erasure leaves no name of them.
  private func asked(_ query: AuditQuery) -> String {
    let parts = [
      query.subjects.map { "person \(Output.some($0))" }, actor.map { "actor \($0)" }, action.map { "action \($0)" },
      status.map { "status \($0.rawValue)" }, reason.map { "reason \($0)" }, type.map { "type \($0)" },
      cycle.map { "cycle \($0)" }, attribute.map { "attribute \($0)" }, correlation.map { "correlation \($0)" },
      search.map { "search \($0)" },
      query.positions.words,
    ]
    return parts.compactMap { $0 }.joined(separator: ", ")
  }
}
