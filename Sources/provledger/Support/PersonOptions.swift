import ArgumentParser
import Base
import Foundation
import Ledger
import Operations
import Provisioning
import Terminal

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

  /// As above, for what changes nothing: part of a name is enough where one person has it. Where several do, standard error
  /// lists them, and on a terminal one is chosen.
  func withPersonByPart<Result>(_ body: (Person, OpenLedger) throws -> Result) throws -> Result {
    try ledger.withLedger { try body(try byPart(in: $0), $0) }
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
      throw Fault(.personAmbiguous, "\(found.count) people have \"\(user)\" in a name; name one of them in full.")
    }
    Output.tell("Which one? 1 to \(shown.count): ")
    guard let answer = readLine().flatMap({ Int($0) }), shown.indices.contains(answer - 1) else {
      throw ExitCode(.usage)
    }
    return shown[answer - 1]
  }
}
