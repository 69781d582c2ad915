import ArgumentParser
import Base
import EventLog
import Foundation
import Ledger
import Logging
import Operations
import Provisioning
import Reports
import Terminal
import Views

/// What every command about one person takes.
struct PersonOptions: ParsableArguments {
  @OptionGroup var ledger: LedgerOptions
  @OptionGroup var output: FormatOptions
  @Argument(
    help: "A sign-in name, an object id, an address, a TeamViewer id or an alias.",
    completion: .custom(Completion.people))
  var user: String

  /// Opens the ledger, finds the one person that is meant, and closes it behind `body`.
  func withPerson<Result>(_ body: (Person, OpenLedger) async throws -> Result) async throws -> Result {
    try await ledger.withLedger { try await body(try $0.person(user), $0) }
  }

  /// As above, for what waits for nothing.
  func withPerson<Result>(_ body: (Person, OpenLedger) throws -> Result) throws -> Result {
    try ledger.withLedger { try body(try $0.person(user), $0) }
  }

  /// What is to be shown of the one person that is meant. The look is on record when it is returned; where nothing can be
  /// written, standard error says that it is not.
  ///
  /// Part of a name is enough where one person has it. Where several do, standard error lists them, and on a terminal one is
  /// chosen.
  func look<Result>(_ verb: String, _ body: (Person, OpenLedger) throws -> Result) async throws -> Result {
    try await ledger.withLedger { ledger in
      let found = try byPart(in: ledger)
      return try await recorded(verb, found, try body(found, ledger), in: ledger)
    }
  }

  /// As above, of a moment: `body` is given the person as they were then.
  func look<Result>(
    _ verb: String, _ past: PastOptions, _ body: (Person, AsOf?, OpenLedger) throws -> Result
  ) async throws -> Result {
    guard past.asOf != nil else { return try await look(verb) { try body($0, nil, $1) } }
    return try await ledger.withLedger { ledger in
      let moment = try past.moment(in: ledger)
      let found = try ledger.person(user, at: moment?.position ?? ledger.log.lastPosition())
      return try await recorded(verb, found, try body(found, moment, ledger), in: ledger)
    }
  }

  private func recorded<Result>(
    _ verb: String, _ found: Person, _ result: Result, in ledger: OpenLedger
  ) async throws -> Result {
    if let protection = ledger.protection {
      Output.notice("UNRECORDED: \(protection.sentence)")
    } else {
      try await Records(ledger).viewOne(verb, of: found.alias, asked: user)
    }
    return result
  }

  private func byPart(in ledger: OpenLedger) throws -> Person {
    do { return try ledger.person(user) } catch let fault as Fault where fault.code == .personUnknown {
      let found = try ledger.people(withPart: user)
      guard let first = found.first else { throw fault }
      if found.count > 1 { return try choose(among: found) }
      Output.notice("\"\(user)\" is taken for \(first.user?[.userPrincipalName] ?? first.alias)")
      return first
    }
  }

  private func choose(among found: [Person]) throws -> Person {
    let shown = found.prefix(20)
    for (index, person) in shown.enumerated() {
      let names = [person.user?[.userPrincipalName], person.user?[.displayName], person.alias].compactMap { $0 }
      Output.notice("\(index + 1)  \(names.joined(separator: ", "))")
    }
    if found.count > shown.count { Output.notice("…  and \(found.count - shown.count) more") }
    guard !output.json, Screen.isTerminal(STDIN_FILENO), Screen.isTerminal(STDERR_FILENO) else {
      throw Fault(
        .personAmbiguous,
        "\(found.count.of("person has", "people have")) \"\(user)\" in a name; name one of them in full.")
    }
    Output.tell("Which one? 1 to \(shown.count): ")
    guard let answer = readLine().flatMap({ Int($0) }), shown.indices.contains(answer - 1) else {
      throw ExitCode(.usage)
    }
    return shown[answer - 1]
  }
}

/// What every command takes that does one thing about one person, and says why.
struct PersonActOptions: ParsableArguments {
  @OptionGroup var person: PersonOptions
  @Option(help: "Why, in words; sealed under the person's key.")
  var reason: String

  /// Does it, and shows what was done; `member` names it in JSON.
  func run(
    _ done: String, as member: String = "done",
    _ act: (_ ledger: OpenLedger, _ alias: String, _ reason: String) async throws -> Receipt
  ) async throws {
    try await person.withPerson { found, ledger in
      person.output.show(done, found.alias, try await act(ledger, found.alias, reason), as: member)
    }
  }
}

extension FormatOptions {
  /// Shows what was done about a person.
  func show(_ done: String, _ alias: String, _ receipt: Receipt, as member: String = "done") {
    if json { return Output.json(receipt.json(member, done, of: alias)) }
    Output.line("\(done): \(alias) (event \(receipt.last))")
  }
}

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
