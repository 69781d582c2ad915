import Base
import Testing

@Suite("Proxies and who is reached without")
struct ProxyTests {
  static let urls: [(String, String, Proxy.Credentials?)] = [
    ("http://proxy.example:3128", "http://proxy.example:3128", nil),
    ("proxy.example:3128", "http://proxy.example:3128", nil),
    ("HTTP://10.0.0.1:8080/", "http://10.0.0.1:8080", nil),
    ("http://[2001:db8::1]:3128", "http://[2001:db8::1]:3128", nil),
    ("http://ann:secret@proxy.example:1", "http://proxy.example:1", Proxy.Credentials("ann:secret")),
    ("http://ann:p%40ss%3Aw%C3%B6rd@proxy.example:1", "http://proxy.example:1", Proxy.Credentials("ann:p@ss:wörd")),
    ("ann:a@b@proxy.example:1", "http://proxy.example:1", Proxy.Credentials("ann:a@b")),
    ("ann:@proxy.example:1", "http://proxy.example:1", Proxy.Credentials("ann:")),
  ]

  @Test("a proxy is read from a URL, and shown without its credentials", arguments: urls)
  func reads(text: String, shown: String, credentials: Proxy.Credentials?) throws {
    let proxy = try Proxy(text)
    #expect(proxy.description == shown && proxy.credentials == credentials)
  }

  static let refused = [
    "", "proxy.example", "http://proxy.example", "https://proxy.example:443", "socks5://proxy.example:1080",
    "http://proxy.example:0", "http://proxy.example:65536", "http://proxy.example:x", "http://:3128", "http://a b:3128",
    "http://proxy.example:3128/path", "http://secret@proxy.example:1", "http://:secret@proxy.example:1",
    "http://ann:se%zzcret@proxy.example:1", "http://ann:secret%0A@proxy.example:1", "http://[::1:3128",
  ]

  @Test("what names no such proxy is refused, and a password is not repeated", arguments: refused)
  func refuses(text: String) {
    let objection = #expect(throws: Proxy.Objection.self) { try Proxy(text) }
    #expect(objection?.description.isEmpty == false && objection?.description.contains("secret") == false)
  }

  struct Rule: Sendable, CustomTestStringConvertible {
    var list: String
    var host: String
    var port: Int
    var covers: Bool

    var testDescription: String { "\(list) \(covers ? "covers" : "does not cover") \(host):\(port)" }

    init(_ list: String, _ host: String, _ covers: Bool) { self.init(list, host, 443, covers) }

    init(_ list: String, _ host: String, _ port: Int, _ covers: Bool) {
      (self.list, self.host, self.port, self.covers) = (list, host, port, covers)
    }
  }

  static let rules = [
    Rule("", "a.example", false), Rule("*", "a.example", true), Rule("*", "192.0.2.1", true),
    Rule("a.example", "a.example", true), Rule("a.example", "A.EXAMPLE.", true), Rule("A.Example", "a.example", true),
    Rule("example", "a.example", true), Rule("example", "anexample", false), Rule("a.example", "b.a.example", true),
    Rule("a.example", "ba.example", false), Rule(".example", "a.example", true), Rule(".example", "example", true),
    Rule("*.example", "a.example", true), Rule("b.example", "example", false),
    Rule("x, a.example", "a.example", true), Rule("x a.example\ty", "a.example", true),
    Rule("a.example:443", "a.example", true), Rule("a.example:8443", "a.example", false),
    Rule("a.example:8443", "a.example", 8443, true), Rule(".example:443", "a.example", true),
    Rule("192.0.2.1", "192.0.2.1", true), Rule("192.0.2.1", "192.0.2.10", false), Rule("2.1", "192.0.2.1", false),
    Rule("192.0.2.1:8443", "192.0.2.1", false), Rule("192.0.2.0/24", "192.0.2.255", true),
    Rule("192.0.2.0/24", "192.0.3.0", false), Rule("192.0.2.128/25", "192.0.2.127", false),
    Rule("0.0.0.0/0", "192.0.2.1", true), Rule("0.0.0.0/0", "a.example", false),
    Rule("0.0.0.0/0", "2001:db8::1", false),
    Rule("192.0.2.0/33", "192.0.2.1", false), Rule("192.0.2.0/x", "192.0.2.1", false),
    Rule("2001:db8::1", "[2001:DB8:0::1]", true), Rule("[2001:db8::1]:443", "[2001:db8::1]", true),
    Rule("2001:db8::/32", "2001:db8:ffff::9", true), Rule("2001:db8::/32", "2001:db9::9", false),
    Rule(",,.,:443", "a.example", false), Rule("-", "a.example", false),
  ]

  @Test("the usual rules of NO_PROXY", arguments: rules)
  func covers(rule: Rule) {
    #expect(NoProxy(rule.list).covers(rule.host, port: rule.port) == rule.covers)
  }

  @Test("the machine itself", arguments: ["localhost", "LOCALHOST", "127.0.0.1", "127.9.9.9", "::1", "[::1]"])
  func loopback(host: String) { #expect(Loopback.contains(host)) }

  @Test(
    "other machines",
    arguments: [
      "localhost.example", "127.0.0.1.example", "0.0.0.0", "127.1", "::2", "10.0.0.1", "0127.0.0.1", "+127.0.0.1",
      "127.0.0.01", "",
    ])
  func others(host: String) { #expect(!Loopback.contains(host)) }
}
