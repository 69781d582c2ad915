/// What reading a whole log has shown. That a log is not sound is an answer, not an error.
public struct Verification: Equatable, Sendable {
  /// The highest position when the reading began.
  public let size: Int64
  /// The Merkle tree hash of the entries' bytes; nil when positions are missing, so that there is no such tree.
  public let root: Digest32?
  /// What is wrong, in the order in which it was found; those beyond `Verification.limit` are left out.
  public let findings: [Finding]

  /// The most findings that are listed.
  public static let limit = 100

  /// True when nothing is wrong.
  public var isSound: Bool { findings.isEmpty }

  /// One thing that is wrong.
  public struct Finding: Equatable, Sendable, CustomStringConvertible {
    /// What kind of change it shows.
    public enum Kind: String, CaseIterable, Sendable {
      /// The entry's bytes do not have the recorded leaf hash.
      case entry
      /// The entry is not a canonical envelope of this log.
      case envelope
      /// A column says something else than the entry.
      case column
      /// A position is missing, or one is there that cannot be.
      case position
      /// A version of a stream is missing, doubled or out of order.
      case version
      /// An id stands twice.
      case id
      /// A time is less than that of the entry before.
      case time
      /// A stored node of the tree is missing, wrong or too many.
      case node
      /// An index of the database disagrees with its table.
      case index
      /// A table, an index or a trigger was changed, added or removed.
      case schema
    }

    /// What kind of change it shows.
    public let kind: Kind
    /// The position concerned; nil when it concerns none in particular.
    public let position: Int64?
    /// The stream concerned, as far as it can be told.
    public let stream: String?
    /// One sentence without personal data.
    public let sentence: String

    /// `position 17, stream account/…: the entry …`
    public var description: String {
      var place: [String] = []
      if let position { place.append("position \(position)") }
      if let stream { place.append("stream \(stream)") }
      return place.isEmpty ? sentence : "\(place.joined(separator: ", ")): \(sentence)"
    }
  }
}
