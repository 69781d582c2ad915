import Base
import JSON
import Provisioning
import Testing
import Views

@testable import Exports

@Suite("Formats: one worked record each")
struct FormatTests {
  private let emptyLeaf = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"

  @Test("a row of CSV has every column, in an order that only grows")
  func csv() {
    #expect(EventCSV.columns.count == EventCSV.fields(Sample.delivery("update")).count)
    #expect(
      EventCSV().record(of: Sample.delivery("update")) == """
        42,0190f5fe-7c00-7a00-8000-000000000001,2026-01-02T03:04:05.690Z,2026-01-02T03:04:05.678Z,delivery.completed,\
        account/k3v9alias,worker,k3v9alias,0b1c0000-0000-4000-8000-000000000001,ada@example.com,Ada Lovelace,u1234567,\
        ada@example.com,update,success,call,c1,c1,,,PATCH,/Users/{id},200,83,,\(emptyLeaf)\r\n
        """)
  }

  @Test("what a directory says is no formula in CSV")
  func formula() {
    var event = Sample.delivery("update")
    event.person?.displayName = "=HYPERLINK(\"http://x\",\"y\")"
    #expect(EventCSV().record(of: event)?.contains("\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\"") == true)
  }

  @Test("a CloudEvent has the attributes that are asked for, and texts where numbers would have more than 32 bits")
  func cloudEvent() {
    let envelope = CloudEventBatches.envelope(Sample.delivery("update"), Sample.settings)
    #expect(envelope["specversion"] == "1.0")
    #expect(envelope["source"] == "urn:provisioning-ledger:example.test/ledger")
    #expect(envelope["id"] == "0190f5fe-7c00-7a00-8000-000000000001")
    #expect(envelope["subject"] == "k3v9alias")
    #expect(envelope["sequence"] == "00000000000000000042")
    #expect(envelope["data"]?["modifiedProperties"]?.array?.first?["newValue"] == "Ada Lovelace")
    #expect(envelope.object?.members.allSatisfy { $0.name.allSatisfy { $0.isLowercase || $0.isNumber } } == true)
  }

  @Test("a batch has at most a hundred CloudEvents, and the last one what is left")
  func batches() throws {
    var batches = CloudEventBatches(Sample.settings)
    let lines = (1...250).compactMap { _ in batches.record(of: Sample.call) }.filter { !$0.isEmpty } + [batches.end()]
    #expect(try lines.map { try JSONParser.parse($0.utf8).array?.count } == [100, 100, 50])
    #expect(batches.end() == "")
  }

  @Test("CEF escapes what steers it, in the head and in values")
  func cefEscapes() {
    var settings = Sample.settings
    settings.version = "1|0\\"
    let event = Sample.event("x", AuditOutcome("a", .success), stream: "target", text: "C:\\tmp a=b|c\nnext")
    let line = CEFLines.line(event, settings)
    #expect(line.hasPrefix("CEF:0|ProvisioningLedger|ProvisioningLedger|1\\|0\\\\|x|a success|2|"))
    #expect(line.contains("msg=a: success (C:\\\\tmp a\\=b|c\\nnext) "))
    #expect(!line.contains("\n"))
  }

  @Test("a CEF line has its keys in a fixed order")
  func cef() {
    #expect(
      CEFLines.line(Sample.delivery("update"), Sample.settings) == """
        CEF:0|ProvisioningLedger|ProvisioningLedger|1.0.0|delivery.completed|update success|2|rt=1767323045690 \
        start=1767323045678 act=update outcome=success reason=call cat=delivery.completed \
        externalId=0190f5fe-7c00-7a00-8000-000000000001 suser=worker duser=ada@example.com duid=u1234567 \
        destinationServiceName=https://example.test/scim/v2 requestMethod=PATCH request=/Users/{id} \
        msg=update of ada@example.com: success (call) cs1=c1 cs1Label=correlationId cs2=account/k3v9alias \
        cs2Label=stream cs3=\(emptyLeaf) cs3Label=leafHash cs4=c1 cs4Label=cycle \
        cs6=0b1c0000-0000-4000-8000-000000000001 cs6Label=sourceObjectId cn1=42 cn1Label=sequence cn2=200 \
        cn2Label=httpStatus cn3=83 cn3Label=milliseconds
        """)
  }

  @Test("ASIM tells what became of accounts, and nothing else")
  func asim() {
    let object = ASIMLines.object(Sample.delivery("update"), Sample.settings)
    #expect(object?["EventType"] == "UserModified")
    #expect(object?["EventResult"] == "Success")
    #expect(object?["EventSchema"] == "UserManagement")
    #expect(object?["EventCount"] == 1)
    #expect(object?["Dvc"] == "example.test/ledger")
    #expect(object?["UpdatedPropertyName"] == "displayName")
    #expect(object?["PreviousPropertyValue"] == "Ada")
    #expect(ASIMLines.object(Sample.call, Sample.settings) == nil)
    #expect(ASIMLines.object(Sample.delivery("create"), Sample.settings)?["EventType"] == "UserCreated")
    #expect(ASIMLines.object(Sample.delivery("disable"), Sample.settings)?["EventType"] == "UserDisabled")
    #expect(ASIMLines.object(Sample.delivery("enable"), Sample.settings)?["EventType"] == "UserEnabled")
    let parked = Sample.delivery("update", .failure, "delivery.parked", reason: "Rejected")
    #expect(ASIMLines.object(parked, Sample.settings)?["EventResultDetails"] == "Rejected")
  }
}
