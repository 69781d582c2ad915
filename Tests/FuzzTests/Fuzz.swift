import Base
import Foundation
import JSON
import SCIM
import Testing

/// Runs parsers of outside bytes over spoiled samples. `PROVLEDGER_FUZZ=1000000` says how many, `PROVLEDGER_FUZZ_SEED=17`
/// where to begin; that the process goes on is half of what is tested.
enum Fuzz {
  private static let environment = ProcessInfo.processInfo.environment
  /// How many inputs a test tries; a debug build takes a tenth of a millisecond for most of them.
  static let rounds = environment["PROVLEDGER_FUZZ"].flatMap(UInt64.init) ?? 3000
  private static let first = environment["PROVLEDGER_FUZZ_SEED"].flatMap(UInt64.init) ?? 1

  /// Hands `parse` so many spoiled samples. What it throws must be of the kinds that callers expect; what it takes, the
  /// body looks at itself. A sample that is not spoiled must be taken.
  static func run(
    _ samples: [[UInt8]], share: UInt64 = 1, acceptsSamples: Bool = true, _ parse: ([UInt8]) throws -> Void
  ) throws {
    if acceptsSamples { for sample in samples { try parse(sample) } }
    for seed in first..<first + max(1, rounds / share) {
      var mutator = Mutator(seed: seed, samples: samples)
      let bytes = mutator.next()
      do { try parse(bytes) } catch is Fault {
      } catch is JSONError {
      } catch is SCIMParseError {
      } catch {
        Issue.record("seed \(seed): \(type(of: error)): \(error)")
        return
      }
    }
  }
}
