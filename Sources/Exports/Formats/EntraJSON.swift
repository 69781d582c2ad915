import Base
import JSON
import Provisioning
import Views

/// The answer of Microsoft Graph to `GET /auditLogs/provisioning`, all of it as one page.
struct EntraJSON: RecordWriter {
  private let settings: ExportSettings
  private var isFirst = true

  init(_ settings: ExportSettings) { self.settings = settings }

  var head: String {
    "{\"@odata.context\":\"https://graph.microsoft.com/v1.0/$metadata#auditLogs/provisioning\",\"value\":["
  }

  mutating func record(of event: ExportedEvent) -> String? {
    guard let record = EntraRecord(event, settings) else { return nil }
    defer { isFirst = false }
    return (isFirst ? "\n" : ",\n") + OutsideText.escaped(json: record.json.text)
  }

  mutating func end() -> String { "\n]}\n" }
}

/// The rows of the table `AADProvisioningLogs` in Azure Monitor, a JSON object a line: what is an object to Graph is text
/// there, which queries parse.
struct SentinelLines: RecordWriter {
  private let settings: ExportSettings

  init(_ settings: ExportSettings) { self.settings = settings }

  func record(of event: ExportedEvent) -> String? { EntraRecord(event, settings).map { Self.object($0).line } }

  static func object(_ record: EntraRecord) -> JSONValue {
    func text(_ value: JSONValue) -> JSONValue { .string(OutsideText.escaped(json: value.text)) }
    let row = record.event.row
    return .object(
      JSONObject(present: [
        ("TimeGenerated", .string(row.time.description)), ("AADTenantId", ""), ("Category", "ProvisioningLogs"),
        ("OperationName", "Provisioning activity"), ("OperationVersion", "1.0"), ("Type", "AADProvisioningLogs"),
        ("Id", .string(record.id)), ("JobId", .string(record.job)), ("CycleId", .string(row.cycle ?? "")),
        ("ChangeId", .string(record.id)), ("CorrelationId", .string(row.correlation ?? "")),
        ("DurationMs", .integer(Int64(record.duration))), ("ProvisioningAction", .string(record.action)),
        ("ResultType", .string(record.status.prefix(1).uppercased() + record.status.dropFirst())),
        ("ResultSignature", .string(record.error?.code ?? "")),
        ("ResultDescription", .string(record.error?.meaning ?? "")), ("InitiatedBy", text(record.initiator)),
        ("ServicePrincipal", text(record.principal)), ("SourceSystem", text(record.source)),
        ("TargetSystem", text(record.target)), ("SourceIdentity", text(record.sourceIdentity)),
        ("TargetIdentity", text(record.targetIdentity)), ("ProvisioningStatusInfo", text(record.statusInfo)),
        ("ProvisioningSteps", text(.array(record.steps.map(\.json)))),
        ("ModifiedProperties", text(.array(record.event.changes.map(\.json)))),
      ]))
  }
}
