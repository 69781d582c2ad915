import Base
import EventLog
import Foundation
import Glibc
import Provisioning
import Testing

@testable import provledger

/// The human behind an act, as far as the machine tells.
@Suite(.timeLimit(.minutes(1)))
struct WhoDidItTests {
  @Test("what the kernel keeps of who signed in: a number with a name, one without, and nobody")
  func loginUser() throws {
    let stage = try Stage()
    func read(_ text: String) throws -> LoginUser? { LoginUser(file: try stage.write("loginuid", text)) }
    #expect(try read("0") == LoginUser(number: 0, name: "root"))
    #expect(try read("3999999999\n") == LoginUser(number: 3_999_999_999, name: nil))
    #expect(try read("4294967295") == nil && read("") == nil && read("root") == nil)
    #expect(LoginUser(file: "/nowhere/loginuid") == nil)
  }

  @Test("each act follows who did it: effective user, user of sudo, host, sealed; a change is told before the next act")
  func seen() async throws {
    let stage = try Stage()
    try await stage.initialize(target: "http://127.0.0.1:1/scim/v2")
    let path = try stage.write("users.csv", Export(count: 3).csv)
    for invoker in ["olga", "bob"] {
      let end = try await stage.run(["import", path], environment: ["SUDO_USER": invoker])
      #expect(end.code == 0)
    }
    let seen = try stage.events().compactMap { recorded, event -> OperatorIdentity? in
      guard case .operatorSeen(let seen) = event.payload else { return nil }
      for word in ["olga", "bob"] { #expect(!String(decoding: recorded.entry, as: UTF8.self).contains(word)) }
      return seen.identity
    }
    #expect(
      seen.map(\.invoker) == ["olga", "bob"] && seen.allSatisfy { $0.user == Int(geteuid()) && !$0.host.isEmpty })
    #expect(seen.allSatisfy { $0.loginUser == LoginUser.current?.number })
  }
}
