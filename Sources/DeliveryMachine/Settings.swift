import Base
public import Provisioning

/// How the machine paces and retries; the configuration may change some of it, tests any.
public struct DeliverySettings: Equatable, Sendable {
  /// How many calls may be on their way at once, at most.
  public var concurrency = 8
  /// For how many calls at most the start is recorded ahead, so that one leaves the moment that another is answered; 0
  /// for none. Where a quota is configured, none is.
  public var ahead = 0
  /// Faults of one account, while the target answers others, after which it is parked.
  public var faultLimit = 12
  /// Faults in a row, whoever they concern, after which the circuit breaker opens.
  public var breakerThreshold = 5
  /// How accounts are changed.
  public var update = UpdateMethod.patch
  /// What the target makes of a new address.
  public var profile = TargetProfile.teamViewer
  /// How many calls are allowed, by kind and window of time.
  public var quotas: [Quota] = []
  /// Planned times in which no call leaves.
  public var maintenance: [MaintenanceWindow] = []
  /// The longest wait between two attempts after a fault.
  public var backoffCeiling = Duration.seconds(15)
  /// The longest pause that the machine chooses itself; a `Retry-After` may be longer.
  public var pauseCeiling = Duration.seconds(15 * 60)
  /// The longest pause that a `Retry-After` gets.
  public var longestPause = Duration.seconds(3600)
  /// When a parked delivery is tried again by itself, counted from its first failure; then daily.
  public var retryLadder: [Duration] = [.seconds(6 * 3600), .seconds(12 * 3600), .seconds(24 * 3600)]
  /// How long after each read that does not show what an acknowledged write made of `active` the write is sent again; after
  /// the last such read it is parked.
  public var effectLadder: [Duration] = [.seconds(1), .seconds(5)]
  /// When a parked delivery is abandoned, counted from its first failure.
  public var abandonAfter = Duration.seconds(28 * 86_400)
  /// When an address that waits for its confirmation is looked for, counted from the delivery; then daily.
  public var rereadLadder: [Duration] = [.seconds(3600), .seconds(6 * 3600), .seconds(24 * 3600)]
  /// How long after a comparison of TeamViewer with the log the next one is due, and how long after the first start the
  /// first; nil for none but those that are asked for.
  public var reconcileEvery: Duration?
  /// True when an account that differs is brought back, unless whoever asks for a comparison says otherwise.
  public var repairsDrift = false
  /// True when nothing is delivered: the machine only compares.
  public var reconcilesOnly = false
  /// TeamViewer ids of accounts that are never disabled.
  public var protectedIDs: Set<String> = []
  /// The account of the token's owner, with an empty address where nobody told it; nil where the owner is not known.
  public var owner: RemoteAccount?
  /// Folded addresses of accounts that are never disabled: the token's owner.
  public var protectedAddresses: Set<String> = []

  /// The defaults.
  public init() {}

  /// True when the account is never to be disabled.
  func isProtected(_ account: RemoteAccount) -> Bool {
    protectedIDs.contains { $0.lowercased() == account.id.lowercased() }
      || protectedAddresses.contains(Address.folded(account.userName))
  }

  /// The wait before the next attempt, after a number of faults in a row: full jitter over a doubling span, the first
  /// at most 1 s.
  func backoff(faults: Int, _ random: inout SeededGenerator) -> Duration {
    let span = min(backoffCeiling.milliseconds, 1000 << min(max(0, faults - 1), 10))
    return .milliseconds(Int64.random(in: 0...span, using: &random))
  }

  /// The least pause after a number of refusals in a row, whatever the answer names: 1 s, doubled each time; longer than
  /// the ceiling only once refusals have gone on for hours.
  public func pause(refusals: Int) -> Duration {
    if refusals > 16 { return longestPause }
    return .milliseconds(min(pauseCeiling.milliseconds, 1000 << min(max(0, refusals - 1), 20)))
  }

  /// The moment of the next attempt of a parked delivery, after attempt number `attempt`, which failed at `now`.
  func retry(since first: Timestamp, attempt: Int, now: Timestamp) -> Timestamp {
    if attempt <= retryLadder.count {
      let next = first + retryLadder[attempt - 1]
      if next > now { return next }
    }
    return now + .seconds(86_400)
  }

  /// When a parked delivery was tried again, as far as what the log keeps of it tells: the newest by its next attempt,
  /// those before it as if each had come a day earlier.
  func retries(of parked: DeliveryParked) -> [Timestamp] {
    let rungs = zip(retryLadder.dropFirst(), retryLadder)
    let rung = rungs.first { next, _ in parked.since + next == parked.retry }
    let newest = rung.map { parked.since + $0.1 } ?? parked.retry + .seconds(-86_400)
    let count = min(parked.attempt - 1, Int(RetryRation.span.milliseconds / 86_400_000))
    return (0..<max(0, count)).map { newest + .seconds(-86_400 * Int64($0)) }
  }

  /// The moment at which an address that was asked for at `since` is looked for next.
  func reread(since: Timestamp, now: Timestamp) -> Timestamp {
    rereadLadder.lazy.map { since + $0 }.first { $0 > now } ?? now + .seconds(86_400)
  }
}
