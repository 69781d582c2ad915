import Base
import Testing

@testable import Ledger

@Suite("The section graph of the configuration")
struct GraphConfigurationTests {
  private func read(_ graph: String) throws -> GraphConfiguration? {
    let template = Configuration.template(origin: "o", url: "http://127.0.0.1:1", token: .environment("T"))
    let lines = template.split(separator: "\n", omittingEmptySubsequences: false)
    let start = try #require(lines.firstIndex(of: "graph:"))
    let end = try #require(lines[start...].firstIndex(of: "proxy:"))
    let yaml = (lines[..<start] + graph.split(separator: "\n") + lines[end...]).joined(separator: "\n")
    return try Configuration(yaml: yaml, file: "provledger.yaml").graph
  }

  @Test("the template names no tenant, and neither does a file without the section")
  func none() throws {
    let template = Configuration.template(origin: "o", url: "http://127.0.0.1:1", token: .environment("T"))
    #expect(try Configuration(yaml: template, file: "f").graph == nil)
    #expect(try read("") == nil)
  }

  @Test("a tenant with a secret, and Microsoft's worldwide addresses by default")
  func secret() throws {
    let graph = try #require(
      try read("graph:\n  tenant: contoso\n  client: app\n  credentials: {secret: {environment: S}}"))
    #expect(graph.proof == .secret(.environment("S")) && graph.servicePrincipal == "app" && graph.select == [])
    #expect(graph.url == "https://graph.microsoft.com/v1.0" && graph.authority == "https://login.microsoftonline.com")
  }

  static let ways: [(String, GraphConfiguration.Proof)] = [
    ("secret: {file: /s}", .secret(.file("/s"))), ("certificate: c.pem", .certificate("c.pem")),
    ("federatedTokenFile: /t", .federatedToken("/t")),
    ("managedIdentity: system", .managedIdentity(client: nil, endpoint: nil)),
    (
      "managedIdentity: u, identityEndpoint: 'http://127.0.0.1:1/x'",
      .managedIdentity(client: "u", endpoint: "http://127.0.0.1:1/x")
    ),
  ]

  @Test("each way to prove who the application is", arguments: ways)
  func proofs(text: String, proof: GraphConfiguration.Proof) throws {
    let graph = try read("graph:\n  tenant: t\n  client: c\n  credentials: {\(text)}\n  select: [department, x_y1]")
    #expect(graph?.proof == proof && graph?.select == ["department", "x_y1"])
  }

  static let wrong = [
    "  tenant: t\n  credentials: {certificate: c}", "  tenant: t\n  client: c",
    "  tenant: t\n  client: c\n  credentials: {certificate: c, managedIdentity: system}",
    "  tenant: t\n  client: c\n  credentials: {certificate: c}\n  select: [\"a,b\"]",
    "  tenant: t\n  client: c\n  credentials: {password: c}", "  tennant: t",
  ]

  @Test("what is missing, twice or unknown is named with its line", arguments: wrong)
  func refused(text: String) throws {
    let fault = #expect(throws: Fault.self) { try read("graph:\n\(text)") }
    #expect(fault?.code.exit == .configuration && fault?.place?.line != nil)
    #expect(fault?.sentence.contains("graph.") == true)
  }
}
