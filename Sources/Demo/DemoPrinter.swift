import Foundation

/// Where the demo tells what it does.
public struct DemoPrinter: Sendable {
  private let write: @Sendable (String) -> Void
  private let progress: @Sendable (String?) -> Void

  /// A printer that hands each line to `write`, and to `progress` what goes on now; nil when that is over.
  public init(
    _ write: @escaping @Sendable (String) -> Void, progress: @escaping @Sendable (String?) -> Void = { _ in }
  ) {
    self.write = write
    self.progress = progress
  }

  /// A line of the step that is told.
  func line(_ text: String) { write("   \(text)") }

  /// Why it matters what a step has shown.
  func why(_ text: String) { write("   => \(text)") }

  /// A new step.
  func step(_ number: Int, _ text: String) {
    write("")
    write("\(number). \(text)")
  }

  /// What goes on while `body` runs, asked for again and again.
  func telling<Result: Sendable>(
    _ text: @escaping @Sendable () -> String, _ body: () async throws -> Result
  ) async rethrows -> Result {
    let teller = Task {
      while !Task.isCancelled {
        progress(text())
        do { try await Task.sleep(for: .milliseconds(100)) } catch { return }
      }
    }
    defer {
      teller.cancel()
      progress(nil)
    }
    return try await body()
  }
}
