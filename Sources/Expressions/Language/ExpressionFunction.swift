import Base

/// A function of the expression language: what it is called, what it takes, and what it does.
public struct ExpressionFunction: Sendable {
  typealias Body = @Sendable (CallArguments, inout Evaluator) throws(ExpressionHalt) -> ExpressionValue

  /// One thing that a function takes.
  public struct Parameter: Equatable, Sendable {
    /// What is taken.
    public enum Kind: String, Sendable {
      /// Any value.
      case value = "String"
      /// A value, or a comparison.
      case condition = "Condition"
      /// A whole number.
      case number = "Integer"
      /// A pattern of .NET's regular expressions.
      case pattern = "Regex"
    }

    /// Its name, as Microsoft's reference has it.
    public let name: String
    /// What is taken.
    public let kind: Kind
    /// False when its slot may be empty, or left out at the end.
    public let isRequired: Bool

    static func needed(_ name: String, _ kind: Kind = .value) -> Parameter {
      Parameter(name: name, kind: kind, isRequired: true)
    }

    static func optional(_ name: String, _ kind: Kind = .value) -> Parameter {
      Parameter(name: name, kind: kind, isRequired: false)
    }
  }

  /// What may follow the last parameter that has a name of its own.
  enum Tail: Sendable {
    /// Nothing.
    case none
    /// The last one any number of times.
    case repeated
    /// The last two any number of times, together.
    case pairs
  }

  /// The name, case-sensitive.
  public let name: String
  /// What it takes, in order.
  public let parameters: [Parameter]
  let tail: Tail
  /// True when its value may differ although nothing about the person changed.
  let changesByItself: Bool
  /// True when it stands only around the whole expression.
  let isTopOnly: Bool
  /// True when it gives several values.
  let givesSeveral: Bool
  let body: Body

  init(
    _ name: String, _ parameters: [Parameter], then tail: Tail = .none, changesByItself: Bool = false,
    isTopOnly: Bool = false, givesSeveral: Bool = false, _ body: @escaping Body
  ) {
    self.name = name
    self.parameters = parameters
    self.tail = tail
    self.changesByItself = changesByItself
    self.isTopOnly = isTopOnly
    self.givesSeveral = givesSeveral
    self.body = body
  }

  /// As it is called: `Mid(source, start, length)`.
  public var signature: String {
    let names = parameters.map { $0.isRequired ? $0.name : "[\($0.name)]" }
    return "\(name)(\((names + (tail == .none ? [] : ["…"])).joined(separator: ", ")))"
  }

  /// Every function, by name.
  public static let all: [ExpressionFunction] =
    (text + choice + conversion + dates + lists + chance + roles).sorted { $0.name < $1.name }

  private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

  static func named(_ name: String) -> ExpressionFunction? { byName[name] ?? byName[spellings[name] ?? ""] }

  /// Microsoft's pages spell this one in two ways.
  private static let spellings = ["Instr": "InStr"]

  /// The name that somebody may have meant; nil where none is near.
  static func similar(to name: String) -> String? { Suggestion.nearest(to: name, among: all.map(\.name)) }

  /// What the argument at an index is for; nil when there may be none.
  func parameter(_ index: Int) -> Parameter? {
    if index < parameters.count { return parameters[index] }
    switch tail {
    case .none: return nil
    case .repeated: return parameters.last
    case .pairs: return parameters[parameters.count - 2 + (index - parameters.count) % 2]
    }
  }

  /// A call with arguments; throws what is wrong with their number, or with what is written among them.
  func call(_ arguments: [ExpressionNode?], at place: ExpressionPlace) throws(ExpressionError) -> ExpressionCall {
    let allowed = tail == .none ? arguments.count <= parameters.count : true
    let isPaired = tail != .pairs || arguments.count % 2 == parameters.count % 2
    guard allowed, isPaired else { throw ExpressionError(wrongNumber(arguments.count), at: place, .arguments) }
    for (index, parameter) in parameters.enumerated() where parameter.isRequired {
      guard index < arguments.count, arguments[index] != nil else {
        throw ExpressionError("`\(signature)` needs `\(parameter.name)`, which is missing.", at: place, .arguments)
      }
    }
    let call = ExpressionCall(
      function: self, arguments: arguments, place: place, pattern: try pattern(in: arguments, at: place))
    try checkConstants(of: call)
    return call
  }

  private func wrongNumber(_ count: Int) -> String {
    tail == .pairs
      ? "`\(signature)` takes its keys and values in pairs; one of them is missing."
      : "`\(signature)` takes at most \(parameters.count) arguments, not \(count)."
  }

  /// A pattern that is written as a text is read at once, so that a wrong one is refused before anybody is mapped.
  private func pattern(
    in arguments: [ExpressionNode?], at place: ExpressionPlace
  ) throws(ExpressionError) -> DotNetPattern? {
    guard let index = parameters.firstIndex(where: { $0.kind == .pattern }), index < arguments.count,
      case .text(let text) = arguments[index], !text.isEmpty
    else { return nil }
    do throws(PatternFlaw) { return try DotNetPattern(text) } catch {
      throw ExpressionError(error.sentence, at: place, .pattern)
    }
  }
}
