import ArgumentParser
import Base
import Expressions
import JSON
import Ledger
import Operations
import Provisioning
import Reports

/// `provledger config`
struct ConfigCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "config", abstract: "The configuration: check it, and try out expressions and filters.",
    discussion: """
      Examples:
        provledger config check
        provledger config expression 'ToLower([mail])' --user ada@contoso.com
        provledger config scope provledger.yaml --attributes '{"city":"Rome"}'
      """,
    subcommands: [
      ConfigCheckCommand.self, ConfigShowCommand.self, ConfigHistoryCommand.self, ConfigExpressionCommand.self,
      ConfigScopeCommand.self, ConfigImportCommand.self, ConfigExportCommand.self,
    ])
}

/// Whose attributes an expression or a filter is tried on.
struct AttributeOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("The attributes as a JSON object; needs no ledger.", valueName: "json"))
  var attributes: String?
  @Option(
    help: ArgumentHelp("The person whose attributes are taken from the ledger.", valueName: "user"),
    completion: .custom(Completion.people))
  var user: String?
  @OptionGroup var ledger: LedgerOptions

  func validate() throws {
    if attributes != nil, user != nil { throw ValidationError("Say --attributes or --user, not both.") }
  }

  /// The value of each source attribute by the name that mappings use.
  func lookUp() throws -> @Sendable (String) -> ExpressionValue {
    if let user {
      let person = try ledger.withLedger { try $0.person(user) }
      return { person.sourceAttribute($0) }
    }
    let object = try parsed()
    // A user as Graph shows one has those of `extensionAttribute1` in a property of their own.
    let extensions = object[SourceAttribute.extensions]?.object ?? JSONObject()
    return { name in SourceAttribute.value(name) { ExpressionValue(object[$0] ?? extensions[$0]) } }
  }

  private func parsed() throws -> JSONObject {
    guard let attributes else { return JSONObject() }
    do {
      guard let object = try JSONParser.parse(attributes.utf8).object else {
        throw Fault(.jsonShape, "--attributes is no JSON object; write '{\"department\": \"Sales\"}'.")
      }
      return object
    } catch let error as JSONError {
      throw Fault(.jsonSyntax, "--attributes is no JSON: \(error.clause).")
    }
  }
}

/// `provledger config expression`
struct ConfigExpressionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "expression", abstract: "Evaluate a mapping expression, with its steps.",
    discussion: """
      Examples:
        provledger config expression 'ToUpper([city])' --attributes '{"city":"Rome"}'
        provledger config expression --functions

      Functions are those of Microsoft Entra's provisioning service. What is wrong is
      named with line and column, and ends with 78.
      """)

  @Argument(help: "The expression.") var expression: String?
  @Flag(help: "List all functions and what they take.") var functions = false
  @OptionGroup var attributes: AttributeOptions
  @OptionGroup var output: FormatOptions

  func validate() throws {
    if functions == (expression != nil) { throw ValidationError("Say an expression, or --functions.") }
  }

  func run() throws {
    guard let expression else { return list() }
    do {
      let input = ExpressionInput(
        now: SystemClock.now(), chance: SeededGenerator(seed: .random(in: 0 ... .max)),
        attribute: try attributes.lookUp())
      show(try MappingExpression(expression).evaluate(input, keepSteps: true))
    } catch let error as ExpressionError {
      throw Fault(.expressionWrong, "In the expression, \(error)")
    }
  }

  private func show(_ outcome: ExpressionOutcome) {
    if output.json { return Output.json(outcome.json) }
    for step in outcome.steps { Output.line("\(step.call) = \(step.value.written)") }
    Output.line(outcome.sentence)
  }

  private func list() {
    for function in ExpressionFunction.all {
      if output.json {
        Output.json(["name": .string(function.name), "signature": .string(function.signature)])
      } else {
        Output.line(function.signature)
      }
    }
  }
}

/// `provledger config scope`
struct ConfigScopeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scope", abstract: "Say whether somebody is in scope, clause by clause.",
    discussion: """
      Example:
        provledger config scope provledger.yaml --attributes '{"city":"Rome"}'

      The file is a configuration with `scope`, what stands under it alone, or the
      `scope` of a synchronization schema that Microsoft Graph exports.
      """)

  @Argument(help: "The file with the filter.", completion: .file()) var file: String
  @OptionGroup var attributes: AttributeOptions
  @OptionGroup var output: FormatOptions

  func run() throws {
    let scope = try ScopePolicy(path: file)
    let verdict = scope.verdict(try attributes.lookUp())
    if output.json { return Output.json(verdict.json) }
    for line in verdict.lines { Output.line(line) }
  }
}
