import Base
import Foundation
import Ledger
import Logging
import Provisioning
import Views

/// What a shell offers for a word that is being written: quick, and silent where nothing can be offered.
enum Completion {
  private static let limit = 50

  /// The sign-in names of people that begin so, from the ledger that the words so far name.
  @Sendable static func people(_ words: [String], _ index: Int, _ prefix: String) -> [String] {
    let folder = Self.folder(words) ?? LedgerOptions.path(nil)
    return (try? ViewStore.names(beginningWith: prefix, in: "\(folder)/views.sqlite", limit: limit)) ?? []
  }

  private static func folder(_ words: [String]) -> String? {
    if let index = words.lastIndex(of: "--ledger"), words.indices.contains(index + 1) { return words[index + 1] }
    return words.last { $0.hasPrefix("--ledger=") }.map { String($0.dropFirst("--ledger=".count)) }
  }
}
