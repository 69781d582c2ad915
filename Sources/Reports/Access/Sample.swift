import Crypto
import Foundation

/// A sample that everybody can draw again: the rows whose SHA-256 of seed and position is smallest.
public struct Sample: Equatable, Sendable {
  /// How many rows, from 1.
  public let count: Int
  /// The seed, which an auditor chooses.
  public let seed: String

  /// A sample of so many rows.
  public init(count: Int, seed: String) {
    self.count = count
    self.seed = seed
  }

  /// The rows that are drawn, in their order. `position` is the event that a row rests on.
  func drawn<Row>(from rows: [Row], _ position: (Row) -> Int64) -> [Row] {
    let ranked = rows.indices.sorted { rank(position(rows[$0])).lexicographicallyPrecedes(rank(position(rows[$1]))) }
    return ranked.prefix(count).sorted().map { rows[$0] }
  }

  /// SHA-256 over the seed, a colon, and the position in decimal.
  private func rank(_ position: Int64) -> [UInt8] { Array(SHA256.hash(data: Data("\(seed):\(position)".utf8))) }
}
