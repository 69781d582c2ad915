import JSON
import Provisioning

/// One step of a change, as Entra tells it.
struct EntraStep: Equatable {
  let name: String
  let type: String
  let status: String
  let description: String
  let details: [(String, String)]

  var json: JSONValue {
    [
      "name": .string(name), "provisioningStepType": .string(type), "status": .string(status),
      "description": .string(description), "details": detail,
    ]
  }

  var detail: JSONValue { .object(JSONObject(present: details.map { ($0, .string($1)) })) }

  static func == (left: EntraStep, right: EntraStep) -> Bool { left.json == right.json }
}

extension EntraRecord {
  /// Import, scope, match, and what was done.
  var steps: [EntraStep] { [imported, scoped] + (isIdle ? [skipped] : [matched, exported]) }

  private var isIdle: Bool { action == "other" }
  private var name: String { event.person?.name ?? "" }

  /// What Entra's step names end with.
  private var word: String {
    switch event.action {
    case "create": "Add"
    case "disable": "Disable"
    default: "Update"
    }
  }

  private var imported: EntraStep {
    let person = event.person
    let details = [
      ("objectId", person?.objectID), ("userPrincipalName", person?.userPrincipalName),
      ("displayName", person?.displayName), ("mail", person?.mail),
    ]
    let change = event.action == "create" ? "Add" : "Update"
    return EntraStep(
      name: "EntryImport\(change)", type: "import", status: "success",
      description: "Received User '\(name)' change of type (\(change)) from Microsoft Entra ID",
      details: details.compactMap { key, value in value.map { (key, $0) } })
  }

  private var scoped: EntraStep {
    let isActive = event.action != "disable" && event.reason != Decision.Reason.notActiveInSource.rawValue
    return EntraStep(
      name: "EntrySynchronizationScoping", type: "scoping", status: "success",
      description: "Determined whether User '\(name)' is in scope",
      details: [
        ("Active in the source system", isActive ? "True" : "False"), ("Assigned to the application", "True"),
        ("ScopeEvaluationResult", "{}"),
      ])
  }

  private var matched: EntraStep {
    EntraStep(
      name: "EntrySynchronization\(word)", type: "matching", status: "success",
      description: "User '\(name)' will be changed in TeamViewer: \(action)", details: [])
  }

  private var exported: EntraStep {
    let why = error.map { " (\($0.code): \($0.meaning))" } ?? ""
    return EntraStep(
      name: "EntryExport\(event.action == "create" ? "Add" : "Update")", type: "export", status: status,
      description: "User '\(name)' in TeamViewer: \(action) \(status)\(why)",
      details: [("ReportableIdentifier", event.person?.accountName ?? name)])
  }

  private var skipped: EntraStep {
    EntraStep(
      name: "EntrySynchronizationSkip", type: "export", status: status == "warning" ? "warning" : "skipped",
      description: "User '\(name)' is left as it is: \(error?.meaning ?? "nothing to do")",
      details: [("SkipReason", event.reason ?? "")])
  }
}
