import Base
import Crypto
import Foundation
import JSON
import Provisioning
import Testing

@testable import EventLog

/// Taking events out, as another tool wants them.
@Suite("provledger export", .timeLimit(.minutes(3)))
struct ExportCommandTests {
  private let stage: Stage

  init() async throws {
    stage = try Stage()
    try await stage.initialize(target: "http://127.0.0.1:1/scim/v2")
    try await stage.expect(0, "import", try stage.write("one.csv", Export(count: 12).csv))
  }

  private func content(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: "\(stage.folder)/\(name)")))
  }

  private func positions(_ name: String) throws -> [String?] {
    try String(decoding: content(name), as: UTF8.self).split(separator: "\n").map {
      try JSONParser.parse($0.utf8)["position"]?.string
    }
  }

  private func path(_ name: String) -> String { "\(stage.folder)/\(name)" }

  @Test("an export is recorded with the digest of its bytes")
  func recorded() async throws {
    let size = try stage.size()
    let told = try await stage.expect(0, "export", "ndjson", "--json", "-o", path("all.ndjson"))
    let json = try JSONParser.parse(told.output.utf8)
    let digest = Digest32(SHA256.hash(data: try content("all.ndjson"))).description
    #expect(json["sha256"] == .string(digest))
    #expect(json["records"]?.integer == Int(size))
    #expect(json["last"] == .string(String(size)))
    #expect(try positions("all.ndjson") == (1...size).map { String($0) })
    let log = try await stage.expect(0, "log", "export", "--from", String(size + 1))
    #expect(log.output.contains(digest))
    let looks = try await stage.expect(0, "report", "access-log", "--json")
    #expect(looks.output.contains("export ndjson"))
    #expect(!FileManager.default.fileExists(atPath: path("all.ndjson.part")))
  }

  @Test("standard output has the same bytes as a file")
  func output() async throws {
    let size = try stage.size()
    let printed = try await stage.expect(0, "export", "csv")
    try await stage.expect(0, "export", "csv", "-o", path("all.csv"))
    let rows = printed.output.split(separator: "\r\n")
    #expect(rows.count == Int(size) + 1)
    #expect(try String(decoding: content("all.csv"), as: UTF8.self).hasPrefix(printed.output))
  }

  @Test("a named export goes on behind the last one, and nothing is doubled or left out")
  func sinceLast() async throws {
    let arguments = ["export", "ndjson", "--name", "siem", "--since-last", "-o"]
    var all: [String?] = []
    for number in 1...3 {
      let end = try await stage.run(arguments + [path("\(number).ndjson")])
      #expect(end.code == 0, "\(end.errors)")
      all += try positions("\(number).ndjson")
      try await stage.expect(0, "delivery", "hold", "user\(number)@contoso.example", "--reason", "x")
    }
    #expect(all == (1...all.count).map { String($0) })
    let again = try await stage.run(arguments + [path("3.ndjson")])
    #expect(again.code == 73 && again.errors.contains("PL-1009"))
    let other = try await stage.run(["export", "ndjson", "--name", "other", "--since-last", "-o", path("o.ndjson")])
    #expect(other.code == 0)
    #expect(try positions("o.ndjson").first == "1")
  }

  @Test("cut off before it is recorded it begins anew, cut off after that it is finished")
  func cutOff() async throws {
    let arguments = ["export", "ndjson", "--name", "siem", "--since-last", "-o"]
    try stage.write("1.ndjson.part", "half a line")
    #expect(try await stage.run(arguments + [path("1.ndjson")]).code == 0)
    let first = try content("1.ndjson")
    #expect(try positions("1.ndjson").first == "1")
    // As a crash between the record and the move leaves it.
    try FileManager.default.moveItem(atPath: path("1.ndjson"), toPath: path("1.ndjson.part"))
    let size = try stage.size()
    let finished = try await stage.run(arguments + [path("2.ndjson")])
    #expect(finished.code == 0 && finished.errors.contains("finished"))
    #expect(try content("1.ndjson") == first)
    #expect(try stage.size() == size)
    #expect(try await stage.run(arguments + [path("2.ndjson")]).code == 0)
    #expect(try positions("2.ndjson").first == "\(try positions("1.ndjson").count + 1)")
  }

  @Test("a recorded file that lies damaged beside its place is told of, with the events that it held")
  func damaged() async throws {
    let arguments = ["export", "ndjson", "--name", "siem", "--since-last", "-o"]
    #expect(try await stage.run(arguments + [path("1.ndjson")]).code == 0)
    let last = try positions("1.ndjson").count
    try FileManager.default.removeItem(atPath: path("1.ndjson"))
    try stage.write("1.ndjson.part", "half a line")
    let size = try stage.size()
    let other = try await stage.run(arguments + [path("2.ndjson")])
    #expect(other.code == 73 && other.errors.contains("events 1 to \(last)"), "\(other.errors)")
    #expect(try stage.size() == size)
    let same = try await stage.run(arguments + [path("1.ndjson")])
    #expect(same.code == 0 && same.errors.contains("events 1 to \(last)"), "\(same.errors)")
    #expect(try positions("1.ndjson").first == "\(last + 1)")
  }

  @Test("what exports that were cut off have left beside the file is told of, and nothing else")
  func left() async throws {
    for (name, mode) in [("old.csv.part", 0o600), ("foreign.part", 0o644)] {
      try stage.write(name, "half a line")
      try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path(name))
    }
    let first = try await stage.run(["export", "csv", "-o", path("new.csv")])
    #expect(first.code == 0 && first.errors.contains("old.csv.part"), "\(first.errors)")
    #expect(!first.errors.contains("foreign.part"))
    try FileManager.default.removeItem(atPath: path("old.csv.part"))
    let second = try await stage.run(["export", "csv", "-o", path("newer.csv")])
    #expect(second.code == 0 && !second.errors.contains(".part"), "\(second.errors)")
  }

  @Test("every format can be had, with and without names")
  func formats() async throws {
    let formats = [
      "ndjson", "csv", "cloudevents", "ocsf", "asim", "cef", "entra", "entra-csv", "entra-steps-csv",
      "entra-properties-csv", "sentinel", "vanta", "sqlite",
    ]
    for format in formats {
      for privacy in ["clear", "pseudonym", "none"] {
        let end = try await stage.run(["export", format, "--privacy", privacy])
        #expect(end.code == 0, "\(format) \(privacy): \(end.errors)")
        if privacy != "clear" { #expect(!end.output.contains("@contoso.example"), "\(format) \(privacy)") }
      }
    }
  }

  @Test(
    "what makes no sense is said",
    arguments: [
      ["xml"], ["csv", "--since-last"], ["csv", "--since-last", "--name", "a"], ["cef", "--bom"],
      ["csv", "--name", "a/b"], ["csv", "--json"],
      ["csv", "--name", "a", "--since-last", "--from", "today", "-o", "x"],
      ["vanta", "--from", "today"], ["sqlite", "--name", "a", "--since-last", "-o", "x"], ["csv", "--privacy", "some"],
    ])
  func usage(arguments: [String]) async throws {
    #expect(try await stage.run(["export"] + arguments).code == 64)
  }
}
