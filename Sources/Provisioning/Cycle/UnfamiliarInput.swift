import Base

/// How little a snapshot has in common with the people whom its source owned before: it may be another company's.
public struct UnfamiliarInput: Equatable, Sendable {
  /// How many people the snapshot holds.
  public var read: Int
  /// How many of them the ledger knew.
  public var shared: Int
  /// The domains of the snapshot's sign-in names, most frequent first, at most five.
  public var domains: [String]
  /// The domains that the ledger knew, likewise.
  public var knownDomains: [String]

  /// Nil where at least half of a snapshot is known, where the source owned nobody before, and for other readings.
  init?(_ reading: DirectoryReading, source: DirectorySourceID, people: People) {
    guard reading.kind == .snapshot else { return nil }
    read = reading.changes.count
    shared = reading.changes.count { change in
      people.place(of: change.id, in: source).map { people.all[$0].isFamiliar } ?? false
    }
    if shared * 2 >= read { return nil }
    let known = people.owned(by: source).filter(\.isFamiliar)
    if known.isEmpty { return nil }
    domains = Self.domains(
      of: reading.changes.compactMap {
        if case .text(let name) = $0.attributes[.userPrincipalName] { name } else { nil }
      })
    knownDomains = Self.domains(of: known.compactMap { $0.user?[.userPrincipalName] })
  }

  private static func domains(of names: [String]) -> [String] {
    var counts: [String: Int] = [:]
    for name in names {
      if let at = name.lastIndex(of: "@") {
        counts[Address.folded(String(name[name.index(after: at)...])), default: 0] += 1
      }
    }
    let sorted = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    return sorted.prefix(5).map(\.key)
  }
}

extension Person {
  /// True for somebody whom a cycle has taken in that finished: one that was cut off, or held, says nothing of who belongs here.
  fileprivate var isFamiliar: Bool { decision != nil && !isHeldNewcomer }

  /// True for somebody new whom a safeguard holds: nobody has said yet that they belong here.
  var isHeldNewcomer: Bool { decision?.action == .held && decision?.desired == nil && !isProvisioned }
}

extension DirectoryReading {
  /// How many people a snapshot holds of whom it does not say whether they may sign in, although the ledger knew it: taken
  /// for an answer, that silence would keep everybody enabled for ever.
  public func silent(of people: People, in source: DirectorySourceID) -> Int {
    guard kind == .snapshot else { return 0 }
    return changes.count { change in
      guard change.attributes[.accountEnabled] == nil, let place = people.place(of: change.id, in: source) else {
        return false
      }
      return people.all[place].state == .present && people.all[place].user?.attributes[.accountEnabled] != nil
    }
  }

  /// The attributes of some that neither the input nor the ledger has a word on, of anybody.
  public func unread(
    _ attributes: [DirectoryAttribute], of people: People, in source: DirectorySourceID
  ) -> [DirectoryAttribute] {
    attributes.filter { attribute in
      !changes.contains { $0.attributes[attribute] != nil }
        && !people.all.contains { $0.source == source && $0.user?.attributes[attribute] != nil }
    }
  }
}
