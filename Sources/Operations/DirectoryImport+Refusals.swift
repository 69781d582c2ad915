import Base
import Ledger
import Provisioning
import Views

/// What a cycle does not decide upon.
extension DirectoryImport {
  /// A whole export that does not say who may sign in would keep everybody enabled for ever.
  func refuseSilence(_ reading: DirectoryReading, _ people: People, _ file: String?) throws {
    let silent = reading.silent(of: people, in: source)
    if silent == 0 { return }
    throw Fault(
      .signInUnknown,
      "the export does not say of \(silent.people) whether they may sign in, and the ledger knew it: export accountEnabled too ($select), or say --keep-enabled to keep what is known",
      at: file.map { Fault.Place(file: $0) })
  }

  /// What nobody was ever asked for would count as having no value with everybody.
  func refuseUnread(_ reading: DirectoryReading, _ people: People, _ file: String?) throws {
    let unread = reading.unread(ledger.configuration.policy.sourceAttributes, of: people, in: source)
    if unread.isEmpty { return }
    throw Fault(
      .attributeUnread,
      "scope or mapping read \(unread.map(\.rawValue).joined(separator: ", ")), which neither the export nor the ledger has of anybody: export it too ($select), or leave it out of the configuration",
      at: file.map { Fault.Place(file: $0) })
  }

  /// Since the members of groups were read, somebody may have become known of whom their changes cannot tell. `people` holds
  /// at least whom the reading names.
  func refuseChanges(of assigned: Assignments, _ reading: DirectoryReading, _ people: People) throws {
    if try !assigned.kept.isEmpty && needsMembers(beside: reading.changes, people) { throw Overtaken() }
  }

  /// Whoever is new or back, or was given to the source since its last cycle, may be a member of a group that tells its
  /// changes alone. `people` holds at least whom the changes name.
  func needsMembers(beside changes: [DirectoryChange], _ people: People) throws -> Bool {
    let last = try ledger.views.lastCycle(of: source)?.upperBound ?? 0
    return try changes.needMembers(of: people, in: source) || ledger.views.hasDecisions(after: last)
  }

  /// An older delta would turn newer values back. The newest may be read again: it changes nothing.
  func refuseStale(_ reading: DirectoryReading, _ file: String?) throws {
    guard case .delta(let link) = reading.kind else { return }
    let (isKnown, isNewest) = try ledger.views.deltaLink(link, of: source)
    guard isKnown, !isNewest else { return }
    throw Fault(
      .deltaLinkStale,
      "This delta was read before, and a newer one has been read since; import only what came after the newest one.",
      at: file.map { Fault.Place(file: $0) })
  }
}

extension OpenLedger {
  /// Throws `FaultCode.keyMissing` when keys are gone of people whom nobody erased: they would be taken for strangers, and
  /// get a second account.
  func requireKeys(of people: [Person]) throws {
    let lost = try lostKeys(among: people.map(\.alias))
    guard let first = lost.first else { return }
    throw Fault(
      .keyMissing,
      """
      keys.sqlite does not hold the keys of \(lost.count.people) whom nobody erased, \(first) among them: was it put back \
      from an older copy? Nothing was decided. Run `provledger verify`, which names each and the backup that has it, and \
      put the newest keys.sqlite back.
      """)
  }
}
