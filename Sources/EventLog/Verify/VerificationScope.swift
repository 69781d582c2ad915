public import Base

/// What a log is verified against, besides itself.
public struct VerificationScope: Sendable {
  /// The public keys of the log that are trusted. Without any, signatures are not looked at.
  public var keys: [VerifierKey]
  /// The keys that the log itself says were replaced. Whoever writes a history can write that too, so what they signed
  /// counts only if a trusted key signed the log later.
  public var formerKeys: [VerifierKey]
  /// Checkpoints that were kept elsewhere: what finds a log that was rewritten as a whole.
  public var keptElsewhere: [SignedCheckpoint]
  /// The position that the views have reached; nil when they are not asked.
  public var viewsPosition: Int64?
  /// How much of the log's end may be without a checkpoint; nil when that is not looked at.
  public var slack: CheckpointSlack?

  /// What a log is verified against.
  public init(
    keys: [VerifierKey] = [], formerKeys: [VerifierKey] = [], keptElsewhere: [SignedCheckpoint] = [],
    viewsPosition: Int64? = nil, slack: CheckpointSlack? = nil
  ) {
    self.keys = keys
    self.formerKeys = formerKeys
    self.keptElsewhere = keptElsewhere
    self.viewsPosition = viewsPosition
    self.slack = slack
  }
}

/// How much of a log's end may be without a checkpoint: whoever deletes checkpoints can rewrite what they covered.
public struct CheckpointSlack: Sendable {
  /// Not more events than this,
  public var events: Int64
  /// unless the first of them is younger than this.
  public var span: Duration
  /// The present moment.
  public var now: Timestamp

  /// What is allowed.
  public init(events: Int64, span: Duration, now: Timestamp) {
    self.events = events
    self.span = span
    self.now = now
  }
}

/// A checkpoint that the log must agree with.
struct Mark: Sendable {
  let size: Int64
  /// What to call it.
  let name: String
  /// Whether the log itself keeps it.
  let isStored: Bool
  /// The root that it states; nil when it states none that can be believed.
  var root: Digest32?
  /// Whether a former key alone signed it.
  var isFormer = false
  /// The size of the one that the log kept before it, as it says.
  var previous: Int64?
  /// Why it cannot be believed.
  var failure: String?
  /// The tree over its piece of the log, as far as the checkpoint goes; nil where that has no tree.
  var leaves: CompactRange?
}

extension VerificationScope {
  /// The checkpoints of some sizes, those of the log and those kept elsewhere, in order of size.
  func marks(above size: Int64, through last: Int64, _ session: LogSession) throws -> [Mark] {
    guard size < last else { return [] }
    var marks = try session.notes(above: size, through: last).map { stored($0.note, size: $0.size) }
    marks += keptElsewhere.filter { $0.size > size && $0.size <= last }.map(elsewhere)
    return marks.sorted { $0.size < $1.size }
  }

  private func stored(_ text: String?, size: Int64) -> Mark {
    var mark = Mark(size: size, name: "the checkpoint of size \(size) in the log", isStored: true)
    guard let text, let note = try? SignedNote(Array(text.utf8), named: ""), let signed = try? SignedCheckpoint(note)
    else {
      mark.failure = "is no checkpoint"
      return mark
    }
    if signed.size != size {
      mark.failure = "says that it is of size \(signed.size)"
    } else {
      judge(signed, &mark)
    }
    return mark
  }

  private func elsewhere(_ signed: SignedCheckpoint) -> Mark {
    var mark = Mark(
      size: signed.size, name: "the checkpoint of size \(signed.size) that was kept elsewhere", isStored: false)
    judge(signed, &mark)
    return mark
  }

  private func judge(_ signed: SignedCheckpoint, _ mark: inout Mark) {
    if !keys.isEmpty {
      let origin = signed.checkpoint.origin
      let (present, former) = (keys.filter { $0.name == origin }, formerKeys.filter { $0.name == origin })
      if present.isEmpty, former.isEmpty {
        mark.failure = "is of another log, \(origin)"
        return
      }
      if (try? signed.note.verify(with: present)) == nil {
        guard (try? signed.note.verify(with: former)) != nil else {
          mark.failure = "carries no good signature of a key of this log"
          return
        }
        mark.isFormer = true
      }
    }
    mark.root = signed.checkpoint.root
    mark.previous = signed.previous
  }
}
