import Provisioning

/// What the machine knows of the accounts at TeamViewer: the last full import, and every answer since. Never recorded.
struct RemoteDirectory: Equatable {
  private var accounts: [String: RemoteAccount] = [:]
  private var ids: [String: String] = [:]
  /// What answers have shown since the full import under way began; nil for an account that is gone.
  private var since: [String: RemoteAccount?] = [:]

  /// The account that shows an address, compared without regard to case.
  subscript(address address: String) -> RemoteAccount? { ids[Address.folded(address)].flatMap { accounts[$0] } }

  /// The account with an id.
  subscript(id id: String) -> RemoteAccount? { accounts[id] }

  /// All accounts, in no order.
  var all: some Collection<RemoteAccount> { accounts.values }

  /// The number of accounts of which something holds.
  func count(where holds: (RemoteAccount) -> Bool) -> Int { accounts.values.count(where: holds) }

  /// Takes over what an answer shows of one account.
  mutating func show(_ account: RemoteAccount) {
    remove(account.id)
    since.updateValue(account, forKey: account.id)
    accounts[account.id] = account
    ids[Address.folded(account.userName)] = account.id
  }

  /// Forgets an account that no longer exists.
  mutating func remove(_ id: String) {
    since.updateValue(nil, forKey: id)
    guard let old = accounts.removeValue(forKey: id) else { return }
    let key = Address.folded(old.userName)
    if ids[key] == id { ids[key] = nil }
  }

  /// A full import begins: what answers show from here on is newer than what it will say.
  mutating func begin() { since = [:] }

  /// Takes over a part of a full import, but where answers have shown something newer since it began.
  mutating func add(_ some: [RemoteAccount]) {
    let newer = since
    for account in some where newer[account.id] == nil { show(account) }
    since = newer
  }

  /// Takes over a full import, and what answers have shown since it began.
  mutating func replace(with all: [RemoteAccount]) {
    let newer = since
    accounts = [:]
    ids = [:]
    accounts.reserveCapacity(all.count)
    for account in all { show(account) }
    for (id, account) in newer {
      if let account { show(account) } else { remove(id) }
    }
    since = [:]
  }
}
