import Base
import JSON
import LogSupport
import Provisioning
import Testing

@testable import EventLog
@testable import Sealing

/// Events of older and of newer programs, as the codec reads them.
@Suite struct SchemaTests {
  private let folder: Folder
  private let log: Log
  private let keys: SubjectKeys

  init() throws {
    folder = try Folder()
    log = try folder.open()
    keys = try folder.openKeys()
  }

  /// In the first version an export had neither format nor count, and its name was called `what`.
  private static let upcasters = Upcasters([
    ReportExported.type: [
      { fields in
        var fields = fields
        fields.clear["format"] = "csv"
        fields.clear["count"] = fields.clear["rows"]?.array.map { .integer(Int64($0.count)) }
        fields.clear["rows"] = nil
        return fields
      }
    ]
  ])

  private func record(
    _ type: String, schema: Int = 1, stream: String = "operators", _ data: JSONValue
  ) async throws -> RecordedEvent {
    let new = NewEvent(
      id: ids.next(at: moment), type: type, schema: schema, occurred: moment, actor: "test", data: data.canonicalBytes)
    let positions = try await log.append([.init(stream: stream, events: [new])])
    return try #require(try log.read(from: positions[0], limit: 1).first)
  }

  private func codec(_ upcasters: Upcasters = .standard) -> EventCodec {
    EventCodec(keys: keys, upcasters: upcasters, clock: { moment })
  }

  private func refusal(_ recorded: RecordedEvent) -> Fault? {
    do {
      _ = try codec().decode(recorded)
      return nil
    } catch {
      return error as? Fault
    }
  }

  @Test func anOlderEventIsUpcastAndItsBytesStayAsTheyAre() async throws {
    let old = try await record(ReportExported.type, ["name": "log", "rows": ["a", "b"]])
    let present = try await record(ReportExported.type, schema: 2, ["name": "log", "format": "csv", "count": 2])
    let wanted = EventPayload.reportExported(ReportExported(name: "log", format: "csv", count: 2))
    for recorded in [old, present] { #expect(try codec(Self.upcasters).decode(recorded).payload == wanted) }
    #expect(try log.read(from: old.position, limit: 1) == [old])
    #expect(try old.envelope().schema == 1 && present.envelope().schema == 2)
  }

  @Test func whatANewerProgramWroteIsNeverPassedOver() async throws {
    let schema = refusal(
      try await record(
        ReportExported.type, schema: ReportExported.schema + 1, ["name": "log", "format": "csv", "count": 2]))
    #expect(schema?.code == .eventNewer)
    #expect(
      schema?.sentence.contains("schema \(ReportExported.schema + 1)") == true
        && schema?.sentence.contains("newer program") == true)
    #expect(refusal(try await record("report.whispered", ["name": "log"]))?.code == .eventNewer)
    #expect(refusal(try await record(ReportExported.type, stream: "whispers", ["name": "log"]))?.code == .eventNewer)
  }

  @Test func aPayloadOfTheWrongShapeIsAnotherFault() async throws {
    #expect(refusal(try await record(ReportExported.type, ["name": "log"]))?.code == .eventUnreadable)
  }

  @Test(arguments: [("1", 1), ("12", 12), ("999999999", 999_999_999)])
  func theSchemaIsReadFromTheEntry(text: String, schema: Int) async throws {
    let recorded = try await record("test.happened", schema: schema, ["a": 1])
    #expect(String(decoding: recorded.entry, as: UTF8.self).contains(":schema:test.happened:\(text)\""))
    #expect(try recorded.envelope().schema == schema)
  }
}
