import Base
import JSON
import Provisioning
import Reports
import Views

/// The three files that Entra's portal gives as CSV, which belong together by `changeId`; columns have Graph's names.
enum EntraCSV {
  /// A row a change.
  struct Changes: RecordWriter {
    static let columns = [
      "id", "changeId", "cycleId", "jobId", "activityDateTime", "durationInMilliseconds", "provisioningAction",
      "status",
      "errorCode", "reason", "recommendedAction", "initiatedBy.displayName", "sourceSystem.displayName",
      "targetSystem.displayName", "sourceIdentity.id", "sourceIdentity.displayName",
      "sourceIdentity.details.UserPrincipalName", "targetIdentity.id", "targetIdentity.displayName",
    ]

    let settings: ExportSettings
    var head: String { CSVWriter.line(Self.columns) }

    func record(of event: ExportedEvent) -> String? {
      EntraRecord(event, settings).map { CSVWriter.line(Self.fields($0)) }
    }

    static func fields(_ record: EntraRecord) -> [String] {
      let (event, error) = (record.event, record.error)
      let change = [
        record.id, record.id, event.row.cycle ?? "", record.job, event.row.time.description, String(record.duration),
        record.action, record.status,
      ]
      let why = [error?.code ?? "", error?.meaning ?? "", error?.remedy ?? "", ExportSettings.product]
      let person = event.person
      let who = [
        "Microsoft Entra ID", "TeamViewer", person?.objectID ?? person?.alias ?? "", person?.displayName ?? "",
        person?.userPrincipalName ?? "", person?.accountID ?? "", person?.accountName ?? "",
      ]
      return change + why + who
    }
  }

  /// A row a step.
  struct Steps: RecordWriter {
    let settings: ExportSettings
    var head: String {
      CSVWriter.line(["changeId", "name", "provisioningStepType", "status", "description", "details"])
    }

    func record(of event: ExportedEvent) -> String? {
      EntraRecord(event, settings).map { record in
        record.steps.map { step in
          CSVWriter.line([record.id, step.name, step.type, step.status, step.description, step.detail.text])
        }.joined()
      }
    }
  }

  /// A row a property that changed.
  struct Properties: RecordWriter {
    let settings: ExportSettings
    var head: String { CSVWriter.line(["changeId", "displayName", "oldValue", "newValue"]) }

    func record(of event: ExportedEvent) -> String? {
      EntraRecord(event, settings).map { record in
        event.changes.map { change in
          CSVWriter.line([record.id, change.displayName, change.oldValue ?? "", change.newValue ?? ""])
        }.joined()
      }
    }
  }
}
