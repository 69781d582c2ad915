import Synchronization

/// The terminal's second screen while a program draws on it. Whoever takes the terminal away, as Ctrl-Z does, has the
/// word: nothing is drawn between `give` and the next `take`, whichever threads they come from.
public final class SecondScreen: Sendable {
  private let isTaken = Mutex(false)
  private let write: @Sendable (String) throws -> Void

  /// Takes nothing yet. `write` has the terminal's bytes, one call at a time.
  public init(write: @escaping @Sendable (String) throws -> Void) { self.write = write }

  /// Goes to the second screen, where it is not there already. A write that fails is left to the next frame to tell.
  public func take() { change(to: true, AlternateScreen.enter) }

  /// Leaves the terminal as it was found.
  public func give() { change(to: false, AlternateScreen.leave) }

  private func change(to taken: Bool, _ text: String) {
    isTaken.withLock {
      guard $0 != taken else { return }
      $0 = taken
      try? write(text)
    }
  }

  /// Draws a frame, unless the terminal is somebody else's. Throws what `write` does.
  public func draw(_ frame: String) throws {
    try isTaken.withLock { if $0 { try write(frame) } }
  }
}
