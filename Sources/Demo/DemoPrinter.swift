import Foundation

/// Where the demo tells what it does.
public struct DemoPrinter: Sendable {
  private let write: @Sendable (String) -> Void

  /// A printer that hands each line to `write`.
  public init(_ write: @escaping @Sendable (String) -> Void) { self.write = write }

  func line(_ text: String = "") { write(text) }
  func step(_ number: Int, _ text: String) {
    write("")
    write("\(number). \(text)")
  }
}
