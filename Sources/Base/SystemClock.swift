import Glibc

/// The one place that reads the machine's clock.
public enum SystemClock {
  /// Now, to the millisecond, UTC.
  @Sendable public static func now() -> Timestamp {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
  }
}
