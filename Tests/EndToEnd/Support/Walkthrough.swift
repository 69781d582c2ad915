import Foundation
import Subprocess
import SystemPackage

/// A document's commands, run as a reader copies them: in order, in one shell, in a folder of the test.
struct Walkthrough: Sendable {
  /// One thing that the document has the reader type, and how it ended.
  struct Step: Sendable {
    var command: String
    var code: Int
    var output: String
  }

  /// The document, from the repository's folder on.
  var path: String
  /// What stands for something of the reader's machine or ledger, and what stands there here; a text of the shell.
  var places: [(written: String, here: String)] = []
  /// What the reader answers when a command asks; by the command's beginning.
  var answers: [String: String] = [:]
  /// What the document says in words has happened before; by the command's beginning.
  var before: [String: String] = [:]
  /// How commands end that do not end with 0, as the document says; by their beginning.
  var codes: [String: Int] = [:]
  /// Commands that run in a terminal of their own.
  var background: [String] = []
  /// Commands that are not run here, and why; by their beginning.
  var exceptions: [String: String] = [:]

  /// The folder of the repository, above the program that was built in it.
  static var repository: String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().path
  }

  /// What the document has the reader type: the lines behind a prompt, and whole fences of shell.
  func commands() throws -> [String] {
    let text = String(decoding: try Data(contentsOf: URL(fileURLWithPath: "\(Self.repository)/\(path)")), as: UTF8.self)
    return text.components(separatedBy: "\n```").dropFirst().enumerated().flatMap { index, part -> [String] in
      guard index.isMultiple(of: 2), let end = part.firstIndex(of: "\n") else { return [] }
      let body = String(part[part.index(after: end)...])
      switch part[..<end] {
      case "console":
        return body.split(separator: "\n").filter { $0.hasPrefix("$ ") || $0.hasPrefix("# ") }.map {
          String($0.dropFirst(2))
        }
      case "sh": return [body]
      default: return []
      }
    }
  }

  // Beginnings are compared with the line and its end, so that one that ends so means the whole line.

  /// Whatever is said here of a command that the document does not have.
  func stale() throws -> [String] {
    let commands = try commands()
    let said = Array(answers.keys) + Array(before.keys) + Array(codes.keys) + background + Array(exceptions.keys)
    return said.filter { said in !commands.contains { "\($0)\n".hasPrefix(said) } }
  }

  private func value<Value>(_ values: [String: Value], _ command: String) -> Value? {
    values.filter { "\(command)\n".hasPrefix($0.key) }.max { $0.key.count < $1.key.count }?.value
  }

  /// How a command is to end.
  func code(of command: String) -> Int { value(codes, command) ?? 0 }

  /// Runs what is no exception. `folder` is the reader's, and where the ledger is not named it is `ledger` in it.
  func run(in folder: String, environment: [String: String] = [:]) async throws -> [Step] {
    let work = "\(folder)/walk"
    try FileManager.default.createDirectory(atPath: work, withIntermediateDirectories: true)
    let commands = try commands().filter { value(exceptions, $0) == nil }
    for (number, command) in commands.enumerated() { try write(command, to: "\(work)/\(number)") }
    let program = URL(fileURLWithPath: try Program.path()).deletingLastPathComponent().path
    let path = "\(program):\(Self.repository)/tools:\(ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin")"
    var own = ["PATH": path, "PROVLEDGER_LEDGER": "\(folder)/ledger", "HERE": folder, "COUNT": "\(commands.count)"]
    own.merge(environment) { $1 }
    _ = try await Subprocess.run(
      .name("bash"), arguments: ["-c", Self.shell],
      environment: .inherit.updating(Dictionary(uniqueKeysWithValues: own.map { (.init(stringLiteral: $0), $1) })),
      workingDirectory: FilePath(folder), output: .string(limit: 1 << 16), error: .combinedWithOutput)
    return commands.enumerated().map { number, command in
      func read(_ name: String) -> String {
        (try? String(contentsOfFile: "\(work)/\(number).\(name)", encoding: .utf8)) ?? ""
      }
      let code = Int(read("code").trimmingCharacters(in: .whitespacesAndNewlines)) ?? -1
      return Step(command: command, code: code, output: read("out"))
    }
  }

  /// One shell for all of it, as a terminal is: what is exported stays.
  private static let shell = """
    walk=$HERE/walk
    trap 'kill $(jobs -p) 2> /dev/null' EXIT
    for number in $(seq 0 $((COUNT - 1))); do
      if [ -e "$walk/$number.before" ]; then . "$walk/$number.before" > "$walk/$number.out" 2>&1; fi
      if [ -e "$walk/$number.background" ]; then
        . "$walk/$number.sh" > "$walk/$number.out" 2>&1 &
        for _ in $(seq 300); do [ -s "$walk/$number.out" ] && break; sleep 0.1; done
        test -s "$walk/$number.out"
      else
        . "$walk/$number.sh" < "$walk/$number.in" >> "$walk/$number.out" 2>&1
      fi
      echo $? > "$walk/$number.code"
    done
    """

  private func write(_ command: String, to file: String) throws {
    func put(_ text: String, _ name: String) throws {
      try Data(text.utf8).write(to: URL(fileURLWithPath: "\(file).\(name)"))
    }
    let here = places.reduce(command) { $0.replacing($1.written, with: $1.here) }
    // A fence of shell is one script, which ends at the first line that fails.
    try put(command.contains("\n") ? "( set -euo pipefail\n\(here)\n)\n" : "\(here)\n", "sh")
    let answer = value(answers, command)
    try put(answer.map { "\($0)\n" } ?? "", "in")
    if answer != nil {
      // It asks on a terminal alone; script(1) gives it one.
      try put("\(here)\n", "typed")
      try put("script -qec 'bash \(file).typed' /dev/null\n", "sh")
    }
    if let text = value(before, command) { try put("\(text)\n", "before") }
    guard background.contains(where: command.hasPrefix) else { return }
    try put("", "background")
    // In the place of its shell, so that the end of the walk ends it and not the shell alone.
    try put("exec \(here.hasSuffix("&") ? here.dropLast() : here[...])\n", "sh")
  }
}
