import Base
import JSON

/// A plan that an operator looks at and applies.
public enum Plan: Equatable, Sendable {
  /// Back to what was wanted at a moment.
  case restore(RestorePlan)
  /// From one source to another.
  case handover(HandoverPlan)

  /// The file's text.
  public var text: String {
    switch self {
    case .restore(let plan): plan.text
    case .handover(let plan): plan.text
    }
  }

  /// Reads the text that `text` writes. Throws `FaultCode.planInvalid`; `file` names it.
  public init(_ bytes: [UInt8], named file: String) throws {
    switch (try? JSONParser.parse(bytes))?["kind"]?.string {
    case RestorePlan.kind: self = .restore(try RestorePlan(bytes, named: file))
    case HandoverPlan.kind:
      guard let json = try? JSONParser.parse(bytes), let plan = HandoverPlan(json) else {
        throw Fault(
          .planInvalid,
          "The plan \(file) is damaged, or of another version. Make a new one with `provledger source handover`.")
      }
      self = .handover(plan)
    default:
      throw Fault(
        .planInvalid,
        "\(file) is no plan; make one with `provledger target restore` or `provledger source handover`.")
    }
  }

  /// A plan's text: the members of its head, then its lists, an element a line.
  static func text(_ head: JSONObject, lists: [(name: String, values: [JSONValue])]) -> String {
    let lists = lists.map { list in
      "\"\(list.name)\":[" + list.values.map { "\n" + $0.text }.joined(separator: ",") + "\n]"
    }
    // The head's closing brace moves behind the lists.
    return JSONValue.object(head).text.dropLast() + ",\n" + lists.joined(separator: ",\n") + "}\n"
  }
}
