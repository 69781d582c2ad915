import Foundation

/// Which seeds a simulation runs.
enum Seeds {
  private static let environment = ProcessInfo.processInfo.environment

  /// How long seeds that nobody asked for take at most: a slow machine gets through fewer, and says how many.
  private static let bound = Duration.seconds(300)

  /// True when the seeds of a half that began at a moment have taken long enough; says at which one it ends.
  static func areEnough(since began: ContinuousClock.Instant, half: UInt64, before seed: UInt64) -> Bool {
    if environment["PROVLEDGER_SEEDS"] != nil || ContinuousClock.now - began <= bound { return false }
    print("half \(half): this machine is slow; the seeds from \(seed) on are left out")
    return true
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
