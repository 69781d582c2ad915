public import JSON
public import Provisioning

/// A part of a ledger as a rebuild found or left it.
public struct RebuiltPart: Equatable, Sendable {
  /// What became of it.
  public enum State: String, Sendable {
    /// It was there.
    case found
    /// It was made anew from the log.
    case rebuilt
    /// It is gone, and nothing that is left says what it was.
    case lost
  }

  /// Its file, or a stable word: `keys` for those of people, `erasures`, `events` for the log's end.
  public var name: String
  /// What became of it.
  public var state: State
  /// The same in words.
  public var words: String

  init(_ name: String, _ state: State, _ words: String) {
    self.name = name
    self.state = state
    self.words = words
  }

  /// As a JSON object.
  public var json: JSONValue {
    ["name": .string(name), "state": .string(state.rawValue), "words": .string(words)]
  }
}

/// What a rebuild found, made anew, and compared.
public struct Rebuilt: Equatable, Sendable {
  /// What it started from.
  public var source: LedgerRebuilt.Source
  /// Whether it was tried in a temporary place, which is gone again.
  public var isDrill = false
  /// The parts of the ledger.
  public var parts: [RebuiltPart]
  /// The number of events, all verified, which the views have reached.
  public var size: Int64
  /// The Merkle root over them.
  public var root: String
  /// The digest of the rebuilt views.
  public var views: String
  /// Whether another build of the views, and for a drill that of the ledger at hand, gave the same digest.
  public var isEqual: Bool
  /// How long it took, in milliseconds.
  public var milliseconds = 0
  /// How many deliveries a worker would take up.
  public var pending: Int
  /// Whether the folder is a copy, which delivers once somebody accepts that.
  public var isCopy: Bool

  /// The names of the parts that are lost.
  public var lost: [String] { parts.filter { $0.state == .lost }.map(\.name) }

  /// What is recorded of it.
  public var event: LedgerRebuilt {
    LedgerRebuilt(
      isDrill: isDrill, source: source, events: size, views: views, isEqual: isEqual,
      milliseconds: min(milliseconds, Int(Int32.max)), lost: lost)
  }

  /// As a JSON object.
  public var json: JSONValue {
    [
      "drill": .bool(isDrill), "source": .string(source.rawValue), "size": .string(String(size)),
      "root": .string(root), "views": .string(views), "equal": .bool(isEqual),
      "milliseconds": .integer(Int64(milliseconds)), "parts": .array(parts.map(\.json)),
      "pending": .integer(Int64(pending)), "copy": .bool(isCopy),
    ]
  }
}
