import Base
import DeliveryMachine
import JSON
import Provisioning
import SCIM

/// Looks at every call and every answer, knows nothing of the machine, and says when a promise is broken.
struct CallWatch {
  /// What calls of one person, or of the target as a whole, have come to.
  private struct Trace {
    /// The call on its way.
    var underWay: Int?
    /// True while nobody can know what became of the last write.
    var isDoubtful = false
    /// The newest decision that a write carried.
    var carried: Int64 = 0
    /// Failures in a row, and when the first came.
    var failures = 0
    var firstFailure = Timestamp(milliseconds: 0)
    /// The calls of an hour, and when that began.
    var calls = 0
    var hour = Timestamp(milliseconds: 0)
  }

  /// More failures in a row than any span of fewer seconds can hold when each waits longer than the one before it.
  private static let mostFailures = (count: 12, within: Duration.seconds(4))
  /// More calls for one person than any hour needs, however they are answered.
  private static let mostCalls = 1000

  private var traces: [String: Trace] = [:]

  /// The worker's process is a new one: what was on its way is answered to nobody.
  mutating func restart() {
    for alias in traces.keys {
      traces[alias]?.underWay = nil
      traces[alias]?.failures = 0
    }
  }

  mutating func sends(_ call: Call, _ now: Timestamp) throws {
    guard let alias = call.person else { return }
    var trace = traces[alias] ?? Trace()
    if now - trace.hour >= .seconds(3600) { (trace.calls, trace.hour) = (0, now) }
    trace.calls += 1
    if trace.calls > Self.mostCalls {
      throw Problem(.hotLoop, "\(trace.calls) calls for \(alias) in an hour, the last one \(call.operation)")
    }
    if trace.underWay != nil { throw Problem(.overlap, "\(call.operation) for \(alias) while another is under way") }
    if call.purpose.isWrite {
      if trace.isDoubtful { throw Problem(.blindWrite, "\(call.operation) for \(alias), and nothing was read back") }
      trace.isDoubtful = true
    }
    trace.underWay = call.id
    traces[alias] = trace
  }

  /// Notes the decision that a write carries.
  mutating func carries(_ decision: Int64, for alias: String) throws {
    if decision < traces[alias]?.carried ?? 0 {
      throw Problem(.olderDecision, "a write for \(alias) carries \(decision), after one that carried a newer")
    }
    traces[alias, default: Trace()].carried = decision
  }

  mutating func answered(_ call: Call, _ exchange: Exchange, _ now: Timestamp) throws {
    let alias = call.person ?? ""
    var trace = traces[alias] ?? Trace()
    trace.underWay = nil
    if let isClear = Self.isClear(exchange, isParsed: call.person != nil) {
      trace.failures = 0
      // A write that is answered is known; so is any write after a read that is answered: unless it is about another
      // account.
      if isClear || call.purpose.isWrite, Self.fits(exchange, call) { trace.isDoubtful = false }
    } else {
      if trace.failures == 0 { trace.firstFailure = now }
      trace.failures += 1
      if call.purpose.isWrite, case .failed(let failure) = exchange, !failure.mayHaveArrived {
        trace.isDoubtful = false
      }
      if trace.failures >= Self.mostFailures.count, now - trace.firstFailure < Self.mostFailures.within {
        throw Problem(.hotLoop, "\(trace.failures) failures in \(now - trace.firstFailure): \(call.operation) \(alias)")
      }
    }
    traces[alias] = trace
  }

  /// True unless an answer shows another account than was asked for.
  private static func fits(_ exchange: Exchange, _ call: Call) -> Bool {
    guard call.person != nil, case .response(let response) = exchange, let id = response.json?["id"]?.string else {
      return true
    }
    if call.purpose == .create {
      return id.utf8.count < 100
        && Address.folded(response.json?["userName"]?.string ?? "")
          == Address.folded(call.request.body?["userName"]?.string ?? "")
    }
    return SCIMRequest.getUser(id).path == call.request.path
  }

  /// True for an answer that shows what is at TeamViewer, false for a refusal, nil for what says nothing. Long lists are
  /// not worth the reading.
  private static func isClear(_ exchange: Exchange, isParsed: Bool) -> Bool? {
    guard case .response(let response) = exchange, !response.isHTML else { return nil }
    switch response.status {
    case 200..<300: return !isParsed || response.body.isEmpty || response.json != nil ? true : nil
    case 404: return true
    case 408: return nil
    case 400..<500, 501: return false
    default: return nil
    }
  }
}
