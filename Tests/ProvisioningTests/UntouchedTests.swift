import Base
import JSON
import Testing

@testable import Provisioning

@Suite("Whom a plan leaves as they are") struct UntouchedTests {
  private typealias Left = Untouched<RestorePlan.Reason>

  @Test("what is written is read back, with a name and without") func roundTrip() {
    for reason in RestorePlan.Reason.allCases {
      for name in ["ada@example.org", nil] {
        let left = Left(alias: "a", name: name, reason: reason)
        #expect(Left(left.json) == left)
      }
    }
    #expect(Left(alias: "a", name: nil, reason: .created).json == ["reason": "created", "alias": "a"])
  }

  @Test(
    "what lacks the alias, or has a reason of another kind of plan, is none",
    arguments: [
      ["reason": "created"], ["alias": "a"], ["alias": 1, "reason": "created"], ["alias": "a", "reason": "ambiguous"],
      "a", .null,
    ] as [JSONValue])
  func refused(json: JSONValue) { #expect(Left(json) == nil) }

  @Test("names stand by their reasons, in the reasons' order, and an alias where there is no name") func names() {
    let left = [
      Left(alias: "c", name: nil, reason: .detached), Left(alias: "a", name: "ada@example.org", reason: .created),
      Left(alias: "b", name: "bob@example.org", reason: .created),
    ]
    let names = left.names()
    #expect(names.map(\.reason) == [.created, .detached])
    #expect(names.map(\.names) == [["ada@example.org", "bob@example.org"], ["c"]])
    #expect([Left]().names().isEmpty)
  }
}
