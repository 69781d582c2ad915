import Base
import EventLog
public import JSON
public import Ledger
public import Provisioning
import Sealing

/// Every configuration that the log recorded: when, by whom, and how its text differs from the one before.
public enum ConfigurationHistory {
  /// One recorded configuration.
  public struct Change: Sendable {
    /// The event.
    public let logged: LoggedEvent
    /// How its text differs from the one before, in the unified format; of the first all of it is new.
    public let difference: [String]

    /// When, by whom, and which event.
    public var title: String { "\(logged.time)  \(logged.actor) [\(logged.position)]" }

    /// As a JSON object.
    public var json: JSONValue {
      [
        "actor": .string(logged.actor.description), "difference": .string(difference.map { "\($0)\n" }.joined()),
        "position": .string(String(logged.position)), "time": .string(logged.time.description),
      ]
    }
  }

  /// All of them, in order. Throws the faults of log and keys.
  public static func of(_ ledger: OpenLedger) throws -> [Change] {
    var before = Text("")
    return try recorded(in: ledger.log, ledger.codec).map { logged, text in
      let after = Text(text)
      defer { before = after }
      return Change(logged: logged, difference: difference(before, after))
    }
  }

  /// The events with their texts.
  static func recorded(in log: Log, _ codec: EventCodec) throws -> [(LoggedEvent, text: String)] {
    try log.events(of: [Stream.configuration.description]).compactMap { recorded in
      let logged = try codec.decode(recorded)
      guard case .configurationApplied(let applied) = logged.payload else { return nil }
      return (logged, applied.text)
    }
  }

  /// A text's lines, and those of them that may hold a secret.
  private struct Text {
    let lines: [String]
    let secret: Range<Int>

    init(_ text: String) {
      var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      if lines.last == "" { lines.removeLast() }
      self.lines = lines
      secret = ConfigurationSettings.secretLines(of: text)
    }

    /// The lines, each secret one marked, so that it is found again behind the comparison.
    var marked: [String] {
      lines.enumerated().map { index, line in secret.contains(index) ? "\(line)\0" : line }
    }
  }

  /// The commands that are told of checkpoints may hold a secret: that they changed is shown, and not to what.
  private static func difference(_ before: Text, _ after: Text) -> [String] {
    UnifiedDiff.lines(from: before.marked, to: after.marked).map { line in
      guard line.hasSuffix("\0") else { return line }
      let blanks = line.dropFirst().prefix { $0 == " " }
      return "\(line.prefix(1))\(blanks)\(EffectiveSettings.notShown)"
    }
  }
}
