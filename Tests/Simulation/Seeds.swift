import Foundation

/// Which seeds a simulation runs.
enum Seeds {
  private static let environment = ProcessInfo.processInfo.environment

  /// How long seeds that nobody asked for take at most: a slow machine gets through fewer, and says how many.
  private static let bound = Duration.seconds(300)

  /// True when seeds that began at a moment have taken long enough.
  static func areEnough(since began: ContinuousClock.Instant) -> Bool {
    environment["PROVLEDGER_SEEDS"] == nil && ContinuousClock.now - began > bound
  }

  /// The one that `PROVLEDGER_SEED` names, as many as `PROVLEDGER_SEEDS` says, or as many as are usual for the build.
  static func chosen(debug: UInt64, release: UInt64) -> ClosedRange<UInt64> {
    if let one = environment["PROVLEDGER_SEED"].flatMap(UInt64.init) { return one...one }
    #if DEBUG
      let standard = debug
    #else
      let standard = release
    #endif
    return 1...(environment["PROVLEDGER_SEEDS"].flatMap(UInt64.init) ?? standard)
  }
}
