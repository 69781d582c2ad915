import Base
public import Provisioning

/// A read of all accounts, page by page. It is whole when its pages show as many different accounts as TeamViewer says
/// there are; only then does it say who is missing.
public struct ListReading: Equatable, Sendable {
  /// How a read shows that it will never be whole; the word is safe for logs.
  public enum Flaw: String, CaseIterable, Sendable {
    /// It ended before it had as many different accounts as TeamViewer says there are.
    case short = "short-list"
    /// A page shows nothing but what earlier pages showed.
    case repeated = "repeated-page"
    /// Pages say different numbers, show more accounts than there are to be, or bring the end no nearer.
    case disagreeing = "pages-disagree"
    /// There are more accounts or pages than are read.
    case tooLong = "list-too-long"
    /// None of its entries can be read as an account.
    case unreadable = "unreadable-list"
    /// It lacks so many accounts that people are linked to that it cannot be the company's.
    case foreign = "foreign-list"
  }

  /// How far a read is.
  public enum Progress: Equatable, Sendable {
    /// Another page is to be read, from `ListReading.nextIndex` on.
    case more
    /// All accounts are there.
    case whole
    /// It is no use.
    case flawed(Flaw)
  }

  /// The most accounts, and pages, of one read.
  public static let most = (accounts: 1_000_000, pages: 20_000)
  /// The most pages in a row after which no fewer accounts are missing than before: a list may grow while it is read, but
  /// one that grows as fast as it is read has no end.
  public static let mostInVain = 100

  /// The accounts so far, each once.
  public private(set) var accounts: [RemoteAccount] = []
  /// The entries that cannot be read as accounts.
  public private(set) var passedOver: [UnreadableAccount] = []
  /// The number of pages so far.
  public private(set) var pages = 0
  /// How many accounts there are, as the newest page says.
  public private(set) var total = 0
  /// The number of entries so far, repeated ones too.
  public private(set) var entries = 0
  private var ids: Set<String> = []
  /// Entries that have no id to be told apart by.
  private var nameless = 0
  /// The fewest accounts that were missing after a page, and which page that was.
  private var fewestMissing = Int.max
  private var nearestPage = 0

  /// Nothing read yet.
  public init() {}

  /// The index from which the next page is to be read; nil for the first page (RFC 7644 section 3.4.2.4).
  public var nextIndex: Int? { pages == 0 ? nil : entries + 1 }

  /// The ids of the accounts so far.
  public var accountIDs: Set<String> { Set(accounts.map(\.id)) }

  private var different: Int { ids.count + nameless }

  /// Takes over the next page.
  public mutating func add(_ page: AccountPage) -> Progress {
    let (before, said) = (different, total)
    let isFirst = pages == 0
    pages += 1
    entries += page.entries
    total = page.total
    for account in page.accounts where ids.insert(account.id).inserted { accounts.append(account) }
    for entry in page.passedOver where entry.id.map({ ids.insert($0).inserted }) ?? true {
      passedOver.append(entry)
      if entry.id == nil { nameless += 1 }
    }
    if different > total || !isFirst && total < said { return .flawed(.disagreeing) }
    if different == total { return accounts.isEmpty && !passedOver.isEmpty ? .flawed(.unreadable) : .whole }
    if page.entries == 0 { return .flawed(.short) }
    if different == before { return .flawed(.repeated) }
    if total > Self.most.accounts || pages >= Self.most.pages { return .flawed(.tooLong) }
    if total - different < fewestMissing { (fewestMissing, nearestPage) = (total - different, pages) }
    return pages - nearestPage < Self.mostInVain ? .more : .flawed(.disagreeing)
  }

  /// What is wrong, in a clause for people: numbers only.
  public func clause(_ flaw: Flaw) -> String {
    switch flaw {
    case .short: "it is to have \(total.of("account")), and shows \(different.of("different one"))"
    case .repeated:
      "page \(pages) shows only what earlier pages showed, and \(total - different) of \(total) are missing"
    case .disagreeing:
      "its pages do not agree on how many accounts there are (\(total) on page \(pages), \(different) shown)"
    case .tooLong: "it is to have \(total.of("account")), more than are read"
    case .unreadable: "it has \(total.of("entry", "entries")), and none can be read as an account"
    case .foreign:
      "it has \(total.of("account")) and lacks those that people are linked to, as if it were another company's; if they "
        + "are gone, `provledger cycle restart --clear ConnectorDataStore` matches everybody anew"
    }
  }
}
