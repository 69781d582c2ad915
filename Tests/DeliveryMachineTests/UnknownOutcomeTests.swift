import Base
import DeliveryMachine
import Provisioning
import SCIM
import Testing

/// Every failure that leaves the outcome of a call unknown, at every step of every kind of call: afterwards there is no
/// second create, no needless write, and the right end.
@Suite("Unknown outcomes")
struct UnknownOutcomeTests {
  enum Failing: String, CaseIterable {
    case replyLost, resetBefore, resetAfter, timeoutBefore, timeoutAfter, unreadable, html, htmlAfter, cut, busy
    case killedBefore, killedAfter

    /// True when TeamViewer did what it was asked all the same.
    var takesEffect: Bool {
      [.replyLost, .resetAfter, .timeoutAfter, .unreadable, .htmlAfter, .cut, .killedAfter].contains(self)
    }

    var isKill: Bool { self == .killedBefore || self == .killedAfter }

    /// What arrives in place of the answer.
    var exchange: Exchange {
      switch self {
      case .replyLost, .cut: .failed(.truncated)
      case .resetBefore, .resetAfter: .failed(.reset)
      case .timeoutBefore, .timeoutAfter, .killedBefore, .killedAfter: .failed(.timeout)
      case .unreadable: .response(SCIMResponse(status: 200, headers: [:], body: Array("{\"id\":".utf8)))
      case .html, .htmlAfter: .html
      case .busy: .status(503)
      }
    }
  }

  /// A life in which a kind of call occurs.
  enum Scene: String, CaseIterable {
    case create, change, put, disable, verify, list, readBackOfCreate, readBackOfChange

    var purpose: CallPurpose {
      switch self {
      case .create: .create
      case .change, .put, .disable: .change
      case .verify: .verify
      case .list: .list
      case .readBackOfCreate, .readBackOfChange: .readBack
      }
    }

    var isLinked: Bool { ![.create, .list, .readBackOfCreate].contains(self) }
    var isActive: Bool { ![.disable, .verify].contains(self) }
    /// The write whose answer is lost, so that a read-back is needed at all.
    var losesWrite: Bool { self == .readBackOfCreate || self == .readBackOfChange }
  }

  static let table = Scene.allCases.flatMap { scene in Failing.allCases.map { (scene, $0) } }

  @Test("no second create, no needless write, the right end", arguments: table)
  func outcome(scene: Scene, failing: Failing) throws {
    var settings = DeliverySettings()
    settings.update = scene == .put ? .put : .patch
    var play = Play([.number(1, active: scene.isActive, isLinked: scene.isLinked)], settings: settings)
    if scene.isLinked {
      play.target.accounts = [
        RemoteAccount(id: "u1", userName: "p1@contoso.com", displayName: "Old 1", active: true)
      ]
    }
    var isLost = !scene.losesWrite
    var hasFailed = false
    play.meddle = { target, call in
      if !isLost, call.purpose.isWrite {
        isLost = true
        _ = target.answer(call.request)
        return .failed(.reset)
      }
      guard !hasFailed, call.purpose == scene.purpose else { return nil }
      hasFailed = true
      if failing.takesEffect { _ = target.answer(call.request) }
      return failing.exchange
    }
    play.start()
    var isKilled = false
    for _ in 0..<200 where !play.machine.isIdle {
      if hasFailed, failing.isKill, !isKilled {
        isKilled = true
        play.start()
      } else {
        play.step()
      }
    }
    #expect(hasFailed)
    #expect(play.machine.isIdle)
    let account = try #require(play.target.accounts.first)
    #expect(play.target.accounts.count == 1)
    #expect(account.active == scene.isActive)
    if scene.isActive { #expect(account.displayName == "New 1") }
    #expect(play.target.idleWrites == 0)
    let writes = play.sent.filter(\.purpose.isWrite).count
    let isRepeated = scene.purpose.isWrite && !failing.takesEffect
    #expect(writes == (isRepeated ? 2 : 1))
    #expect(play.target.creates <= 1)
    let person = try #require(play.people["p1"])
    #expect(!person.isPending && person.account.unanswered == nil && person.account.parked == nil)
    #expect(scene.isActive || person.account.isVerified)
    #expect(person.account.believed == account)
    #expect(play.machine.allPeople.first?.account == person.account)
  }
}
