public import Base
import JSON
import Provisioning
public import SCIM

/// TeamViewer with all that can go wrong on the way: model and fault plan together. The HTTP simulator and the
/// in-process simulation run the same code.
public struct SimulatedTeamViewer: Sendable {
  /// TeamViewer itself.
  public var model: TeamViewerService
  /// What goes wrong.
  public var plan: FaultPlan
  /// How long an exchange takes when nothing goes wrong, in milliseconds.
  public var latency: ClosedRange<Int64>
  /// How long the caller waits for an answer, in milliseconds; only `exchange` looks at it.
  public var patience: Int64
  /// How often each fault was carried out.
  public private(set) var faults: [SimulatedFault.Kind: Int] = [:]

  /// A simulation.
  public init(
    model: TeamViewerService, plan: FaultPlan = FaultPlan(), latency: ClosedRange<Int64> = 0...0,
    patience: Int64 = 60_000
  ) {
    self.model = model
    self.plan = plan
    self.latency = latency
    self.patience = patience
  }

  /// What the server does on the wire.
  public enum Reaction: Equatable, Sendable {
    /// It answers.
    case answer(SCIMResponse)
    /// It begins this answer and closes the connection in the middle of the body.
    case cutOff(SCIMResponse)
    /// It resets the connection.
    case reset
    /// It keeps the connection and says nothing.
    case silence
    /// It does not listen.
    case refuse
  }

  /// A reaction, what caused it and when it comes.
  public struct Outcome: Equatable, Sendable {
    /// What the server does.
    public var reaction: Reaction
    /// The fault that was carried out, if any.
    public var fault: SimulatedFault?
    /// How many milliseconds after the request.
    public var latency: Int64
  }

  /// Carries a request out, with whatever the plan does to it.
  public mutating func react(to request: SCIMRequest, token: String?, now: Timestamp) -> Outcome {
    let fault = plan.decide(request, now: now)
    var latency = latency.lowerBound == latency.upperBound ? latency.lowerBound : plan.generator.number(in: latency)
    guard let fault, fault.suits(request) else {
      return Outcome(reaction: .answer(model.handle(request, token: token, now: now)), latency: latency)
    }
    faults[fault.kind, default: 0] += 1
    if fault.kind == .delay { latency += fault.milliseconds }
    let truth = fault.kind.takesEffect ? model.handle(request, token: token, now: now) : nil
    if let truth, fault.kind.isMisleading {
      return Outcome(reaction: .answer(mislead(fault.kind, truth, to: request)), fault: fault, latency: latency)
    }
    return Outcome(reaction: reaction(to: fault, truth, now), fault: fault, latency: latency)
  }

  /// The same as the caller sees it, with the milliseconds until then.
  public mutating func exchange(
    _ request: SCIMRequest, token: String?, now: Timestamp
  ) -> (exchange: Exchange, latency: Int64) {
    let outcome = react(to: request, token: token, now: now)
    if outcome.latency > patience { return (.failed(.timeout), patience) }
    switch outcome.reaction {
    case .answer(let response): return (.response(response), outcome.latency)
    case .cutOff: return (.failed(.truncated), outcome.latency)
    case .reset: return (.failed(.reset), outcome.latency)
    case .silence: return (.failed(.timeout), patience)
    case .refuse: return (.failed(.refused), outcome.latency)
    }
  }

  private func reaction(to fault: SimulatedFault, _ truth: SCIMResponse?, _ now: Timestamp) -> Reaction {
    let truth = truth ?? SCIMResponse(status: 500)
    switch fault.kind {
    case .delay: return .answer(truth)
    case .error500, .error500Applied: return .answer(serverError(500))
    case .error502: return .answer(serverError(502))
    case .error503: return .answer(serverError(503))
    case .tooManyRequests: return .answer(TeamViewerService.tooManyRequests(nil))
    case .tooManyRequestsSeconds:
      return .answer(TeamViewerService.tooManyRequests(.seconds(fault.retryAfterSeconds)))
    case .tooManyRequestsDate:
      // The form has whole seconds: rounded up, so that the date never lies before the span that was asked for.
      let date = now.milliseconds + fault.retryAfterSeconds * 1000 + 999
      return .answer(TeamViewerService.tooManyRequests(.date(milliseconds: date)))
    case .rateLimitReached: return .answer(TeamViewerService.rateLimitReached)
    case .unauthorized: return .answer(model.answer(to: .invalidToken))
    case .forbidden: return .answer(model.answer(to: .missingScope(.modifyUsers)))
    case .html200, .html200Applied: return .answer(Self.page(200))
    case .html502: return .answer(Self.page(502))
    case .cutJSON:
      var cut = truth
      cut.body.removeLast(cut.body.count - cut.body.count / 2)
      return .answer(cut)
    case .truncatedBody: return .cutOff(truth)
    case .resetBefore, .resetAfter: return .reset
    case .noAnswerBefore, .noAnswerAfter: return .silence
    case .refused: return .refuse
    case .retryAfterZero: return .answer(TeamViewerService.tooManyRequests(.seconds(0)))
    case .retryAfterLong: return .answer(TeamViewerService.tooManyRequests(.seconds(9_999_999_999)))
    case .unavailable:
      var answer = serverError(503)
      answer.headers["retry-after"] = RetryAfter.seconds(fault.retryAfterSeconds).text
      return .answer(answer)
    case .notFound: return .answer(model.answer(to: .notFound))
    case .otherAccount, .shortList, .repeatedEntries, .oddValues, .tooLong: return .answer(truth)
    }
  }

  private func serverError(_ status: Int) -> SCIMResponse {
    model.error(status, nil, "internal_error", "The request could not be carried out.")
  }

  private static func page(_ status: Int) -> SCIMResponse {
    SCIMResponse(
      status: status, headers: ["content-type": "text/html; charset=utf-8"],
      body: Array("<!DOCTYPE html><html><head><title>Gateway</title></head><body>Please sign in.</body></html>".utf8))
  }
}
