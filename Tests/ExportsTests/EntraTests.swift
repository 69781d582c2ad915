import Base
import JSON
import Provisioning
import Testing

@testable import Exports

@Suite("Entra's provisioning logs: the fields of Graph, portal and Azure Monitor")
struct EntraTests {
  private func record(_ event: ExportedEvent) -> JSONValue { EntraRecord(event, Sample.settings)?.json ?? .null }

  private func decided(_ action: String, _ status: AuditOutcome.Status, _ reason: Decision.Reason) -> ExportedEvent {
    var event = Sample.event(
      "provisioning.decided", AuditOutcome(action, status, reason.rawValue), stream: "user/k3v9alias")
    event.person = Sample.ada
    return event
  }

  @Test("every member of provisioningObjectSummary is there, and none else")
  func members() {
    let names = record(Sample.delivery("update")).object?.members.map(\.name)
    #expect(
      names == [
        "id", "activityDateTime", "tenantId", "jobId", "cycleId", "changeId", "provisioningAction",
        "durationInMilliseconds", "initiatedBy", "servicePrincipal", "sourceSystem", "targetSystem", "sourceIdentity",
        "targetIdentity", "provisioningStatusInfo", "provisioningSteps", "modifiedProperties",
      ])
  }

  @Test(
    "actions and outcomes are Graph's words",
    arguments: [
      (Sample.delivery("create"), "create", "success"), (Sample.delivery("update"), "update", "success"),
      (Sample.delivery("disable"), "disable", "success"), (Sample.delivery("enable"), "update", "success"),
      (Sample.delivery("update", .failure, "delivery.parked", reason: "EntryConflict"), "update", "failure"),
    ])
  func words(event: ExportedEvent, action: String, status: String) {
    let record = record(event)
    #expect(record["provisioningAction"] == .string(action))
    #expect(record["provisioningStatusInfo"]?["status"] == .string(status))
  }

  @Test("what is not done is a skip with its reason, and what is held a warning")
  func idle() {
    let skipped = record(decided("skip", .skipped, .duplicateSourceEntries))
    #expect(skipped["provisioningAction"] == "other")
    #expect(skipped["provisioningStatusInfo"]?["status"] == "skipped")
    #expect(skipped["provisioningStatusInfo"]?["errorInformation"]?["errorCode"] == "DuplicateSourceEntries")
    #expect(skipped["provisioningSteps"]?.array?.last?["details"]?["SkipReason"] == "DuplicateSourceEntries")
    let held = record(decided("held", .warning, .safeguardTripped))
    #expect(held["provisioningStatusInfo"]?["status"] == "warning")
    #expect(record(decided("create", .pending, .newInScope)) == .null)
    #expect(record(Sample.call) == .null)
  }

  @Test("a change says how long it took, whose it was, and what became of it")
  func change() {
    let record = record(Sample.delivery("update"))
    #expect(record["durationInMilliseconds"] == 690)
    #expect(record["sourceIdentity"]?["details"]?["UserPrincipalName"] == "ada@example.com")
    #expect(record["targetIdentity"]?["id"] == "u1234567")
    #expect(record["provisioningStatusInfo"]?["errorInformation"] == .null)
    #expect(
      record["provisioningSteps"]?.array?.map { $0["name"] } == [
        "EntryImportUpdate", "EntrySynchronizationScoping", "EntrySynchronizationUpdate", "EntryExportUpdate",
      ])
    #expect(
      record["modifiedProperties"] == [["displayName": "displayName", "oldValue": "Ada", "newValue": "Ada Lovelace"]])
  }

  @Test("Graph's answer is one object, whatever is in it")
  func collection() throws {
    var writer = EntraJSON(Sample.settings)
    let records = [Sample.delivery("create"), Sample.call, Sample.delivery("update")].compactMap {
      writer.record(of: $0)
    }
    let text = writer.head + records.joined() + writer.end()
    #expect(try JSONParser.parse(text.utf8)["value"]?.array?.count == 2)
    var empty = EntraJSON(Sample.settings)
    #expect(try JSONParser.parse((empty.head + empty.end()).utf8)["value"] == [])
  }

  @Test("Azure Monitor has text where Graph has objects, and the text parses")
  func sentinel() throws {
    let event = Sample.delivery("update", .failure, "delivery.parked", reason: "EntryConflict")
    let row = SentinelLines.object(try #require(EntraRecord(event, Sample.settings)))
    #expect(row["ResultType"] == "Failure")
    #expect(row["ResultSignature"] == "EntryConflict")
    for name in ["SourceIdentity", "TargetIdentity", "ModifiedProperties", "ProvisioningSteps", "InitiatedBy"] {
      let text = try #require(row[name]?.string)
      #expect(try JSONParser.parse(text.utf8).kind != "string")
    }
    let properties = try JSONParser.parse(#require(row["ModifiedProperties"]?.string).utf8)
    #expect(properties.array?.first?["newValue"] == "Ada Lovelace")
  }

  @Test("the portal's three files belong together by the change's id")
  func portal() {
    let event = Sample.delivery("update")
    let id = event.id.description
    let change = EntraCSV.Changes(settings: Sample.settings).record(of: event) ?? ""
    #expect(
      change.hasPrefix("\(id),\(id),c1,provledger.example.test/ledger,2026-01-02T03:04:05.690Z,690,update,success,"))
    let steps = EntraCSV.Steps(settings: Sample.settings).record(of: event) ?? ""
    #expect(steps.split(separator: "\r\n").count == 4)
    #expect(
      EntraCSV.Properties(settings: Sample.settings).record(of: event)
        == "\(id),displayName,Ada,Ada Lovelace\r\n")
    let record = EntraRecord(event, Sample.settings)
    #expect(record.map { EntraCSV.Changes.fields($0).count } == EntraCSV.Changes.columns.count)
  }
}
