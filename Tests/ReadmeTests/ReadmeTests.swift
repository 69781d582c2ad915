import ArgumentParser
import Base
import Foundation
import Provisioning
import Testing
import Yams

@testable import Ledger
@testable import provledger

/// Holds README.md against the program: what it says of codes, commands, keys, paths and tests is so.
@Suite("README")
struct ReadmeTests {
  private let readme: Readme

  init() throws { readme = try Readme() }

  @Test("the error codes are those of the program")
  func errorCodes() {
    let told = readme.table(under: "Error codes")
    let known = FaultCode.all.map { [$0.description, $0.meaning, String($0.exit.rawValue)] }
    #expect(told == known.sorted { $0[0] < $1[0] })
  }

  @Test("each error code that the text names is one")
  func namedCodes() {
    let known = Set(FaultCode.all.map(\.description))
    for match in readme.lines.joined(separator: "\n").matches(of: #/PL-\d{4}/#) {
      #expect(known.contains(String(match.output)))
    }
  }

  @Test("the exit codes are those of the program")
  func exitCodes() {
    #expect(readme.table(under: "Exit codes").map { $0[0] } == ExitStatus.allCases.map { String($0.rawValue) })
  }

  @Test("each path of the repository that is named is there")
  func paths() {
    let starts = ["tools/", "Sources/", "Tests/", ".ci/"]
    let words = (readme.spans + readme.fenced).flatMap { $0.split(separator: " ").map(String.init) }
    let paths = Set(words.filter { word in starts.contains { word.hasPrefix($0) } } + ["LICENSE", "migrations"])
    #expect(paths.count > 15)
    for path in paths { #expect(Readme.exists(path), "\(path) is not there") }
  }

  @Test("each command line is one that the program takes")
  func commands() throws {
    let commands = readme.fenced.map { $0.hasPrefix("$ ") ? String($0.dropFirst(2)) : $0 }
      .filter { $0.hasPrefix("provledger ") }
    #expect(commands.count > 15)
    for command in commands {
      let words = command.split(separator: " ").map(String.init).dropFirst().prefix { !["#", ">"].contains($0) }
      #expect(throws: Never.self, "\(command)") { _ = try Provledger.parseAsRoot(Array(words)) }
    }
  }

  @Test("each verb is mentioned, and each verb that is mentioned is one")
  func verbs() {
    let words = Set((readme.spans + readme.fenced).flatMap { $0.split(separator: " ").map(String.init) })
    let verbs = Provledger.configuration.subcommands.map { $0._commandName }
    for verb in verbs where verb != "demo" { #expect(words.contains(verb), "\(verb) is not mentioned") }
    for span in readme.spans where span.hasPrefix("provledger ") {
      let verb = span.split(separator: " ").map(String.init).dropFirst().first ?? ""
      #expect(verbs.contains(verb), "\(span) names no verb")
    }
  }

  @Test("each test that the table of behaviours names is there")
  func behaviours() throws {
    let rows = readme.table(under: "What it does when …")
    let sources = try Readme.testSources()
    #expect(rows.count > 20)
    for row in rows {
      let names = Readme.spans(row.last ?? "")
      #expect(row.count == 3 && !names.isEmpty, "\(row[0]) names no test")
      for name in names {
        let parts = name.split(separator: "/", maxSplits: 1).map(String.init)
        try #require(parts.count == 2, "\(name) is no type and test")
        let isThere = sources.contains { source in
          source.contains("struct \(parts[0]) ")
            && (source.contains("\"\(parts[1])\"") || source.contains("func \(parts[1])("))
        }
        #expect(isThere, "no test \(name)")
      }
    }
  }

  @Test("the keys of the configuration are those of the template")
  func configuration() throws {
    var keys: Set<String> = []
    for secret in [SecretSource.environment("T"), .file("/t")] {
      let yaml = Configuration.template(
        origin: "o", url: TargetConfiguration.teamViewer, token: secret, master: secret)
      keys.formUnion(Self.keys(try Yams.compose(yaml: yaml)))
    }
    let told = readme.table(under: "Configuration").map { Readme.spans($0[0]).first ?? "" }
    #expect(Set(told) == keys)
    #expect(told.count == keys.count)
  }

  private static func keys(_ node: Node?) -> [String] {
    (node?.mapping ?? [:]).flatMap { key, value -> [String] in
      let name = key.string ?? ""
      return value.mapping == nil ? [name] : keys(value).map { "\(name).\($0)" }
    }
  }

  @Test("the layout lists the folders of Sources, all of them")
  func layout() throws {
    let told = readme.table(under: "Layout").compactMap { Readme.spans($0[0]).first }
    let sources = Readme.root.appendingPathComponent("Sources").path
    let folders = try FileManager.default.contentsOfDirectory(atPath: sources)
    #expect(told.filter { $0.hasPrefix("Sources/") }.sorted() == folders.map { "Sources/\($0)" }.sorted())
  }

  @Test("the packages are those that Package.swift names")
  func dependencies() throws {
    let package = try String(contentsOf: Readme.root.appendingPathComponent("Package.swift"), encoding: .utf8)
    let urls = package.matches(of: #/\.package\(url: "([^"]+)"/#).map { String($0.output.1) }
    let names = urls.compactMap { $0.split(separator: "/").last.map(String.init) }
    let told = readme.table(under: "Dependencies").flatMap { $0[0].split(separator: ", ").map(String.init) }
    #expect(told.sorted() == names.sorted())
  }
}
