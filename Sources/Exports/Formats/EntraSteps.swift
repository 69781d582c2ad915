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
  /// Import, scope, match, and what was done: what the log says, and nothing else.
  var steps: [EntraStep] { [imported, scoped].compactMap { $0 } + (isIdle ? [skipped] : [matched, exported]) }

  private var name: String { event.person?.name ?? "" }

  /// What Entra's step names end with.
  private var word: String {
    switch event.accountAction {
    case .create: "Add"
    case .disable: "Disable"
    default: "Update"
    }
  }

  /// What was received of the person; nil where the decision rests on somebody's order.
  private var imported: EntraStep? {
    guard let source = event.source, source.isGround else { return nil }
    let person = event.person
    let details = [
      ("objectId", person?.objectID), ("userPrincipalName", person?.userPrincipalName),
      ("displayName", person?.displayName), ("mail", person?.mail),
    ]
    let change = source.received.rawValue
    return EntraStep(
      name: "EntryImport\(change)", type: "import", status: "success",
      description: "Received User '\(name)' change of type (\(change)) from Microsoft Entra ID",
      details: details.compactMap { key, value in value.map { (key, $0) } })
  }

  private var scoped: EntraStep? {
    guard let source = event.source else { return nil }
    func word(_ isSo: Bool) -> String { isSo ? "True" : "False" }
    return EntraStep(
      name: "EntrySynchronizationScoping", type: "scoping", status: "success",
      description: "Determined whether User '\(name)' is in scope",
      details: [("Active in the source system", word(source.isActive))]
        + (source.isAssigned.map { [("Assigned to the application", word($0))] } ?? []))
  }

  private var matched: EntraStep {
    EntraStep(
      name: "EntrySynchronization\(word)", type: "matching", status: "success",
      description: "User '\(name)' will be changed in TeamViewer: \(action)", details: [])
  }

  private var exported: EntraStep {
    let why = error.map { " (\($0.code): \($0.meaning))" } ?? ""
    return EntraStep(
      name: "EntryExport\(event.accountAction == .create ? "Add" : "Update")", type: "export", status: status,
      description: "User '\(name)' in TeamViewer: \(action) \(status)\(why)",
      details: [("ReportableIdentifier", event.person?.accountName ?? name)])
  }

  /// Entra's own word for what TeamViewer had already.
  private var reason: String {
    event.reason == DeliveryCompleted.How.alreadySo.rawValue
      ? Decision.Reason.redundantExport.rawValue : event.reason ?? ""
  }

  private var skipped: EntraStep {
    EntraStep(
      name: "EntrySynchronizationSkip", type: "export", status: status == "warning" ? "warning" : "skipped",
      description: "User '\(name)' is left as it is: \(error?.meaning ?? "nothing to do")",
      details: [("SkipReason", reason)])
  }
}
