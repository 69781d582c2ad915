/// What a bar of progress shows: a text, and how much is done where that is known.
public struct Bar: Equatable, Sendable {
  /// What is done, and how far it is.
  public var text: String
  /// The share that is done, 0 to 1; nil where nobody knows.
  public var done: Double?

  /// A bar.
  public init(_ text: String, done: Double? = nil) {
    self.text = text
    self.done = done
  }

  /// One line of fewer columns than the terminal has: in the last one the cursor could be in the next line.
  public func line(width: Int) -> String {
    let room = max(0, width - 1)
    guard let done else { return text.shortened(to: room) }
    let slots = width >= 100 ? 30 : width >= 60 ? 16 : 8
    return "\(Self.bar(done, slots)) \(text)".shortened(to: room)
  }

  /// The line where nobody watches.
  public var plain: String { done.map { "\(text) (\(Self.percent($0)) %)" } ?? text }

  private static func bar(_ done: Double, _ slots: Int) -> String {
    let filled = percent(done) * slots / 100
    return "[" + String(repeating: "#", count: filled) + String(repeating: "-", count: slots - filled) + "]"
  }

  private static func percent(_ done: Double) -> Int { done.isFinite ? min(100, max(0, Int(done * 100))) : 0 }
}
