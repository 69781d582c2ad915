import Base
import Foundation
import TestSupport
import Testing

@testable import Ledger

@Suite("The proxy that configuration and environment name")
struct ProxyConfigurationTests {
  private func configuration(_ yaml: String) throws -> ProxyConfiguration {
    try Configuration(yaml: "origin: o\ntarget: {url: u, token: {file: t}}\nproxy: \(yaml)\n", file: "f").proxy
  }

  private func proxy(
    _ yaml: String, to host: String = "scim.example", _ environment: [String: String] = [:]
  ) throws -> String? {
    try configuration(yaml).proxy(to: host, port: 443, environment: environment)?.description
  }

  private static let both = ["HTTPS_PROXY": "http://upper:1", "https_proxy": "http://lower:2"]

  @Test("the environment names it, in lower case first, and an empty variable does not")
  func environment() throws {
    #expect(try proxy("{}", ["HTTPS_PROXY": "http://upper:1"]) == "http://upper:1")
    #expect(try proxy("{}", Self.both) == "http://lower:2")
    #expect(try proxy("{}", ["HTTPS_PROXY": "http://upper:1", "https_proxy": ""]) == "http://upper:1")
    #expect(try proxy("{}", ["HTTPS_PROXY": " "]) == nil)
    #expect(try proxy("{}") == nil)
  }

  @Test("what the configuration names goes before, none included")
  func configurationFirst() throws {
    #expect(try proxy("{url: \"http://own:3\"}", Self.both) == "http://own:3")
    #expect(try proxy("{url: none}", Self.both) == nil)
  }

  @Test("HTTP_PROXY is for plain http, which goes to this machine alone, and never through a proxy")
  func plain() throws {
    #expect(try proxy("{}", ["HTTP_PROXY": "http://plain:1", "http_proxy": "http://plain:1"]) == nil)
    let found = try configuration("{}")
    #expect(found.isNamedForPlainOnly(environment: ["http_proxy": "http://plain:1"]))
    #expect(
      !found.isNamedForPlainOnly(environment: Self.both) && !found.isNamedForPlainOnly(environment: [:])
    )
  }

  @Test("this machine is never reached through one", arguments: ["localhost", "127.0.0.1", "[::1]"])
  func loopback(host: String) throws {
    #expect(try proxy("{url: \"http://own:3\"}", to: host, Self.both) == nil)
  }

  @Test("NO_PROXY counts unless the configuration has a list of its own")
  func exceptions() throws {
    var environment = Self.both
    environment["NO_PROXY"] = "a.example, .example"
    #expect(try proxy("{}", environment) == nil)
    #expect(try proxy("{url: \"http://own:3\"}", environment) == nil)
    #expect(try proxy("{noProxy: [other.test]}", environment) == "http://lower:2")
    #expect(try proxy("{noProxy: [\"*\"]}", Self.both) == nil)
    environment["no_proxy"] = "other.test"
    #expect(try proxy("{}", environment) == "http://lower:2")
  }

  @Test("a variable that names no proxy is told, without what is in it")
  func wrongVariable() throws {
    let found = fault { _ = try proxy("{}", ["HTTPS_PROXY": "https://ann:secret@proxy:1"]) }
    #expect(found?.code == .proxyURL && found?.sentence.contains("HTTPS_PROXY") == true)
    #expect(found?.sentence.contains("secret") == false)
    // Nobody asks for it.
    #expect(try proxy("{url: none}", ["HTTPS_PROXY": "https://proxy:1"]) == nil)
  }

  static let table = [
    ("{url: \"ftp://x:1\"}", FaultCode.configurationValue, "proxy.url"),
    ("{url: proxy}", .configurationValue, "proxy.url"),
    ("{url: \"http://ann:secret@proxy:1\"}", .configurationValue, "password"),
    ("{url: [a]}", .configurationValue, "proxy.url"), ("{noProxy: a}", .configurationValue, "proxy.noProxy"),
    ("{noproxy: []}", .configurationKey, "proxy.noproxy"),
    ("{credentials: secret}", .configurationValue, "proxy.credentials"),
    ("{credentials: {file: a, environment: B}}", .configurationValue, "proxy.credentials"),
    ("{credentials: {user: a}}", .configurationKey, "proxy.credentials.user"),
  ]

  @Test("what is wrong is named with its line, and a password is not repeated", arguments: table)
  func wrong(yaml: String, code: FaultCode, names: String) {
    let found = fault { _ = try configuration(yaml) }
    #expect(found?.code == code && found?.place?.line == 3, "\(String(describing: found))")
    #expect(found?.sentence.contains(names) == true && found?.sentence.contains("secret") == false)
  }

  // MARK: Credentials

  private func credentials(_ source: String) throws -> Proxy.Credentials? {
    try configuration("{url: \"http://own:3\", credentials: \(source)}").proxy(to: "h", port: 1, environment: [:])?
      .credentials
  }

  @Test("credentials come from a file or a variable, which go before those of a URL")
  func credentialsFound() throws {
    let place = try TestLedger(isEmpty: true)
    let path = try place.write("credentials", "\u{FEFF}ann:p@ss wörd\r\n")
    #expect(try credentials("{file: \"\(path)\"}") == Proxy.Credentials("ann:p@ss wörd"))
    let found = try configuration("{credentials: {file: \"\(path)\"}}")
    let proxy = try found.proxy(to: "h", port: 1, environment: ["HTTPS_PROXY": "http://bob:x@own:3"])
    #expect(proxy?.credentials?.user == "ann")
    let own = try configuration("{}").proxy(to: "h", port: 1, environment: ["HTTPS_PROXY": "http://bob:x@own:3"])
    #expect(own?.credentials == Proxy.Credentials("bob:x") && own?.description == "http://own:3")
  }

  @Test("credentials that are not there, or none, are told", arguments: ["missing", "empty", "word", "lines"])
  func credentialsMissing(name: String) throws {
    let place = try TestLedger(isEmpty: true)
    try place.write("empty", "\n")
    try place.write("word", "secret")
    try place.write("lines", "ann:secret\nbob:secret\n")
    let path = "\(place.root)/\(name)"
    let found = fault { _ = try credentials("{file: \"\(path)\"}") }
    #expect(found?.code == .proxyCredentialsMissing && found?.sentence.contains(path) == true)
    #expect(found?.sentence.contains("secret") == false)
    let variable = fault { _ = try credentials("{environment: PROVLEDGER_NO_SUCH_VARIABLE}") }
    #expect(variable?.sentence.contains("PROVLEDGER_NO_SUCH_VARIABLE") == true)
  }

  @Test("the route of a target: proxy and certificates, seen from the ledger's folder")
  func route() throws {
    func route(_ certificates: String) throws -> Route {
      let yaml =
        "origin: o\ntarget: {url: u, token: {file: t}, certificates: \"\(certificates)\"}\nproxy: {url: \"http://own:3\"}\n"
      return try Configuration(yaml: yaml, file: "f").route(to: "scim.example", port: 443, folder: "/ledger")
    }
    #expect(try route("") == Route(proxy: Proxy("own:3")))
    #expect(try route("a.pem").certificates == "/ledger/a.pem")
    #expect(try route("/etc/a.pem").certificates == "/etc/a.pem")
  }
}
