import Base
import JSON

extension Output {
  /// Prints what a test of a connection found, step by step. Throws what is wrong.
  static func test(_ json: JSONValue, _ steps: [[String]], _ diagnosis: Fault?, _ format: FormatOptions) throws {
    if format.json {
      Output.json(json)
    } else {
      table(["STEP", "RESULT", ""], steps)
    }
    if let diagnosis { throw diagnosis }
  }
}
