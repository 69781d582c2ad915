import ArgumentParser
import Base
import Foundation
import Subprocess
import SystemPackage

/// The command behind `tools/bench`.
@main
struct BenchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "provledger-bench",
    abstract: "Measures the log, the worker, the audit and the engine; run it by tools/bench.",
    subcommands: [LogBench.self, LargeBench.self, WorkerBench.self, AskBench.self, EngineBench.self, Write.self])

  static func main() async {
    // As the program does, so that its memory is what is measured.
    Allocator.share()
    await main(nil)
  }

  /// Says what is being done, to standard error.
  static func tell(_ text: String) { FileHandle.standardError.write(Data("\(text)\n".utf8)) }
}
