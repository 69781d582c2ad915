import Dispatch
import Glibc

/// What Ctrl-Z does (SIGTSTP, signal(7)) to a program that has taken the terminal: it gives it back before it stops, and
/// takes it again when it goes on. As long as this lives.
public final class Suspension {
  private let source: any DispatchSourceSignal

  /// `leave` is done before the process stops, `enter` once somebody has it go on.
  public init(leave: @escaping @Sendable () -> Void, enter: @escaping @Sendable () -> Void) {
    signal(SIGTSTP, SIG_IGN)
    source = DispatchSource.makeSignalSource(signal: SIGTSTP, queue: .global())
    source.setEventHandler {
      leave()
      // What cannot be ignored; the calling thread does not come back before somebody has sent SIGCONT.
      raise(SIGSTOP)
      enter()
    }
    source.activate()
  }

  deinit {
    source.cancel()
    signal(SIGTSTP, SIG_DFL)
  }
}
