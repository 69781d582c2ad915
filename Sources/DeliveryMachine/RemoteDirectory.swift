import Provisioning

/// What the machine knows of the accounts at TeamViewer: the last full import, and every answer since. Never recorded.
struct RemoteDirectory: Equatable {
  private var accounts: [String: RemoteAccount] = [:]
  private var ids: [String: String] = [:]
  /// Further accounts that show an address which another shows as well.
  private var others: [String: [String]] = [:]
  /// What answers have shown since the full import under way began; nil for an account that is gone.
  private var since: [String: RemoteAccount?] = [:]

  /// The account that shows an address, compared without regard to case: where several do, an active one of the last full
  /// import, else what an answer showed last.
  subscript(address address: String) -> RemoteAccount? { ids[Address.folded(address)].flatMap { accounts[$0] } }

  /// All accounts that show an address.
  func all(address: String) -> [RemoteAccount] {
    let key = Address.folded(address)
    return (ids[key].map { [$0] + (others[key] ?? []) } ?? []).compactMap { accounts[$0] }
  }

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
    let key = Address.folded(account.userName)
    if let other = ids.updateValue(account.id, forKey: key) { others[key, default: []].append(other) }
  }

  /// Forgets an account that no longer exists.
  mutating func remove(_ id: String) {
    since.updateValue(nil, forKey: id)
    guard let old = accounts.removeValue(forKey: id) else { return }
    let key = Address.folded(old.userName)
    if ids[key] == id { ids[key] = others[key]?.popLast() } else { others[key]?.removeAll { $0 == id } }
    if others[key]?.isEmpty == true { others[key] = nil }
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
    others = [:]
    accounts.reserveCapacity(all.count)
    for account in all where !account.active { show(account) }
    for account in all where account.active { show(account) }
    for (id, account) in newer {
      if let account { show(account) } else { remove(id) }
    }
    since = [:]
  }
}
