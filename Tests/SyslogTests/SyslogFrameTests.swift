import Base
import Testing

@testable import Syslog

@Suite("Syslog messages and where they go")
struct SyslogFrameTests {
  @Test("a frame counts octets, not characters")
  func octets() {
    let frame = SyslogFrame(
      severity: 6, time: Timestamp(milliseconds: 1_767_323_045_678), host: "h\u{e4} ost", text: "CEF:0|Zo\u{eb}")
    #expect(
      String(decoding: frame.bytes, as: UTF8.self)
        == "64 <110>1 2026-01-02T03:04:05.678Z host provledger - - - CEF:0|Zo\u{eb}")
    let nameless = SyslogFrame(severity: 1, time: Timestamp(milliseconds: 0), host: "", text: "x")
    #expect(
      String(decoding: nameless.bytes, as: UTF8.self) == "52 <105>1 1970-01-01T00:00:00.000Z - provledger - - - x")
  }

  @Test(
    "a destination is a scheme, a host and perhaps a port",
    arguments: [
      ("tls://siem.example", "tls://siem.example:6514"), ("tcp://127.0.0.1:5514", "tcp://127.0.0.1:5514"),
      ("tcp://[::1]", "tcp://[::1]:601"),
    ])
  func destinations(text: String, whole: String) throws {
    #expect(try #require(SyslogDestination(text)).description == whole)
  }

  @Test(
    "nothing leaves the machine on the way to itself, and to no name that only looks like it",
    arguments: [
      ("tcp://localhost", true), ("tcp://LOCALHOST:601", true), ("tcp://[::1]", true), ("tcp://127.9.9.9:1", true),
      ("tcp://127.0.0.1.example.com:601", false), ("tcp://127.example", false), ("tcp://0127.0.0.1", false),
      ("tcp://[::2]", false),
    ])
  func loopback(text: String, isLoopback: Bool) throws {
    #expect(try #require(SyslogDestination(text)).isLoopback == isLoopback)
  }

  @Test(
    "other texts are none",
    arguments: [
      "", "siem.example", "udp://siem.example", "tls://", "tls://a:0", "tls://a/path", "tls://u@a", "tls://a?b",
    ])
  func none(text: String) { #expect(SyslogDestination(text) == nil) }
}
