import ArgumentParser
import Base
import JSON
import Ledger
import Operations
import Provisioning
import Views

/// `provledger legal-hold`
struct LegalHold: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "legal-hold", abstract: "People who must not be erased.",
    subcommands: [Place.self, Lift.self, List.self])

  /// `provledger legal-hold place`
  struct Place: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Keep a person from being erased.",
      discussion: """
        Example:
          provledger legal-hold place ada@contoso.com --reason case-2026-17
        """)

    @OptionGroup var person: PersonOptions
    @Option(help: "Why, in words; sealed under the person's key.")
    var reason: String

    func run() async throws {
      let (found, ledger) = try person.find()
      let position = try await LegalHolds(in: ledger, actor: Operator.name, waiting: tellWaiting)
        .place(found.alias, reason: reason).last
      LegalHold.tell("placed", found.alias, position, person.output)
    }
  }

  /// `provledger legal-hold lift`
  struct Lift: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Let a person be erased again.",
      discussion: """
        Example:
          provledger legal-hold lift ada@contoso.com --reason case-closed
        """)

    @OptionGroup var person: PersonOptions
    @Option(help: "Why, in words; sealed under the person's key.")
    var reason: String

    func run() async throws {
      let (found, ledger) = try person.find()
      let position = try await LegalHolds(in: ledger, actor: Operator.name, waiting: tellWaiting)
        .lift(found.alias, reason: reason).last
      LegalHold.tell("lifted", found.alias, position, person.output)
    }
  }

  /// `provledger legal-hold list`
  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List the people under a hold.",
      discussion: """
        Example:
          provledger legal-hold list
        """)

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var output: FormatOptions

    func run() throws {
      let ledger = try ledger.open()
      try ledger.views.catchUp()
      let held = try ledger.views.held()
      if output.json { return held.forEach { Output.json(LegalHold.json($0)) } }
      if held.isEmpty { return Output.line("nobody is under a legal hold") }
      Output.table(
        ["ALIAS", "PERSON", "SINCE", "REASON", "EVENT"],
        held.map { person in
          [
            person.alias, person.user?[.userPrincipalName] ?? "-", person.hold?.time.description ?? "-",
            person.hold?.reason ?? "-", person.hold.map { String($0.position) } ?? "-",
          ]
        })
    }
  }

  private static func tell(_ what: String, _ alias: String, _ position: Int64, _ output: FormatOptions) {
    if output.json {
      return Output.json(["hold": .string(what), "alias": .string(alias), "position": .string(String(position))])
    }
    Output.line("\(what): \(alias) (event \(position))")
  }

  private static func json(_ person: Person) -> JSONValue {
    func text(_ value: String?) -> JSONValue { value.map(JSONValue.string) ?? .null }
    return [
      "alias": .string(person.alias), "userPrincipalName": text(person.user?[.userPrincipalName]),
      "since": text(person.hold?.time.description), "reason": text(person.hold?.reason),
      "position": text(person.hold.map { String($0.position) }),
    ]
  }
}
