import Base
import Foundation
import JSON
import Ledger
import Provisioning
import TestSupport
import Testing

@testable import Doctor
@testable import MicrosoftGraph
@testable import TeamViewer

/// Where people are read from is looked at as `source test` does.
@Suite("doctor: Entra ID and cycles")
struct GraphFindingTests {
  private let place: TestLedger

  init() throws {
    place = try TestLedger(isEmpty: true)
    try place.create(token: .file(place.write("token", "tk-1\n")))
    for (piece, other) in [
      ("tenant: \"\"", "tenant: contoso"), ("client: \"\"", "client: app"),
      ("certificate: \"\"", "certificate: graph.pem"),
    ] { try place.reconfigure(piece, with: other) }
    for name in try FileManager.default.contentsOfDirectory(atPath: place.folder) {
      try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: "\(place.folder)/\(name)")
    }
  }

  private func findings(_ test: @escaping @Sendable () throws -> SourceTest) async -> [Finding] {
    let clock = place.clock
    var surroundings = Surroundings(
      freeBytes: { _ in 100 << 30 }, fileSystem: { _ in "ext4" }, synchronising: { _ in .milliseconds(1) },
      now: clock.read
    ) { _, _, _, _ in Surroundings.Probe(test: TargetTest(steps: [], diagnosis: nil, owner: nil), date: clock.moment) }
    surroundings.graph = { configuration, _ in
      #expect(configuration.graph?.tenant == "contoso")
      return try test()
    }
    return await Examination(folder: place.folder, surroundings: surroundings).examine()
  }

  private func bad(_ findings: [Finding]) -> [String] { findings.filter { $0.severity > .notice }.map(\.code) }

  @Test("a tenant that can be read is as it should be; a credential that ends soon is worth a word")
  func reads() async throws {
    let good = await findings { SourceTest() }
    #expect(bad(good) == [] && good.contains { $0.code == "graph" })
    #expect(good.first { $0.code == "worker-missing" }?.remedy == "Start `provledger serve`.")
    let end = place.clock.moment + .seconds(10 * 86_400)
    let ending = await findings {
      var test = SourceTest()
      test.keys = [try #require(ApplicationKey(.certificate, ["endDateTime": .string(end.description)]))]
      return test
    }
    #expect(bad(ending) == ["graph-credential-ending"])
    #expect(ending.last?.facts["end"]?.string == end.description)
  }

  static let words: [(FaultCode, String)] = [
    (.graphConsent, "graph-consent-missing"), (.graphSecretExpired, "graph-secret-expired"),
    (.graphUnreachable, "graph-unreachable"), (.graphThrottled, "graph-throttled"),
  ]

  @Test("what is wrong with it has a word of its own, and the way out", arguments: words)
  func faults(code: FaultCode, word: String) async throws {
    let findings = await findings {
      var test = SourceTest()
      test.diagnosis = Fault(code, "It is so; do something.")
      return test
    }
    #expect(bad(findings) == [word])
  }
}
