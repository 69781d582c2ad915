public import Base
public import Provisioning
public import SCIM

/// One SCIM call that the machine wants sent.
public struct Call: Equatable, Sendable {
  /// The call's number in this run of the machine; an answer names it.
  public var id: Int
  /// What it is for.
  public var purpose: CallPurpose
  /// The alias of the person that it is about; nil for calls about the target as a whole.
  public var person: String?
  /// The request.
  public var request: SCIMRequest
  /// The attributes that a write carries.
  public var carried: [AccountAttribute] = []
  /// When it was handed out.
  public var sent: Timestamp
  /// How many of the events that this machine has given out must be in the log before it leaves.
  public var after = 0

  /// A call.
  public init(id: Int, purpose: CallPurpose, person: String?, request: SCIMRequest, sent: Timestamp) {
    self.id = id
    self.purpose = purpose
    self.person = person
    self.request = request
    self.sent = sent
  }

  /// The method and path template, as the log records it.
  public var operation: String { request.operation }

  /// True when an account may be the one that was asked for: where the request names an id, it is that one.
  func isAbout(_ account: RemoteAccount) -> Bool {
    request.method == .post || SCIMRequest.getUser(account.id).path == request.path
  }

  /// How long it took until its answer; zero where the clock was set back meanwhile.
  func duration(until now: Timestamp) -> Duration { max(.zero, now - sent) }
}

/// What an exchange means for the machine (the article Deliveries, "What follows from an answer").
public enum Answer: Equatable, Sendable {
  /// A readable 2xx with an account in it.
  case account(RemoteAccount, status: Int)
  /// A 2xx without a body, which RFC 7644 allows for a PATCH.
  case accepted(status: Int)
  /// A readable page of accounts.
  case page(AccountPage, status: Int)
  /// A 2xx about another account than was asked for: what became of a write nobody knows.
  case unfit(status: Int)
  /// 401.
  case unauthorized
  /// 403 that is not about pace.
  case forbidden(detail: String?)
  /// 429, or 403 `rate_limit_reached`.
  case tooFast(RetryAfter?, status: Int)
  /// 404 with a body that is no web page.
  case notFound
  /// 409, or 400 `email_in_use`.
  case addressTaken(status: Int, detail: String?)
  /// 405 or 501 to a PATCH: the target does not know the method.
  case unsupported(status: Int)
  /// Any other 4xx.
  case rejected(status: Int, detail: String?)
  /// 5xx, no whole answer, a web page instead of JSON, a 2xx that cannot be read; the label is safe for logs.
  case fault(label: String, status: Int?, mayHaveArrived: Bool)

  /// Reads what came of a call.
  public init(_ exchange: Exchange, to call: Call) {
    switch exchange {
    case .failed(let failure):
      self = .fault(label: failure.label, status: nil, mayHaveArrived: failure.mayHaveArrived)
    case .response(let response) where response.isSuccess: self = Answer.success(response, to: call)
    case .response(let response)
    where call.request.method == .patch && [405, 501].contains(response.status) && !response.isHTML:
      self = .unsupported(status: response.status)
    case .response(let response): self = Answer.refusal(response)
    }
  }

  private static func success(_ response: SCIMResponse, to call: Call) -> Answer {
    let wantsPage = call.request.method == .get && call.request.path == "/Users"
    if response.body.isEmpty, call.purpose == .change { return .accepted(status: response.status) }
    guard let json = response.json else {
      return .fault(label: response.isHTML ? "html" : "unreadable", status: response.status, mayHaveArrived: true)
    }
    if wantsPage, let page = (try? ListResponse(json)).map(AccountPage.init) {
      // Who has an address is not answered by what nobody can read; in a list it is a stranger.
      let isAnswered = call.request.parameter("filter") == nil || !page.isUnreadable
      if isAnswered { return .page(page, status: response.status) }
    }
    if !wantsPage, let account = try? RemoteAccount(shown: json) {
      return call.isAbout(account) ? .account(account, status: response.status) : .unfit(status: response.status)
    }
    return .fault(label: "unreadable", status: response.status, mayHaveArrived: true)
  }

  private static func refusal(_ response: SCIMResponse) -> Answer {
    let status = response.status
    if status == 401 { return .unauthorized }
    if response.isRateLimited { return .tooFast(response.retryAfter, status: status) }
    if response.isHTML || !(400..<500).contains(status) || status == 408 {
      return .fault(label: response.isHTML ? "html" : "http-\(status)", status: status, mayHaveArrived: true)
    }
    let detail = response.detail
    if status == 403 { return .forbidden(detail: detail) }
    if status == 404 { return .notFound }
    if response.isAddressTaken { return .addressTaken(status: status, detail: detail) }
    return .rejected(status: status, detail: detail)
  }
}

extension SCIMRequest {
  /// The method and path template, as the log records it.
  var operation: String { "\(method.rawValue.uppercased()) \(pathTemplate)" }
}

extension SCIMResponse {
  /// What the error's body says in words, cut to 1,024 bytes.
  fileprivate var detail: String? {
    switch errorBody {
    case .scim(let error): error.detail.map { $0.bounded(1024) }
    case .webAPI(let error): (error.description ?? error.error).bounded(1024)
    case .other: nil
    }
  }
}
