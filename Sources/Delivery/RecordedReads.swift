import Base
import DeliveryMachine
import Ledger
import Provisioning
import SCIM
import TeamViewer

/// Reads of the target beside the machine's. What leaves for a ledger's target is in its log, whoever sends it.
struct RecordedReads: Sendable {
  let ledger: Ledger
  let target: TargetConnection
  /// Who reads.
  let actor: Actor

  /// Reads who owns the token: a probe like the machine's.
  func owner() async throws -> Exchange {
    let began = ledger.clock()
    let exchange = await target.get(TargetTest.ownerRoute)
    var finished = CallFinished(
      call: 0, purpose: .probe, operation: "GET \(TargetTest.ownerRoute)", outcome: .done, status: nil,
      milliseconds: milliseconds(since: began))
    switch exchange {
    case .failed(let failure): (finished.outcome, finished.error) = (.failed, failure.label)
    case .response(let response):
      finished.status = response.status
      if response.isRateLimited {
        (finished.outcome, finished.error) = (.refused, "rate-limit")
      } else if response.isHTML || response.status >= 500 {
        (finished.outcome, finished.error) = (.failed, response.isHTML ? "html" : "http-\(response.status)")
      } else if !response.isSuccess {
        finished.outcome = .refused
      }
    }
    try await record(finished)
    return exchange
  }

  /// All accounts; nil when one of the pages fails, or when there are fewer than TeamViewer says.
  func list() async throws -> [RemoteAccount]? {
    var accounts: [RemoteAccount] = []
    let began = ledger.clock()
    var finished = CallFinished(
      call: 0, purpose: .list, operation: "GET /Users", outcome: .failed, status: nil, milliseconds: 0, pages: 0)
    var isWhole = false
    while !isWhole {
      let page = await page(from: accounts.count)
      (finished.status, finished.error) = (page.status, page.error)
      guard let found = page.accounts, let pages = finished.pages else { break }
      accounts += found
      finished.pages = pages + 1
      isWhole = accounts.count >= page.total
      if found.isEmpty, !isWhole {
        finished.error = "short-list"
        break
      }
    }
    if isWhole { finished.outcome = .done }
    finished.count = accounts.count
    finished.milliseconds = milliseconds(since: began)
    try await record(finished)
    return isWhole ? accounts : nil
  }

  private struct Page {
    var accounts: [RemoteAccount]?
    var total = 0
    var status: Int?
    var error: String?
  }

  private func page(from place: Int) async -> Page {
    let request = SCIMRequest.listUsers(startIndex: place == 0 ? nil : place + 1)
    let exchange = await target.send(request)
    let call = Call(id: 0, purpose: .list, person: nil, request: request, sent: ledger.clock())
    let status: Int? = if case .response(let response) = exchange { response.status } else { nil }
    return switch Answer(exchange, to: call) {
    case .page(let accounts, let total, let status): Page(accounts: accounts, total: total, status: status)
    case .fault(let label, let status, _): Page(status: status, error: label)
    case .tooFast(_, let status): Page(status: status, error: "rate-limit")
    default: Page(status: status, error: "refused")
    }
  }

  private func milliseconds(since began: Timestamp) -> Int {
    Int(max(.zero, ledger.clock() - began).milliseconds)
  }

  private func record(_ finished: CallFinished) async throws {
    try await ledger.append([Event(.target, .callFinished(finished))], actor: actor)
  }
}
