import Glibc

/// How memory is handed out.
public enum Allocator {
  // M_ARENA_MAX of the GNU C Library's malloc.h, which Swift's module of it leaves out. Elsewhere there is no such function.
  private static let mostArenas: Int32 = -8
  private typealias Mallopt = @convention(c) (Int32, Int32) -> Int32

  /// Lets all threads share one pool. With one for each thread, which is what the C library does by itself, each keeps what it
  /// freed, and a command that goes through a hundred thousand people holds a quarter more at its peak (mallopt(3)).
  public static func share() {
    guard let symbol = dlsym(nil, "mallopt") else { return }
    _ = unsafeBitCast(symbol, to: Mallopt.self)(mostArenas, 1)
  }
}
