import Base
import Foundation
import NetworkSupport
import Testing

@Suite("The service manager is told")
struct ServiceNotifierTests {
  private static func name(_ isAbstract: Bool) -> String {
    let id = UUID().uuidString.prefix(13)
    return isAbstract ? "@provledger-\(id)" : FileManager.default.temporaryDirectory.appending(path: "n-\(id)").path
  }

  @Test("at a path and at an abstract name, a datagram a message, each of one line", arguments: [false, true])
  func tell(isAbstract: Bool) throws {
    let name = Self.name(isAbstract)
    defer { try? FileManager.default.removeItem(atPath: name) }
    let manager = try #require(NotifySocket(name))
    let notifier = try #require(ServiceNotifier(environment: ["NOTIFY_SOCKET": name]))
    notifier.ready()
    notifier.status("12 delivered\nREADY=0")
    notifier.alive()
    notifier.stopping()
    #expect(manager.messages == ["READY=1", "STATUS=12 delivered READY=0", "WATCHDOG=1", "STOPPING=1"])
    #expect(notifier.watchdog == nil)
  }

  @Test("no manager, or a name that can be none, is no error; neither is one that went away")
  func nobody() {
    #expect(ServiceNotifier(environment: [:]) == nil)
    for name in ["", "@", "relative", "/" + String(repeating: "x", count: 200)] {
      #expect(ServiceNotifier(environment: ["NOTIFY_SOCKET": name]) == nil)
    }
    ServiceNotifier(environment: ["NOTIFY_SOCKET": "/nowhere/at/all"])?.ready()
  }

  @Test("the watchdog's span counts for this process only")
  func watchdog() {
    func span(_ more: [String: String]) -> Duration? {
      ServiceNotifier(environment: ["NOTIFY_SOCKET": "/n"].merging(more) { $1 })?.watchdog
    }
    #expect(span(["WATCHDOG_USEC": "3000000"]) == .seconds(3))
    let own = "\(ProcessInfo.processInfo.processIdentifier)"
    #expect(span(["WATCHDOG_USEC": "3000000", "WATCHDOG_PID": own]) == .seconds(3))
    #expect(span(["WATCHDOG_USEC": "3000000", "WATCHDOG_PID": "1"]) == nil)
    #expect(span(["WATCHDOG_USEC": "0"]) == nil && span(["WATCHDOG_USEC": "soon"]) == nil)
  }
}
