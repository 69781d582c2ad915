import Base
import DeliveryMachine
import Ledger
import Provisioning
import SCIM
import TeamViewer

/// Reads of the target beside the machine's. What leaves for a ledger's target is in its log, whoever sends it.
struct RecordedReads: Sendable {
  let ledger: OpenLedger
  let target: TargetConnection
  /// Who reads.
  let actor: Actor

  /// What a read of the token's owner is called in the log.
  static let ownerOperation = "GET \(TargetTest.ownerRoute)"

  /// Reads who owns the token: a probe like the machine's. What came of it is still to be recorded.
  func owner() async -> (Exchange, CallFinished) {
    let began = ledger.clock()
    let exchange = await target.get(TargetTest.ownerRoute)
    var finished = CallFinished(
      call: 0, purpose: .probe, operation: Self.ownerOperation, outcome: .done, status: nil,
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
    return (exchange, finished)
  }

  /// All accounts; nil when one of the pages fails, or when they are not whole.
  func list() async throws -> [RemoteAccount]? {
    var reading = ListReading()
    let began = ledger.clock()
    var finished = CallFinished(
      call: 0, purpose: .list, operation: "GET /Users", outcome: .failed, status: nil, milliseconds: 0)
    var progress = ListReading.Progress.more
    while progress == .more, let page = await page(from: reading.nextIndex, &finished) { progress = reading.add(page) }
    if case .flawed(let flaw) = progress { finished.error = flaw.rawValue }
    if progress == .whole { finished.outcome = .done }
    (finished.pages, finished.count) = (reading.pages, reading.accounts.count)
    finished.milliseconds = milliseconds(since: began)
    try await record(finished)
    return progress == .whole ? reading.accounts : nil
  }

  /// One page; nil when it fails, which `finished` says.
  private func page(from index: Int?, _ finished: inout CallFinished) async -> AccountPage? {
    let request = SCIMRequest.listUsers(startIndex: index)
    let exchange = await target.send(request)
    let call = Call(id: 0, purpose: .list, person: nil, request: request, sent: ledger.clock())
    finished.status = if case .response(let response) = exchange { response.status } else { nil }
    switch Answer(exchange, to: call) {
    case .page(let page, _): return page
    case .fault(let label, _, _): finished.error = label
    case .tooFast: finished.error = "rate-limit"
    default: finished.error = "refused"
    }
    return nil
  }

  private func milliseconds(since began: Timestamp) -> Int {
    Int(max(.zero, ledger.clock() - began).milliseconds)
  }

  private func record(_ finished: CallFinished) async throws {
    try await ledger.append([Event(.target, .callFinished(finished))], actor: actor)
  }
}
