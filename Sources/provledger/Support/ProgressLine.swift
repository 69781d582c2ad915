import Base
import Foundation
import Ledger
import Provisioning
import Synchronization

/// Shows how far long work is: a bar on a terminal, elsewhere a plain line every few seconds.
final class ProgressLine: Sendable {
  private struct State {
    var shown: Timestamp?
    var width = 0
  }

  private let isTerminal = isatty(STDERR_FILENO) == 1
  private let began = SystemClock.now()
  private let state = Mutex(State())

  private var interval: Duration { isTerminal ? .milliseconds(100) : .seconds(5) }

  /// True when a text would be shown now.
  var isDue: Bool { state.withLock { isDue($0, SystemClock.now()) } }

  private func isDue(_ state: State, _ now: Timestamp) -> Bool {
    now - (state.shown ?? (isTerminal ? Timestamp(milliseconds: 0) : began)) >= interval
  }

  /// Shows a text, with a bar when the share that is done is known; more often than is useful is left out.
  func show(_ text: String, done: Double? = nil) {
    state.withLock { state in
      let now = SystemClock.now()
      guard isDue(state, now) else { return }
      state.shown = now
      if isTerminal {
        let line = (done.map { Self.bar($0) + " " } ?? "") + text
        let padding = String(repeating: " ", count: max(0, state.width - line.count))
        state.width = line.count
        Output.tell("\r\(line)\(padding)")
      } else {
        let share = done.map { " (\(Int($0 * 100)) %)" } ?? ""
        Output.tell("\(text)\(share)\n")
      }
    }
  }

  /// Takes the bar away.
  func end() {
    state.withLock { state in
      guard isTerminal, state.width > 0 else { return }
      Output.tell("\r\(String(repeating: " ", count: state.width))\r")
      state.width = 0
    }
  }

  private static func bar(_ done: Double) -> String {
    let width = 30
    let filled = min(width, max(0, Int(done * Double(width))))
    return "[" + String(repeating: "#", count: filled) + String(repeating: "-", count: width - filled) + "]"
  }
}
