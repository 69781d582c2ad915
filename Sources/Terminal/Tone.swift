/// What a word says about how things stand, shown as a colour.
public enum Tone: Sendable {
  /// All is well.
  case good
  /// Somebody should look.
  case doubtful
  /// Something is wrong.
  case bad
  /// A heading.
  case heading

  /// The text in the tone's colour: SGR codes of ECMA-48, which leave the background alone.
  public func painted(_ text: String) -> String { text.isEmpty ? text : "\u{1B}[\(code)m\(text)\u{1B}[0m" }

  private var code: Int {
    switch self {
    case .good: 32
    case .doubtful: 33
    case .bad: 31
    case .heading: 1
    }
  }

  private static let words: [Tone: Set<String>] = [
    .good: ["ok", "passed", "delivered", "active", "enabled", "provisioned", "unchanged", "resolved", "OK"],
    .doubtful: [
      "pending", "held", "onHold", "skipped", "superseded", "warning", "reported", "WARNING", "NOTICE", "MAINTENANCE",
      "PAUSED", "paused", "SAFEGUARD", "BACKUP", "COPY", "UNRECORDED",
    ],
    .bad: [
      "parked", "abandoned", "failed", "failure", "drifted", "missing", "changed", "extra", "FAILURE", "FAILED",
      "DIFFERENT", "LOST", "NOT KNOWN", "NOT SOUND", "TAMPERED", "TAMPERING", "QUARANTINE", "SILENCE", "CIRCUIT OPEN",
      "QUOTA USED UP", "ANCHOR FAILED", "ACTIVE LEAVERS", "CYCLES FAIL", "Error",
    ],
  ]

  /// The tone of one of the program's words for how something stands; nil for any other text.
  public init?(word: some StringProtocol) {
    guard let tone = Self.words.first(where: { $0.value.contains(String(word)) })?.key else { return nil }
    self = tone
  }

  /// The line with the words in colour that it begins with, as far as they are the program's own: `LOST: …`, `OK E-1: …`.
  public static func paintedLead(_ line: String) -> String {
    let words = line.prefix { $0 == " " || ("A"..."Z").contains($0) || ("a"..."z").contains($0) }
    for end in words.indices.reversed() where line[end] != " " {
      let lead = line[...end]
      if let tone = Tone(word: lead), isEnd(line, behind: end) {
        return tone.painted(String(lead)) + line[lead.endIndex...]
      }
    }
    return line
  }

  /// Only words in capitals, and those with a colon behind them, are a verdict at the beginning of a line.
  private static func isEnd(_ line: String, behind last: String.Index) -> Bool {
    let rest = line[last...].dropFirst()
    if rest.first == ":" { return true }
    return line[last].isUppercase && (rest.isEmpty || rest.first == " " || rest.first == ",")
  }
}
