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
    guard let json = try? JSONParser.parse(bytes) else { throw Self.unknown(file) }
    do throws(PlanDamage) {
      switch json["kind"]?.string {
      case RestorePlan.kind: self = .restore(try RestorePlan(json))
      case HandoverPlan.kind: self = .handover(try HandoverPlan(json))
      default: throw .kind
      }
    } catch .kind {
      throw Self.unknown(file)
    } catch {
      throw Fault(
        .planInvalid,
        "The plan \(file) is damaged: \(error.clause). Make a new one, with the command that made it.")
    }
  }

  private static func unknown(_ file: String) -> Fault {
    Fault(
      .planInvalid,
      "\(file) is no plan; make one with `provledger target restore` or `provledger source handover`.")
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

/// Why the file of a plan cannot be read.
enum PlanDamage: Error, Equatable {
  /// It is no plan that is known.
  case kind
  /// The members before the lists are not those of a plan of this version.
  case head
  /// A list is missing, or an entry of one cannot be read; from 1.
  case entry(Int)
  /// An entry holds a value that TeamViewer does not accept.
  case value(Int)
  /// An entry names a person a second time.
  case twice(Int)

  /// What is wrong, in a clause.
  var clause: String {
    switch self {
    case .kind, .head: "its head is not that of a plan of this version"
    case .entry(let number): "entry \(number) cannot be read"
    case .value(let number): "entry \(number) holds a value that TeamViewer does not accept"
    case .twice(let number): "entry \(number) names a person a second time"
    }
  }

  /// Reads a list in which nobody stands twice.
  static func list<Element>(
    _ json: JSONValue?, alias: (Element) -> String, _ read: (JSONValue) -> Element?
  ) throws(PlanDamage) -> [Element] {
    guard let values = json?.array else { throw .entry(1) }
    var (elements, aliases) = ([Element](), Set<String>())
    for (place, value) in values.enumerated() {
      guard let element = read(value) else { throw .entry(place + 1) }
      guard aliases.insert(alias(element)).inserted else { throw .twice(place + 1) }
      elements.append(element)
    }
    return elements
  }
}
