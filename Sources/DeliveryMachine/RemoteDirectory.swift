import Provisioning

/// What the machine knows of the accounts at TeamViewer: the last full read, and every answer since. Never recorded.
struct RemoteDirectory: Equatable {
  private var accounts: [String: RemoteAccount] = [:]
  private var ids: [String: String] = [:]

  /// The account that shows an address, compared without regard to case.
  subscript(address address: String) -> RemoteAccount? { ids[Address.folded(address)].flatMap { accounts[$0] } }

  /// Takes over what an answer shows of one account.
  mutating func show(_ account: RemoteAccount) {
    remove(account.id)
    accounts[account.id] = account
    ids[Address.folded(account.userName)] = account.id
  }

  /// Forgets an account that no longer exists.
  mutating func remove(_ id: String) {
    guard let old = accounts.removeValue(forKey: id) else { return }
    let key = Address.folded(old.userName)
    if ids[key] == id { ids[key] = nil }
  }

  /// Takes over a full read.
  mutating func replace(with all: [RemoteAccount]) {
    accounts = [:]
    ids = [:]
    accounts.reserveCapacity(all.count)
    for account in all { show(account) }
  }
}
