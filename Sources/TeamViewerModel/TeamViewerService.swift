public import Base
import JSON
import Provisioning
public import SCIM

/// TeamViewer's documented behaviour as a pure value: requests in, answers out, no clock, no network.
///
/// Accounts are found by id and by address without a search, so that a simulation of thousands of calls stays fast.
/// Where the documentation is silent, `settings` decides. Groups are not modelled: `/Groups` answers 404.
public struct TeamViewerService: Sendable {
  /// The switches; they may change at any time.
  public var settings: Settings {
    didSet { if settings.foreignAccounts != oldValue.foreignAccounts { indexForeign() } }
  }
  /// The company's accounts, by ascending id.
  public internal(set) var users: [Account] = []
  /// How often each function answered with each status.
  public internal(set) var counters: [Call: Int] = [:]
  /// How many accounts were created through SCIM, by address in ASCII lower case.
  public internal(set) var creates: [String: Int] = [:]
  /// How many well-formed and permitted creates arrived, refused as duplicates or not, by address in ASCII lower case.
  public internal(set) var createAttempts: [String: Int] = [:]

  var nextNumber: Int
  var windows: [Quota: Window] = [:]
  private var indexByNumber: [Int: Int] = [:]
  private var indexByAddress: [[UInt8]: Int] = [:]
  private var foreign: Set<[UInt8]> = []

  /// A function and the status that it answered with.
  public struct Call: Hashable, Sendable {
    /// The method.
    public var method: SCIMRequest.Method
    /// The path without identifiers, such as `/Users/{id}`.
    public var pathTemplate: String
    /// The HTTP status.
    public var status: Int

    /// A function and a status.
    public init(_ method: SCIMRequest.Method, _ pathTemplate: String, _ status: Int) {
      self.method = method
      self.pathTemplate = pathTemplate
      self.status = status
    }
  }

  /// An empty company; ids ascend from `firstNumber`.
  public init(settings: Settings = Settings(), firstNumber: Int = 1_000_001) {
    self.settings = settings
    nextNumber = firstNumber
    indexForeign()
  }

  // MARK: Looking

  /// The account with an id, or nil.
  public func user(id: String) -> Account? { index(ofID: id).map { users[$0] } }

  /// The account that holds an address, without regard to ASCII case, or nil.
  public func user(email: String) -> Account? { index(ofAddress: email).map { users[$0] } }

  /// True when an account inside or outside the company holds the address, without regard to ASCII case.
  public func isTaken(_ email: String) -> Bool {
    index(ofAddress: email) != nil || foreign.contains(Self.key(email))
  }

  /// How often a method answered on a path template, whatever the status.
  public func calls(_ method: SCIMRequest.Method, _ pathTemplate: String) -> Int {
    counters.reduce(0) { $0 + ($1.key.method == method && $1.key.pathTemplate == pathTemplate ? $1.value : 0) }
  }

  /// What is wrong with the model's own state: one sentence each, none when all is well. Every test and simulated run
  /// may call it at any time; it looks at everybody.
  public func check() -> [String] {
    var problems: [String] = []
    if indexByNumber.count != users.count { problems.append("the index of ids has another size than the company") }
    if indexByAddress.count != users.count { problems.append("two accounts hold one address") }
    for (index, account) in users.enumerated() {
      if index > 0, users[index - 1].number >= account.number { problems.append("ids do not ascend at \(account.id)") }
      if indexByNumber[account.number] != index { problems.append("\(account.id) is not found by its id") }
      if indexByAddress[Self.key(account.email)] != index {
        problems.append("\(account.id) is not found by its address")
      }
      if foreign.contains(Self.key(account.email)) { problems.append("\(account.id) holds a foreign address") }
      if account.name.isEmpty { problems.append("\(account.id) has no name") }
      if let pending = account.pendingEmail, pending.hasSameBytes(as: account.email) {
        problems.append("\(account.id) waits for the address that it has")
      }
    }
    return problems
  }

  // MARK: Changes that do not come through SCIM

  /// Adds an account as an administrator would in the console, without limits; returns its id, or nil when the address
  /// is taken. `number` must be above all numbers so far, else it is refused too.
  @discardableResult
  public mutating func addAccount(
    _ email: String, name: String, active: Bool = true, isAdministrator: Bool = false, number: Int? = nil,
    now: Timestamp = Timestamp(milliseconds: 0)
  ) -> String? {
    guard !isTaken(email), number ?? nextNumber >= nextNumber else { return nil }
    var account = Account(number: number ?? nextNumber, email: email, name: name, created: now, modified: now)
    account.active = active
    account.isAdministrator = isAdministrator
    insert(account)
    return account.id
  }

  /// Changes an account as somebody would in the console, without limits; false when there is no such account, or when
  /// the new address is taken.
  @discardableResult
  public mutating func edit(_ id: String, now: Timestamp, _ change: (inout Account) -> Void) -> Bool {
    guard let index = index(ofID: id) else { return false }
    var account = users[index]
    change(&account)
    guard Self.key(account.email) == Self.key(users[index].email) || !isTaken(account.email) else { return false }
    store(account, at: index, now: now)
    return true
  }

  /// The owner of an account confirms the changed address; false when none is pending, or when it was taken meanwhile.
  @discardableResult
  public mutating func confirmEmail(_ id: String, now: Timestamp) -> Bool {
    guard let pending = user(id: id)?.pendingEmail else { return false }
    return edit(id, now: now) { account in
      account.email = pending
      account.pendingEmail = nil
    }
  }

  /// Takes an account out of the company as the console does: it lives on outside, and its address stays in use
  /// (TeamViewer's guide for Okta, known issues). False when there is no such account.
  @discardableResult
  public mutating func removeFromCompany(_ id: String) -> Bool {
    guard let email = user(id: id)?.email, delete(id) else { return false }
    settings.foreignAccounts.append(email)
    return true
  }

  /// Deletes an account for good: its address is free, and its id is never given again. False when there is none.
  @discardableResult
  public mutating func delete(_ id: String) -> Bool {
    guard let index = index(ofID: id) else { return false }
    users.remove(at: index)
    indexByNumber = [:]
    indexByAddress = [:]
    for (index, account) in users.enumerated() {
      indexByNumber[account.number] = index
      indexByAddress[Self.key(account.email)] = index
    }
    return true
  }

  /// Puts back an account that was saved; false when its number or address cannot follow the ones before.
  mutating func restore(_ account: Account) -> Bool {
    guard account.number >= nextNumber, !isTaken(account.email) else { return false }
    insert(account)
    return true
  }

  // MARK: The two indexes

  func index(ofID id: String) -> Int? { Account.number(ofID: id).flatMap { indexByNumber[$0] } }

  func index(ofAddress email: String) -> Int? { indexByAddress[Self.key(email)] }

  mutating func insert(_ account: Account) {
    indexByNumber[account.number] = users.count
    indexByAddress[Self.key(account.email)] = users.count
    users.append(account)
    nextNumber = account.number + 1
  }

  mutating func store(_ account: Account, at index: Int, now: Timestamp) {
    var account = account
    if account != users[index] { account.modified = now }
    indexByAddress[Self.key(users[index].email)] = nil
    indexByAddress[Self.key(account.email)] = index
    users[index] = account
  }

  private mutating func indexForeign() { foreign = Set(settings.foreignAccounts.map(Self.key)) }

  /// Bytes rather than a string: Swift calls canonically equivalent strings equal, addresses are not.
  static func key(_ email: String) -> [UInt8] { Array(email.asciiLowercased.utf8) }
}
