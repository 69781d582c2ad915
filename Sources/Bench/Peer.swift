import JSON
import Subprocess
import SystemPackage

/// A program that is not ours, and what it prints.
enum Peer {
  /// Why a program gave no figure.
  struct Failure: Error, CustomStringConvertible {
    var description: String
  }

  /// Runs it; it prints how many things it did in how many seconds. Things a second.
  static func rate(_ program: String, _ arguments: [String]) async throws -> Double {
    let text = try await output(program, arguments)
    let json = try JSONParser.parse(text.utf8)
    guard let events = json["events"]?.integer, let seconds = number(json["seconds"]), seconds > 0 else {
      throw Failure(description: "\(program) printed no figure: \(text)")
    }
    return Double(events) / seconds
  }

  private static func number(_ value: JSONValue?) -> Double? {
    switch value {
    case .integer(let whole): Double(whole)
    case .decimal(let text): Double(text)
    default: nil
    }
  }

  /// Runs it and returns what it prints. Throws `Failure` when it does not end with 0.
  static func output(_ program: String, _ arguments: [String]) async throws -> String {
    let executable: Executable = program.contains("/") ? .path(FilePath(program)) : .name(program)
    let result = try await run(
      executable, arguments: Arguments(arguments), output: .string(limit: 1 << 16), error: .string(limit: 1 << 16))
    guard case .exited(0) = result.terminationStatus else {
      throw Failure(
        description:
          "\(program) \(arguments.joined(separator: " ")): \(result.terminationStatus) \(result.standardError)")
    }
    return result.standardOutput
  }
}
