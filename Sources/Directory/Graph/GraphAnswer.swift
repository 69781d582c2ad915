import Base
import Provisioning

/// Puts the pages of one answer together and refuses what is not one whole answer.
struct GraphAnswer {
  private let limits: Limits
  private var pages: [GraphPage] = []
  /// How many objects there are, repetitions included.
  private(set) var objects = 0
  /// What could not be read.
  private var unread: [UnreadValue] = []
  /// The file in which each nextLink stands.
  private var links: [ByteKey: String] = [:]

  init(limits: Limits) { self.limits = limits }

  mutating func add(_ page: GraphPage) throws {
    objects += page.changes.count
    guard objects <= limits.objects else { throw tooMany(limits, at: .init(file: page.file)) }
    if let link = page.nextLink, let other = links.updateValue(page.file, forKey: ByteKey(link)) {
      throw Fault(
        .pageMissing, "the nextLink is also that of \(other): the same page was saved twice; remove one of the two",
        at: .init(file: page.file))
    }
    unread += page.unread
    pages.append(page)
  }

  /// The answer as a whole. A page does not tell its own address, so the links cannot be followed; but of n pages
  /// of one answer, n - 1 have a nextLink, each another.
  mutating func reading(mustBeDelta: Bool) throws -> DirectoryReading {
    let end = try end()
    return mustBeDelta || isDelta ? try delta(end) : try snapshot()
  }

  /// All users of a delta that was read from the beginning, with the deltaLink to go on from. Who is removed in it is as
  /// absent as from a list; the same address of two people is for whoever decides, since Graph repeats and is late.
  mutating func everybody() throws -> DirectoryReading {
    var reading = try changes()
    reading.kind = .snapshot
    reading.changes.removeAll { $0.state != .present }
    clearUnsaid(&reading)
    guard !reading.changes.isEmpty else {
      throw Fault(
        .noPeople,
        "the directory shows no user; it would make everybody a leaver. Look at the application's permissions",
        at: .init(file: pages[0].file))
    }
    // A name that nobody has was not selected, or may not be seen.
    if !reading.changes.contains(where: { $0.attributes[.userPrincipalName] != nil }), let first = reading.changes.first
    {
      _ = try Snapshot.name(of: first)
    }
    return reading
  }

  /// Graph leaves out what a person does not have, so that a value may be gone without a word. What nobody has may be what the
  /// application is not allowed to see, and is left as it is; a manager is told of each who has one.
  private func clearUnsaid(_ reading: inout DirectoryReading) {
    let unread = Set(reading.unread)
    for attribute in limits.attributes where !attribute.isRequired {
      let isUnsaid = { (change: DirectoryChange) in
        change.attributes[attribute] == nil
          && (unread.isEmpty || !unread.contains(UnreadValue(id: change.id, attribute: attribute)))
      }
      if attribute != .manager, reading.changes.allSatisfy(isUnsaid) { continue }
      for index in reading.changes.indices where isUnsaid(reading.changes[index]) {
        reading.changes[index].attributes[attribute] = .cleared
      }
    }
  }

  /// What has changed, with the deltaLink to go on from.
  mutating func changes() throws -> DirectoryReading {
    let end = try end()
    var reading = try delta(end)
    reading.watermark = pages[end].deltaLink
    return reading
  }

  /// The page that ends the answer.
  private func end() throws -> Int {
    let terminal = pages.indices.filter { pages[$0].nextLink == nil }
    guard let end = terminal.first else {
      throw Fault(
        .pageMissing, "the page that the nextLink names is not there; fetch it and the ones after it",
        at: .init(file: pages.last?.file ?? ""))
    }
    if terminal.count > 1 {
      throw Fault(
        .pageMissing,
        "this page and \(pages[end].file) are both the last one of an answer; import the pages of one answer alone",
        at: .init(file: pages[terminal[1]].file))
    }
    return end
  }

  private var isDelta: Bool {
    pages.contains { page in
      page.deltaLink != nil || page.nextLink.map(isDeltaLink) == true || page.hasRemoved
    }
  }

  private func isDeltaLink(_ link: String) -> Bool {
    link.prefix { $0 != "?" }.hasSuffix("/delta")
  }

  private mutating func snapshot() throws -> DirectoryReading {
    for page in pages {
      if let count = page.count, count != objects {
        throw Fault(
          .pageMissing, "@odata.count says \(count.of("user")) and the pages hold \(objects); fetch all pages again",
          at: .init(file: page.file))
      }
    }
    var snapshot = Snapshot(limits: limits)
    try giveUpChanges { try snapshot.add($0) }
    return try snapshot.reading(of: pages[0].file)
  }

  /// Graph repeats objects within one answer: merged in order, the last word on each attribute and on the state counts.
  private mutating func delta(_ end: Int) throws -> DirectoryReading {
    guard let link = pages[end].deltaLink else {
      throw Fault(
        .deltaLinkMissing, "the last page has no deltaLink, so this is no complete delta; fetch it to the end",
        at: .init(file: pages[end].file))
    }
    // Another order would let an older word win.
    guard end == pages.count - 1 else {
      throw Fault(
        .pageMissing,
        "the page with the deltaLink is the last one of its answer; name the pages in order, or their folder",
        at: .init(file: pages[end].file))
    }
    var changes: [DirectoryChange] = []
    var known: [ByteKey: Int] = [:]
    changes.reserveCapacity(objects)
    known.reserveCapacity(objects)
    giveUpChanges { change in
      let key = ByteKey(change.id)
      if let index = known[key] {
        changes[index].attributes.merge(change.attributes)
        changes[index].state = change.state
        changes[index].place = change.place
      } else {
        known[key] = changes.count
        changes.append(change)
      }
    }
    var reading = DirectoryReading(kind: .delta(link: link), changes: changes)
    reading.unread = unread
    return reading
  }

  /// Hands on all objects in order; the pages let go of them, since a hundred thousand are not to be held twice.
  private mutating func giveUpChanges(_ take: (DirectoryChange) throws -> Void) rethrows {
    for place in pages.indices { try pages[place].giveUpChanges().forEach(take) }
  }
}
