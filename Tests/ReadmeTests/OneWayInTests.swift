import Foundation
import Testing

/// Whoever writes to the log for somebody does it through Operations; only the worker's own room and the ledger's parts
/// append by themselves.
@Suite("One way in")
struct OneWayInTests {
  private static let mayAppend: Set<String> = [
    "EventLog", "Ledger", "Backup", "Operations", "Delivery", "Bench",
    // Its log is the list of the calls that the simulated TeamViewer took.
    "Simulators",
  ]

  @Test("no verb, and nothing that shows or examines, appends to the log by itself")
  func appends() throws {
    var appending: Set<String> = []
    for path in try Repository.files(under: "Sources") where path.hasSuffix(".swift") {
      let code = try Repository.text(path)
      if code.contains(#/\b(?:ledger|log|self)\.append(?:Large)?\(|ledger\.log\.append/#) {
        appending.insert(String(path.split(separator: "/")[1]))
      }
    }
    #expect(appending.subtracting(Self.mayAppend) == [])
    #expect(appending.contains("Operations"))
  }
}
