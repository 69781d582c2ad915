public import Base

/// Which people one source gives to another: who begins with files goes on with another way in, and nobody gets a second
/// account.
///
/// It names people, so its file is as private as the directory.
public struct HandoverPlan: Equatable, Sendable {
  /// How people of the two sources are found to be the same.
  public enum Match: String, CaseIterable, Sendable {
    /// By their id: both sources name people alike.
    case id
    /// By their sign-in name, without regard to case: the other source has been read once, and was found to hold the
    /// same people.
    case userName
  }

  /// One person who changes hands.
  public struct Entry: Equatable, Sendable {
    /// The person's alias, which stays.
    public var alias: String
    /// The sign-in name in the directory, for whoever reads the plan.
    public var name: String?
    /// The position of the person's newest decision: the plan holds as long as there is no newer one.
    public var decision: Int64
    /// The alias of the person without an account for whom the other source's reading stood so far; nil for none.
    public var double: String?

    /// An entry.
    public init(alias: String, name: String?, decision: Int64, double: String?) {
      self.alias = alias
      self.name = name
      self.decision = decision
      self.double = double
    }
  }

  /// Why somebody stays where they are.
  public enum Reason: String, Error, UntouchedReason {
    /// The other source holds nobody of that name.
    case noCounterpart
    /// Several people have that name.
    case ambiguous
    /// Both have an account, or are to get one.
    case bothHaveAccounts
  }

  /// The plan's id: what is decided by it carries the id as its correlation.
  public var id: String
  /// The name of the log that it is about.
  public var origin: String
  /// When the plan was made.
  public var made: Timestamp
  /// The number of events of the log when it was made.
  public var size: Int64
  /// The source that gives.
  public var from: DirectorySourceID
  /// The source that takes.
  public var to: DirectorySourceID
  /// How people are found to be the same.
  public var match: Match
  /// Who changes hands, in the order of their sign-in names.
  public var entries: [Entry] = []
  /// Who stays.
  public var left: [Untouched<Reason>] = []

  /// A plan that moves nobody yet.
  public init(
    id: String, origin: String, made: Timestamp, size: Int64, from: DirectorySourceID, to: DirectorySourceID,
    match: Match
  ) {
    self.id = id
    self.origin = origin
    self.made = made
    self.size = size
    self.from = from
    self.to = to
    self.match = match
  }
}

extension HandoverPlan {
  /// Looks for the counterpart of everybody whom the giving source owns.
  public mutating func compare(_ people: [Person]) {
    let people = People(people)
    let (giving, taking) = (people.owned(by: from), people.owned(by: to))
    let counterparts = Dictionary(grouping: taking, by: key)
    let namesakes = Dictionary(grouping: giving, by: key)
    for person in giving {
      switch counterpart(of: person, in: counterparts, among: namesakes) {
      case .success(let other):
        entries.append(
          Entry(
            alias: person.alias, name: person.user?[.userPrincipalName], decision: person.decisionPosition,
            double: other?.alias))
      case .failure(let reason):
        left.append(Untouched(alias: person.alias, name: person.user?[.userPrincipalName], reason: reason))
      }
    }
    entries.sort { ($0.name ?? "", $0.alias) < ($1.name ?? "", $1.alias) }
    left.sort { ($0.name ?? "", $0.alias) < ($1.name ?? "", $1.alias) }
  }

  private func counterpart(
    of person: Person, in counterparts: [String: [Person]], among namesakes: [String: [Person]]
  ) -> Result<Person?, Reason> {
    let key = key(of: person)
    let others = counterparts[key] ?? []
    if key.isEmpty || others.isEmpty { return match == .id ? .success(nil) : .failure(.noCounterpart) }
    if others.count > 1 || namesakes[key]?.count != 1 { return .failure(.ambiguous) }
    return others[0].isProvisioned || others[0].desired != nil ? .failure(.bothHaveAccounts) : .success(others[0])
  }

  /// What two people have in common who are the same.
  private func key(of person: Person) -> String {
    switch match {
    case .id: person.user?.id ?? ""
    case .userName: person.user?[.userPrincipalName].map(Address.folded) ?? ""
    }
  }
}
