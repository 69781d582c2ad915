public import Base

/// What is to be done to bring TeamViewer back to the desired state that the log had recorded at a moment.
///
/// It names people and their values, so its file is as private as the directory.
public struct RestorePlan: Equatable, Sendable {
  /// One account that differs.
  public struct Entry: Equatable, Sendable {
    /// The person's alias.
    public var alias: String
    /// The sign-in name in the directory, for whoever reads the plan.
    public var name: String?
    /// The position of the person's newest decision: the plan holds as long as there is no newer one.
    public var decision: Int64
    /// The position of the newest decision at the moment; 0 when there was none.
    public var past: Int64
    /// What is desired now; nil when there is to be no account.
    public var now: DesiredAccount?
    /// What is to be desired again.
    public var restored: DesiredAccount

    /// An entry.
    public init(
      alias: String, name: String?, decision: Int64, past: Int64, now: DesiredAccount?, restored: DesiredAccount
    ) {
      self.alias = alias
      self.name = name
      self.decision = decision
      self.past = past
      self.now = now
      self.restored = restored
    }

    /// What the entry does to the account.
    public var action: Decision.Action {
      guard let now else { return restored.active ? .create : .disable }
      if now.active == restored.active { return .update }
      return restored.active ? .enable : .disable
    }
  }

  /// Why somebody who differs is left as they are.
  public enum Reason: String, UntouchedReason {
    /// There was no account at the moment.
    case created
    /// Somebody else has the address now.
    case addressTaken
    /// No source owns the person any more.
    case detached
  }

  /// What the log had recorded of one person at a moment.
  public struct Past: Equatable, Sendable {
    /// The position of the newest decision; 0 when there was none.
    public var decision: Int64
    /// What was desired; nil when there was to be no account.
    public var desired: DesiredAccount?

    /// Nothing recorded, unless it is said.
    public init(decision: Int64 = 0, desired: DesiredAccount? = nil) {
      self.decision = decision
      self.desired = desired
    }
  }

  /// The plan's id: what is decided by it carries the id as its correlation.
  public var id: String
  /// The name of the log that it is about.
  public var origin: String
  /// The moment.
  public var asOf: Timestamp
  /// When the plan was made.
  public var made: Timestamp
  /// The number of events of the log when it was made.
  public var size: Int64
  /// The accounts that differ, in the order of their sign-in names.
  public var entries: [Entry] = []
  /// Who else differs.
  public var untouched: [Untouched<Reason>] = []

  /// A plan that does nothing yet.
  public init(id: String, origin: String, asOf: Timestamp, made: Timestamp, size: Int64) {
    self.id = id
    self.origin = origin
    self.asOf = asOf
    self.made = made
    self.size = size
  }

  /// The number of entries by what they do.
  public var counts: [Decision.Action: Int] {
    entries.reduce(into: [:]) { counts, entry in counts[entry.action, default: 0] += 1 }
  }
}

extension RestorePlan {
  /// Compares everybody now with what was recorded of them at the moment.
  ///
  /// Who had no account then and is to have one now is left untouched, or disabled when `disablingCreated` says so; and
  /// nobody is given an address that somebody else is to have. Throws what `past` throws.
  public mutating func compare(
    _ people: [Person], disablingCreated: Bool, with past: (Person) throws -> Past
  ) rethrows {
    for person in people where person.erasure == nil {
      let past = try past(person)
      if past.decision == person.decisionPosition { continue }
      if person.isDetached {
        if past.desired != nil { leave(person.alias, person.signInName, .detached) }
        continue
      }
      if let desired = past.desired {
        guard let restored = person.restored(to: desired) else { continue }
        entries.append(entry(person, past, restored))
      } else if let now = person.desired, now.active {
        if disablingCreated {
          entries.append(entry(person, past, now.disabled))
        } else {
          leave(person.alias, person.signInName, .created)
        }
      }
    }
    leaveTaken(people)
    entries.sort { ($0.name ?? "", $0.alias) < ($1.name ?? "", $1.alias) }
    untouched.sort { ($0.name ?? "", $0.alias) < ($1.name ?? "", $1.alias) }
  }

  private func entry(_ person: Person, _ past: Past, _ restored: DesiredAccount) -> Entry {
    Entry(
      alias: person.alias, name: person.signInName, decision: person.decisionPosition, past: past.decision,
      now: person.desired, restored: restored)
  }

  private mutating func leave(_ alias: String, _ name: String?, _ reason: Reason) {
    untouched.append(Untouched(alias: alias, name: name, reason: reason))
  }

  /// Leaves those whose address another one has or is to have as well, until no two want the same.
  private mutating func leaveTaken(_ people: [Person]) {
    while true {
      let restored = Dictionary(uniqueKeysWithValues: entries.map { ($0.alias, $0.restored) })
      var wanting: [String: Int] = [:]
      for person in people where person.erasure == nil {
        guard let address = person.address(restoredTo: restored[person.alias]) else { continue }
        wanting[Address.folded(address), default: 0] += 1
      }
      let taken = entries.filter { entry in
        entry.restored.active && wanting[Address.folded(entry.restored.userName), default: 0] > 1
      }
      if taken.isEmpty { return }
      for entry in taken { leave(entry.alias, entry.name, .addressTaken) }
      let aliases = Set(taken.map(\.alias))
      entries.removeAll { aliases.contains($0.alias) }
    }
  }
}

extension Person {
  /// The name to show a reader.
  fileprivate var signInName: String? { user?[.userPrincipalName] ?? lastDesired?.userName }

  /// The address that nobody else can have once the plan is applied.
  ///
  /// Whoever is only disabled keeps theirs, and may be held by a safeguard before; the account of one who has left may
  /// still go to another person.
  fileprivate func address(restoredTo restored: DesiredAccount?) -> String? {
    if let restored, restored.active { return restored.userName }
    if let desired, desired.active { return desired.userName }
    return isPresent ? account.userName : nil
  }

  /// The earlier desired state to bring back; nil when TeamViewer would see no difference.
  fileprivate func restored(to past: DesiredAccount) -> DesiredAccount? {
    guard let desired else { return past.active || hasAccount ? past : nil }
    if !desired.active, !past.active { return nil }
    var compared = past
    // The constant is sent on create only.
    if isProvisioned {
      for attribute in AccountAttribute.known where attribute.isSentOnCreateOnly {
        compared[attribute] = desired[attribute]
      }
    }
    return desired == compared ? nil : past
  }
}
