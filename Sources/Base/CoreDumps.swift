import Glibc

/// Keeping what is in this process's memory, tokens and keys and people, out of files that a crash would write.
public enum CoreDumps {
  // PR_SET_DUMPABLE of Linux' prctl.h. prctl(2) takes a variable number of arguments, which Swift does not import; on the
  // platforms that Swift runs on under Linux these are passed as those of a plain function.
  private static let setDumpable: Int32 = 4
  private typealias Prctl = @convention(c) (Int32, UInt, UInt, UInt, UInt) -> Int32

  /// Has this process leave no core dump, also where the system hands them to a program, and lets no other process of
  /// this user look into it. Its children are not concerned.
  public static func refuse() {
    var none = rlimit(rlim_cur: 0, rlim_max: 0)
    _ = setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
    guard let symbol = dlsym(nil, "prctl") else { return }
    _ = unsafeBitCast(symbol, to: Prctl.self)(setDumpable, 0, 0, 0, 0)
  }
}
