import Base
import Provisioning
import Testing

@Suite("Streams")
struct StreamTests {
  static let streams: [(Stream, String, String?)] = [
    (.user("a1"), "user/a1", "a1"), (.account("a1"), "account/a1", "a1"), (.cycle("c"), "cycle/c", nil),
    (.safeguard("s"), "safeguard/s", nil), (.target, "target", nil), (.configuration, "configuration", nil),
    (.operators, "operators", nil),
    (.export("siem"), "export/siem", nil), (.ledger, "ledger", nil), (.review("q4"), "review/q4", nil),
    (.user("a/b"), "user/a/b", "a/b"),
  ]

  @Test("a name leads back to its stream, and to the person it is about", arguments: streams)
  func names(stream: Provisioning.Stream, name: String, subject: String?) {
    #expect(stream.description == name)
    #expect(Stream(name) == stream)
    #expect(Event(stream, .quarantineLeft(QuarantineLeft(.probe))).subject == subject)
  }

  @Test(
    "other names are none", arguments: ["", "/", "user", "user/", "/a", "target/", "target/x", "users/a", "Target"])
  func unknown(name: String) { #expect(Stream(name) == nil) }
}
