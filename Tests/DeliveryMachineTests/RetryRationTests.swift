import Base
import Provisioning
import Testing

@testable import DeliveryMachine

/// How many parked deliveries are tried again by themselves.
@Suite("The ration of retries") struct RetryRationTests {
  private let start = Timestamp(milliseconds: 1_767_225_600_000)

  @Test("sixty may be tried in any ten days, and the next when the oldest of them is as old")
  func most() {
    var ration = RetryRation()
    for minute in 0..<60 {
      let now = start + .seconds(60 * Int64(minute))
      #expect(ration.next(at: now) == nil)
      ration.take(at: now)
    }
    let now = start + .seconds(3600)
    #expect(ration.next(at: now) == start + .seconds(10 * 86_400))
    #expect(ration.next(at: start + .seconds(10 * 86_400)) == nil)
  }

  @Test("one that goes well lets two more be tried: with ten thousand all are within 200 round trips")
  func wentWell() {
    var ration = RetryRation(tried: (0..<60).map { _ in start })
    #expect(ration.next(at: start) != nil)
    var (waiting, rounds, open) = (10_000, 0, 1)
    while waiting > 0 {
      for _ in 0..<min(open, waiting) { ration.wentWell() }
      open = 0
      while ration.next(at: start) == nil, waiting > 0 {
        ration.take(at: start)
        (waiting, open) = (waiting - 1, open + 1)
      }
      rounds += 1
    }
    #expect(rounds < 200)
  }

  @Test("a process that starts knows from the log what was tried before it", arguments: [1, 2, 3, 4, 9])
  func restart(attempt: Int) throws {
    let settings = DeliverySettings()
    var retry = start
    var tried: [Timestamp] = []
    for number in 1...attempt {
      if number > 1 { tried.append(retry) }
      retry = settings.retry(since: start, attempt: number, now: number == 1 ? start : retry)
    }
    let parked = DeliveryParked(.rejected, decision: 1, attempt: attempt, since: start, retry: retry)
    let known = settings.retries(of: parked)
    #expect(known.count == attempt - 1 && known.first == tried.last)
  }
}
