import Base
import DequeModule
import Provisioning

/// Which of the configured quotas.
struct QuotaIndex: Hashable, Sendable {
  fileprivate let place: Int

  fileprivate init(_ place: Int) { self.place = place }
}

/// How much of each configured quota is used, exact over restarts: calls are taken in blocks that the log holds before
/// one of them leaves, and a block counts whole until the quota's window has passed since its last possible call.
struct Quotas {
  /// One quota and the blocks of it that still count.
  struct Account {
    /// The quota.
    let quota: Quota
    /// The size of each block that counts, and when it no longer does.
    fileprivate var blocks: Deque<(count: Int, frees: Timestamp)> = []
    /// The sum of the blocks.
    fileprivate var used = 0
    /// The calls that this process may still take from its newest block, until when.
    fileprivate var left = 0
    fileprivate var expires = Timestamp(milliseconds: 0)

    /// Lets go of blocks that no longer count.
    fileprivate mutating func prune(_ now: Timestamp) {
      // A clock that was set back leaves blocks out of order, so that all are looked at.
      guard blocks.contains(where: { $0.frees <= now }) else { return }
      blocks.removeAll { $0.frees <= now }
      used = blocks.reduce(0) { $0 + $1.count }
    }

    /// When the next block no longer counts.
    fileprivate var nextFree: Timestamp? { blocks.lazy.map(\.frees).min() }

    fileprivate func hasBlock(_ now: Timestamp) -> Bool { left > 0 && now <= expires }

    /// Calls that may be taken now, from the present block or a new one.
    fileprivate func room(_ now: Timestamp) -> Int {
      if hasBlock(now) { return left }
      return quota.room(used: used, blocks: blocks.count)
    }

    fileprivate mutating func take(_ block: QuotaReserved) {
      blocks.append((block.count, quota.frees(block)))
      used += block.count
    }
  }

  private var accounts: [Account]

  /// The quotas, and the blocks that earlier processes took: those count as wholly used.
  init(_ quotas: [Quota], reservations: [QuotaReserved]) {
    accounts = quotas.map { Account(quota: $0) }
    for block in reservations {
      guard let place = accounts.firstIndex(where: { $0.quota.name == block.quota }) else { continue }
      accounts[place].take(block)
    }
  }

  /// True when no quota is configured.
  var isEmpty: Bool { accounts.isEmpty }

  /// All of them.
  var indices: some Collection<QuotaIndex> { accounts.indices.lazy.map(QuotaIndex.init) }

  /// What taking one call comes to.
  enum Taking: Equatable {
    /// It may leave, once these blocks are in the log.
    case taken([QuotaReserved])
    /// None is left of this quota before a moment.
    case blocked(quota: QuotaIndex, until: Timestamp)
  }

  /// Takes one call of an operation from every quota that covers it, or from none. `demand` is how many more are
  /// likely to follow soon.
  mutating func take(_ operation: String, demand: Int, now: Timestamp) -> Taking {
    let places = accounts.indices.filter { accounts[$0].quota.covers(operation) }
    for place in places where !accounts[place].hasBlock(now) {
      accounts[place].prune(now)
      if accounts[place].room(now) == 0, let moment = accounts[place].nextFree {
        return .blocked(quota: QuotaIndex(place), until: moment)
      }
    }
    var blocks: [QuotaReserved] = []
    for place in places {
      if !accounts[place].hasBlock(now) { blocks.append(reserve(place, demand, now)) }
      accounts[place].left -= 1
    }
    return .taken(blocks)
  }

  private mutating func reserve(_ place: Int, _ demand: Int, _ now: Timestamp) -> QuotaReserved {
    let quota = accounts[place].quota
    // Blocks too small would be more than the log's condition keeps, blocks too large would waste what a crash leaves.
    let least = 1 + (quota.limit - 1) / (TargetCondition.mostReservations / 2)
    let count = min(max(demand, least), max(1, quota.limit / 50), accounts[place].room(now))
    let expires = now + max(.seconds(1), .milliseconds(quota.window.milliseconds / 50))
    let block = QuotaReserved(quota: quota.name, count: count, expires: expires)
    accounts[place].take(block)
    accounts[place].left = count
    accounts[place].expires = expires
    return block
  }

  /// The name of a quota.
  func name(_ index: QuotaIndex) -> String { accounts[index.place].quota.name }

  /// When the next block of a quota no longer counts; nil when nothing of it is used.
  func nextFree(_ index: QuotaIndex) -> Timestamp? { accounts[index.place].nextFree }

  /// How many calls of a quota may be taken now.
  mutating func room(_ index: QuotaIndex, now: Timestamp) -> Int {
    accounts[index.place].prune(now)
    return accounts[index.place].room(now)
  }
}
