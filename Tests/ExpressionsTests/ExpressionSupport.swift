import Base
import Expressions
import JSON

/// An expression over attributes, at a fixed moment and with fixed chances.
func outcome(_ text: String, _ attributes: JSONValue = [:], seed: UInt64 = 1) throws -> ExpressionOutcome {
  let input = ExpressionInput(
    now: Timestamp(milliseconds: 1_625_240_018_000), chance: SeededGenerator(seed: seed),
    isTaken: { $0 == "taken" }, attribute: { ExpressionValue(attributes[$0]) })
  return try MappingExpression(text).evaluate(input, keepSteps: true)
}

/// Its value as JSON.
func value(_ text: String, _ attributes: JSONValue = [:]) throws -> JSONValue? {
  guard case .value(let value) = try outcome(text, attributes).result else { return nil }
  return value.json
}

/// The error of an expression, or of its evaluation.
func failure(_ text: String, _ attributes: JSONValue = [:]) -> ExpressionError? {
  do {
    _ = try value(text, attributes)
    return nil
  } catch { return error as? ExpressionError }
}
