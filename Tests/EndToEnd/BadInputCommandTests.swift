import Foundation
import Testing

/// Bad input and bad commands through the process: exit code, one sentence, and nothing appended.
@Suite(.timeLimit(.minutes(3)))
struct BadInputCommandTests {
  private static let header = "id,userPrincipalName,accountEnabled,displayName\n"
  private static let user = #"{"id":"u1","userPrincipalName":"a@x.example","accountEnabled":true}"#

  /// A kind of bad input: the file's name and content, and the beginning of the sentence after the path.
  private static let kinds: [(name: String, bytes: [UInt8], code: String, line: Int?)] = [
    ("missing-column.csv", Array("userPrincipalName,displayName\na@x.example,A\n".utf8), "PL-0111", 1),
    (
      "doubled-column.csv", Array("id,userPrincipalName,accountEnabled,ID\nu1,a@x.example,True,u1\n".utf8), "PL-0111", 1
    ),
    ("short-row.csv", Array((header + "u1,a@x.example,True,A\nu2,b@x.example,True\n").utf8), "PL-0112", 3),
    ("quote.csv", Array((header + "u1,a@x.example,True,\"A\n").utf8), "PL-0113", 2),
    ("enabled.csv", Array((header + "u1,a@x.example,perhaps,A\n").utf8), "PL-0132", 2),
    ("twice.csv", Array((header + "u1,a@x.example,True,A\nu2,A@X.example,True,B\n").utf8), "PL-0133", 3),
    ("nobody.csv", Array(header.utf8), "PL-0134", nil),
    ("empty.csv", [], "PL-0103", nil),
    ("utf16.csv", [0xFF, 0xFE] + header.utf8.flatMap { [$0, 0] }, "PL-0104", nil),
    ("gzip.csv", [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 1, 2, 3], "PL-0104", nil),
    ("cut.json", Array(#"{"value":[\#(user),{"id":"u2","#.utf8), "PL-0121", 1),
    ("error.json", Array(#"{"error":{"code":"Forbidden","message":"no"}}"#.utf8), "PL-0122", nil),
    (
      "next.json",
      Array(#"{"@odata.nextLink":"https://graph.microsoft.com/v1.0/users?$skiptoken=2","value":[\#(user)]}"#.utf8),
      "PL-0123", nil
    ),
    ("deep.json", Array(repeating: UInt8(ascii: "["), count: 100_000), "PL-0122", 1),
    ("array.ndjson", Array((user + "\n[1]\n").utf8), "PL-0122", 2),
  ]

  @Test("Each kind of bad input: exit 65, one line with code, file and line, nothing on stdout, nothing appended")
  func inputs() async throws {
    let stage = try Stage()
    try await stage.initialize(target: "http://127.0.0.1:1/scim/v2")
    let size = try stage.size()
    for kind in Self.kinds {
      let file = try stage.write("bad/\(kind.name)", kind.bytes)
      let end = try await stage.expect(65, "import", file)
      let place = kind.line.map { "\(file), line \($0): " } ?? file
      #expect(end.errors.hasPrefix("\(kind.code): \(place)"), "\(kind.name): \(end.errors)")
      #expect(end.errors.count(where: { $0 == "\n" }) == 1, "\(kind.name): \(end.errors)")
      #expect(end.output.isEmpty, "\(kind.name)")
      #expect(try stage.size() == size, "\(kind.name)")
    }
    for path in ["/dev/null", "\(stage.folder)/not-there", "\(stage.folder)/runs/.."] {
      let end = try await stage.expect(65, "import", path)
      #expect(end.errors.hasPrefix("PL-01") && end.errors.contains(path), "\(end.errors)")
      #expect(end.errors.count(where: { $0 == "\n" }) == 1)
      #expect(try stage.size() == size)
    }
  }

  @Test("Bad commands: no ledger 78, a second init 73, an unknown option 64, an unknown user 1")
  func commands() async throws {
    let stage = try Stage()
    let file = try stage.write("users.csv", Export(count: 1).csv)
    let missing = try await stage.expect(78, "import", file)
    #expect(missing.errors.hasPrefix("PL-0601: ") && missing.errors.contains("provledger init"))
    #expect(!FileManager.default.fileExists(atPath: stage.ledgerFolder), "a refused import makes no folder")

    try await stage.initialize(target: "http://127.0.0.1:1/scim/v2")
    let twice = try await stage.expect(73, "init", "--token-file", stage.tokenFile)
    #expect(twice.errors.hasPrefix("PL-0602: "))
    let option = try await stage.expect(64, "import", file, "--no-such-option")
    #expect(option.errors.contains("--no-such-option") && option.output.isEmpty)
    let user = try await stage.expect(1, "why", "nobody@contoso.example")
    #expect(user.errors.hasPrefix("PL-1001: ") && user.output.isEmpty)
    #expect(try stage.size() == 0)

    try stage.configure("concurrency: 8", "concurrency: 0")
    let value = try await stage.expect(78, "import", file)
    #expect(value.errors.hasPrefix("PL-0204: ") && value.errors.contains("provledger.yaml"))
    let plain = try Stage()
    let url = try await plain.expect(78, "init", "--target", "http://example.com/scim/v2")
    #expect(url.errors.hasPrefix("PL-0701: "))
  }
}
