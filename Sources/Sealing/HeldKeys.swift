public import Crypto
public import EventLog
import Provisioning
import Synchronization

/// A person, or another owner of sealed values, as the log knows them.
public struct Subject: Sendable {
  /// The random name in the log: 16 characters of lower-case base32 for a person, `ledger-…` for the ledger's own.
  public let alias: String
  /// The key that seals what the log holds about them.
  public let key: SymmetricKey

  /// An alias with its key.
  public init(alias: String, key: SymmetricKey) {
    self.alias = alias
    self.key = key
  }
}

extension Log {
  /// Every event about one person before a position, in order; they are few enough to be held.
  public func events(about alias: String, before position: Int64 = .max) throws -> [RecordedEvent] {
    try events(of: [Stream.user(alias), .account(alias)].map(\.description), before: position)
  }
}

/// The subject keys that a process holds in memory, and whose erasure it has seen.
final class HeldKeys: Sendable {
  /// What is known of one alias without the file.
  enum Answer {
    /// Its key.
    case key(SymmetricKey)
    /// Its erasure was seen: the key is gone for this process, whatever the file still holds.
    case erased
    /// The file has to be asked.
    case unknown
  }

  private struct State {
    var keys: [String: SymmetricKey] = [:]
    var erased: Set<String> = []
    var isSettled = false
    var seen: Int64
    var hasLooked = false
  }

  private let state: Mutex<State>

  /// Nothing is held; erasures up to a log position were carried out before the file was opened, as that notes it.
  init(seen: Int64) { state = Mutex(State(seen: seen)) }

  subscript(alias: String) -> Answer {
    state.withLock { state in
      if state.erased.contains(alias) { return .erased }
      return state.keys[alias].map(Answer.key) ?? .unknown
    }
  }

  /// What is known of some aliases, in their order.
  func answers(_ aliases: [String]) -> [Answer] {
    var (answers, last): ([Answer], String) = ([], "")
    answers.reserveCapacity(aliases.count)
    state.withLock { state in
      for alias in aliases {
        // Most events follow one about the same person.
        if alias == last, let answer = answers.last {
          answers.append(answer)
        } else if let key = state.keys[alias] {
          answers.append(.key(key))
        } else {
          answers.append(state.erased.contains(alias) ? .erased : .unknown)
        }
        last = alias
      }
    }
    return answers
  }

  /// Those of some aliases for which the file has to be asked.
  func missing(_ aliases: some Sequence<String>) -> Set<String> {
    // Made before the lock is taken: other threads look keys up meanwhile.
    let aliases = Array(aliases)
    return state.withLock { state in
      var missing: Set<String> = []
      for alias in aliases where state.keys[alias] == nil && !state.erased.contains(alias) { missing.insert(alias) }
      return missing
    }
  }

  /// Holds keys, but not those of whom an erasure was seen.
  func hold(_ subjects: some Sequence<Subject>) {
    let subjects = Array(subjects)
    state.withLock { state in
      for subject in subjects where !state.erased.contains(subject.alias) { state.keys[subject.alias] = subject.key }
    }
  }

  /// Lets go of a key, for good.
  func forget(_ alias: String) {
    state.withLock { state in
      state.keys[alias] = nil
      state.erased.insert(alias)
    }
  }

  /// The log position up to which this process has looked for erasures, or need not.
  var seen: Int64 { state.withLock { $0.seen } }

  /// Whether it has looked at all.
  var hasLooked: Bool { state.withLock { $0.hasLooked } }

  /// Notes both.
  func sawErasures(upTo position: Int64) {
    state.withLock { state in
      state.seen = position
      state.hasLooked = true
    }
  }

  /// Whether this process has committed, so that all that is found is on the disk.
  var isSettled: Bool { state.withLock { $0.isSettled } }

  /// Notes that.
  func settle() { state.withLock { $0.isSettled = true } }
}
