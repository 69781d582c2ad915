import Crypto
import EventLog
import JSON
import Provisioning
import Testing

@testable import Exports

@Suite("OCSF: each release has its own classes and numbers")
struct OCSFTests {
  struct Case: Sendable {
    var event: ExportedEvent
    var v1_8: Int
    var v1_9: Int
  }

  static let cases = [
    Case(event: Sample.delivery("create"), v1_8: 300_101, v1_9: 300_701),
    Case(event: Sample.delivery("update"), v1_8: 300_403, v1_9: 300_702),
    Case(event: Sample.delivery("disable"), v1_8: 300_105, v1_9: 300_705),
    Case(event: Sample.delivery("enable"), v1_8: 300_102, v1_9: 300_704),
    Case(event: Sample.call, v1_8: 600_303, v1_9: 600_303),
    Case(
      event: Sample.event("configuration.applied", AuditOutcome("configure"), stream: "configuration"), v1_8: 300_403,
      v1_9: 300_403),
    Case(event: Sample.event("subject.erased", AuditOutcome("erase")), v1_8: 300_499, v1_9: 300_499),
    Case(
      event: Sample.event("safeguard.tripped", AuditOutcome("held", .warning), stream: "safeguard/s"), v1_8: 300_412,
      v1_9: 300_412),
    Case(
      event: Sample.event("safeguard.approved", AuditOutcome("approve"), stream: "safeguard/s"), v1_8: 300_413,
      v1_9: 300_413),
    Case(
      event: Sample.event("data.viewed", AuditOutcome("view"), actor: "operator:olga", stream: "operators"),
      v1_8: 300_402, v1_9: 300_402),
    Case(event: Sample.event("account.linked", AuditOutcome("link")), v1_8: 99, v1_9: 99),
  ]

  @Test("type_uid is class and activity", arguments: cases)
  func types(_ expected: Case) {
    for (version, uid) in [(OCSFVersion.v1_8, expected.v1_8), (.v1_9, expected.v1_9)] {
      let object = OCSFLines.object(expected.event, Sample.settings(version))
      #expect(object["type_uid"]?.integer == uid)
      #expect(object["class_uid"]?.integer == uid / 100)
      #expect(object["activity_id"]?.integer == uid % 100)
      #expect(object["metadata"]?["version"] == .string("\(version.rawValue).0"))
      #expect(object["time"] == 1_767_323_045_678)
      #expect(object["metadata"]?["logged_time"] == 1_767_323_045_690)
    }
  }

  @Test("no member is null, and a user has an id or a name", arguments: cases)
  func noNull(_ expected: Case) {
    for privacy in ExportPrivacy.allCases {
      let object = OCSFLines.object(expected.event.hiding(privacy), Sample.settings)
      #expect(!JSONValue.object(object).hasNull)
      if let user = object["user"] { #expect(user["uid"] != nil || user["name"] != nil) }
    }
  }

  @Test("1.9 says what the account became; 1.8 says it under another name")
  func result() {
    let create = Sample.delivery("create")
    #expect(OCSFLines.object(create, Sample.settings(.v1_8))["user_result"]?["full_name"] == "Ada Lovelace")
    #expect(OCSFLines.object(create, Sample.settings(.v1_9))["updated_user"]?["full_name"] == "Ada Lovelace")
  }

  @Test("the fingerprint covers the event without itself, and the event before")
  func integrity() throws {
    var lines = OCSFLines(Sample.settings(.v1_9))
    let events = try (1...3).map { _ in
      try JSONParser.parse(lines.record(of: Sample.delivery("update"))?.utf8 ?? "".utf8)
    }
    var previous: JSONValue?
    for event in events {
      guard var object = event.object, var attestation = object["attestation_list"]?.array?.first?.object else {
        Issue.record("there is no attestation")
        return
      }
      #expect(object["metadata"]?["profiles"] == ["record_integrity"])
      #expect(attestation["prev_event"]?["fingerprint"] == previous)
      previous = attestation["fingerprint"]
      attestation["fingerprint"] = nil
      object["attestation_list"] = [.object(attestation)]
      let digest = Digest32(SHA256.hash(data: JSONValue.object(object).canonicalBytes))
      #expect(previous?["value"] == .string(digest.description))
    }
  }
}

extension JSONValue {
  fileprivate var hasNull: Bool {
    switch self {
    case .null: true
    case .array(let elements): elements.contains(where: \.hasNull)
    case .object(let object): object.members.contains { $0.value.hasNull }
    default: false
    }
  }
}
