/// How far the members of some groups were read: what to ask the next time, and of which groups that tells. It stands in the
/// log with the cycle that read them (`Watermark.members`).
public struct MembersMark: Equatable, Sendable {
  /// The groups' object ids, lower case, in order.
  public let groups: [String]
  /// The deltaLink, as it was given.
  public let link: String

  /// A mark of some groups, at least one.
  public init(groups: some Sequence<String>, link: String) {
    self.groups = groups.sorted()
    self.link = link
  }

  /// The mark as a watermark's value: the groups with commas between, a space, and the link.
  public var text: String { "\(groups.joined(separator: ",")) \(link)" }

  /// Reads such a value; nil for anything else.
  public init?(text: String) {
    // Neither an id nor a link holds a space.
    let parts = text.split(separator: " ", omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { return nil }
    self.init(groups: parts[0].split(separator: ",").map(String.init), link: String(parts[1]))
  }
}
