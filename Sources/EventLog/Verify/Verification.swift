/// What reading a log has shown. That a log is not sound is an answer, not an error.
public struct Verification: Equatable, Sendable {
  /// The highest position when the reading began.
  public let size: Int64
  /// The size of the checkpoint from which on entries were read; 0 when the whole log was.
  public var since: Int64 = 0
  /// The Merkle tree hash of the entries' bytes; nil when positions are missing, so that there is no such tree.
  public let root: Digest32?
  /// The number of checkpoints, kept in the log or elsewhere, whose root was found to be that of the log.
  public var checkpoints: Int64 = 0
  /// The size of the largest checkpoint among them: of what came later nobody has signed anything.
  public var covered: Int64 = 0
  /// What is wrong, the lowest position first, then what concerns no position; those beyond `Verification.limit` are
  /// left out.
  public private(set) var findings: [Finding]

  /// The most findings that are listed.
  public static let limit = 100

  /// Adds what somebody else found, such as who may open the seals.
  public mutating func add(_ others: [Finding]) {
    findings = Array((findings + others).sorted(by: Finding.stands).prefix(Self.limit))
  }

  /// True when nothing is wrong.
  public var isSound: Bool { findings.isEmpty }

  /// One thing that is wrong.
  public struct Finding: Equatable, Sendable, CustomStringConvertible {
    /// What was done to the log, as far as it can be told.
    public enum Kind: String, CaseIterable, Sendable {
      /// An entry's bytes are not those that were appended.
      case changed
      /// Entries are missing.
      case removed
      /// Entries stand in another order than the one in which they were appended.
      case reordered
      /// An entry is there that was never appended in that place.
      case inserted
      /// The end of the log is missing.
      case truncated
      /// A checkpoint states another history than the log's, or is no checkpoint of this log.
      case forked
      /// A row that is derived from the entries (a column, an index, a name, a node of the tree) says something else
      /// than they do.
      case index
      /// A table, an index or a trigger was changed, added or removed.
      case schema
      /// More of the end is without a checkpoint than can be.
      case uncovered
      /// A sealed part was not sealed under its person's key, or the payload is not of its type.
      case seal
      /// The key that opens a person's events is gone, though nobody erased the person.
      case lostKey

      /// The words for it.
      public var words: String {
        switch self {
        case .changed, .removed, .reordered, .inserted: rawValue
        case .truncated: "truncated tail"
        case .forked: "forked checkpoint"
        case .index: "index row that lies"
        case .schema: "changed protection"
        case .uncovered: "without checkpoint"
        case .seal: "broken seal"
        case .lostKey: "lost key"
        }
      }

      /// Among findings of one position, what explains most comes first.
      var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
    }

    /// What was done.
    public let kind: Kind
    /// The first position concerned; nil when it concerns none in particular.
    public let position: Int64?
    /// The last position concerned, where it is known that several are; nil otherwise.
    public let through: Int64?
    /// The stream concerned, as far as it can be told.
    public let stream: String?
    /// One sentence without personal data.
    public let sentence: String

    /// A finding.
    public init(kind: Kind, position: Int64?, through: Int64? = nil, stream: String?, sentence: String) {
      self.kind = kind
      self.position = position
      self.through = through
      self.stream = stream
      self.sentence = sentence
    }

    /// `position 17, stream account/…: changed: the entry …`
    public var description: String {
      var place: [String] = []
      if let position { place.append("position \(position)") }
      if let stream { place.append("stream \(stream)") }
      let text = "\(kind.words): \(sentence)"
      return place.isEmpty ? text : "\(place.joined(separator: ", ")): \(text)"
    }

    /// The lowest position first, then those without.
    static func stands(_ left: Finding, before right: Finding) -> Bool {
      (left.position ?? .max, left.position == nil ? 1 : 0, left.kind.rank)
        < (right.position ?? .max, right.position == nil ? 1 : 0, right.kind.rank)
    }
  }
}

/// How far a verification is.
public struct VerificationProgress: Equatable, Sendable {
  /// The parts of a verification.
  public enum Part: String, Sendable {
    /// The entries: bytes, leaves, tree, order, columns.
    case entries
    /// The indexes, each of which has a row an entry.
    case indexes
  }

  /// What is being read.
  public let part: Part
  /// The rows of it that are done.
  public let done: Int64
  /// All its rows.
  public let total: Int64
}
