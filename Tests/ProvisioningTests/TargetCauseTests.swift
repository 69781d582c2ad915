import Base
import Provisioning
import Testing

@Suite("What is behind a call that did not get through") struct TargetCauseTests {
  private func finished(_ outcome: CallFinished.Outcome, _ status: Int?, _ error: String? = nil) -> CallFinished {
    CallFinished(
      call: 1, purpose: .change, operation: "PATCH /Users/{id}", outcome: outcome, status: status, error: error,
      milliseconds: 3)
  }

  @Test(
    "the word that the log keeps leads to one code, whatever the status says",
    arguments: [
      ("rate-limit", .targetRateLimited), ("html", .targetHTML), ("unreadable", .targetNotSCIM),
      ("malformed", .targetNotSCIM), ("too-large", .targetNotSCIM), ("encoding", .targetNotSCIM),
      ("short-list", .targetList), ("repeated-page", .targetList), ("pages-disagree", .targetList),
      ("list-too-long", .targetList), ("unreadable-list", .targetList), ("foreign-list", .targetList),
      ("name-resolution", .targetName), ("tls", .targetTLS),
      ("certificate", .targetTLS), ("proxy-name", .proxyUnreachable), ("proxy-unreachable", .proxyUnreachable),
      ("proxy-timeout", .proxyUnreachable), ("proxy-credentials", .proxyCredentials),
      ("proxy-refused", .proxyRefused), ("not-sent", .targetTokenMalformed),
    ] as [(String, FaultCode)])
  func words(word: String, code: FaultCode) {
    for status in [nil, 200, 401, 403, 500] { #expect(FaultCode.target(error: word, status: status) == code) }
  }

  @Test(
    "without such a word the status leads to it, and without an answer nobody was reached",
    arguments: [
      (401, .targetToken), (403, .targetPermission), (429, .targetRateLimited), (408, .targetFault),
      (500, .targetFault), (503, .targetFault), (599, .targetFault), (404, .targetNotSCIM), (301, .targetNotSCIM),
      (nil, .targetUnreachable),
    ] as [(Int?, FaultCode)])
  func statuses(status: Int?, code: FaultCode) {
    for word in [nil, "timeout", "a word of a later program"] {
      #expect(FaultCode.target(error: word, status: status) == code)
    }
  }

  @Test("a quarantine has the code of what it is for, and a line shows code and meaning") func quarantines() {
    let codes = [QuarantineEntered.Reason.credentials, .insufficientRights, .notSCIM].map {
      FaultCode.target(QuarantineEntered($0, status: 401, operation: "GET /Users"))
    }
    #expect(codes == [.targetToken, .targetPermission, .targetNotSCIM])
    #expect(FaultCode.targetToken.words == "PL-0703 the target refuses the token")
  }

  @Test("a refusal got through unless it is one of pace or of credentials; what failed or is unknown did not")
  func gotThrough() {
    for done in [finished(.done, 200), finished(.notFound, 404), finished(.refused, 400), finished(.refused, 403)] {
      #expect(done.gotThrough)
    }
    for lost in [
      finished(.refused, 429, "rate-limit"), finished(.refused, 401), finished(.failed, 500),
      finished(.failed, nil, "timeout"), finished(.unknown, 200, "unreadable"),
    ] {
      #expect(!lost.gotThrough)
    }
  }
}
