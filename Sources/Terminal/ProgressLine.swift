import Base
import Glibc
import Synchronization

/// Shows how far long work is: a bar on a terminal, elsewhere a plain line every few seconds.
public final class ProgressLine: Sendable {
  private let screen: Screen
  private let isTerminal = Screen.isTerminal(STDERR_FILENO)
  private let shown: Mutex<Timestamp>
  private let ticking = Mutex<Task<Void, Never>?>(nil)

  private var interval: Duration { isTerminal ? .milliseconds(100) : .seconds(5) }

  /// A line that is not shown yet.
  public init(on screen: Screen = .shared) {
    self.screen = screen
    // The first plain line comes after a while, the first bar at once.
    shown = Mutex(isTerminal ? Timestamp(milliseconds: 0) : SystemClock.now())
  }

  /// Shows a text, with a bar when the share that is done is known; more often than is useful is left out.
  public func show(_ text: @autoclosure () -> String, done: Double? = nil) {
    guard isDue() else { return }
    let bar = Bar(OutsideText.cleaned(text()), done: done)
    put({ bar }, now: true)
  }

  /// Shows what changes with time alone: on a terminal `bar` is asked again every second.
  public func show(changing bar: @escaping @Sendable () -> Bar) {
    let now = isDue()
    // What comes too soon is shown a little later, unless something newer comes.
    if now || isTerminal { put(bar, now: now) }
  }

  /// Takes the bar away.
  public func end() {
    ticking.withLock { task in
      task?.cancel()
      task = nil
    }
    if isTerminal { screen.end() }
  }

  /// Whether something would be shown now; if so, it counts as shown.
  private func isDue() -> Bool {
    shown.withLock { shown in
      let now = SystemClock.now()
      guard now - shown >= interval else { return false }
      shown = now
      return true
    }
  }

  private func put(_ bar: @escaping @Sendable () -> Bar, now: Bool) {
    guard isTerminal else { return screen.tell("\(bar().plain)\n") }
    screen.show(bar, now: now)
    ticking.withLock { task in
      if task == nil { task = Task { [screen] in await Self.tick(screen) } }
    }
  }

  /// Also after a change of the terminal's size.
  private static func tick(_ screen: Screen) async {
    while !Task.isCancelled {
      do { try await Task.sleep(for: .seconds(1)) } catch { return }
      screen.redraw()
    }
  }
}
