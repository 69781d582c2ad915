public import Base
import JSON

/// What an expression is evaluated upon: the whole source object, and what a value may change by.
public struct ExpressionInput: Sendable {
  /// The value of a source attribute by its name.
  public var attribute: @Sendable (String) -> ExpressionValue
  /// What `Now` says.
  public var now: Timestamp
  /// Where `Guid` and `RandomString` take their chances from.
  public var chance: SeededGenerator
  /// What `DefaultDomain` says; nil where the tenant's domains are not known.
  public var defaultDomain: String?
  /// Whether somebody else has a value already, as `SelectUniqueValue` asks.
  public var isTaken: @Sendable (String) -> Bool

  /// What an expression is evaluated upon.
  public init(
    now: Timestamp, chance: SeededGenerator, defaultDomain: String? = nil,
    isTaken: @escaping @Sendable (String) -> Bool = { _ in false },
    attribute: @escaping @Sendable (String) -> ExpressionValue
  ) {
    self.attribute = attribute
    self.now = now
    self.chance = chance
    self.defaultDomain = defaultDomain
    self.isTaken = isTaken
  }
}

/// What came of an expression for somebody.
public struct ExpressionOutcome: Equatable, Sendable {
  /// What is to be done.
  public enum Flow: Equatable, Sendable {
    /// The attribute has this value, or none.
    case value(ExpressionValue)
    /// The attribute is left out.
    case ignoreAttribute
    /// The person is left out.
    case ignoreObject
  }

  /// One function that was called, and its value.
  public struct Step: Equatable, Sendable {
    /// The call, as it would be written.
    public var call: String
    /// Its value.
    public var value: ExpressionValue
  }

  /// What is to be done.
  public var result: Flow
  /// True when logs must not show the value.
  public var isRedacted: Bool
  /// The functions in the order in which they ended, where asked for.
  public var steps: [Step]
}

extension MappingExpression {
  /// Evaluates it. Throws an error with its place where it has no value for these attributes.
  public func evaluate(
    _ input: ExpressionInput, keepSteps: Bool = false
  ) throws(ExpressionError) -> ExpressionOutcome {
    var evaluator = Evaluator(input: input, keepsSteps: keepSteps)
    let result = try evaluator.run(root)
    return ExpressionOutcome(result: result, isRedacted: evaluator.isRedacted, steps: evaluator.steps)
  }
}

/// What ends an evaluation before its value is there.
enum ExpressionHalt: Error {
  case failure(ExpressionError)
  case ignoreAttribute
  case ignoreObject
}

/// Evaluates one expression within bounds: of the calls that it makes, of the size of each value, and of all values together.
struct Evaluator {
  /// How many functions may be called.
  static let callLimit = 10_000
  /// How many bytes a text may have, and how many values a list.
  static let sizeLimit = 64 << 10
  /// How many bytes the values of all calls may have together.
  static let sumLimit = 1 << 20

  var input: ExpressionInput
  var isRedacted = false
  private(set) var steps: [ExpressionOutcome.Step] = []
  private let keepsSteps: Bool
  private var calls = 0
  /// The bytes of all values so far.
  private var sum = 0
  /// Whether what was compared last was not there; a function that says nothing of conditions ends that.
  private var isUndecided = false

  init(input: ExpressionInput, keepsSteps: Bool) {
    self.input = input
    self.keepsSteps = keepsSteps
  }

  mutating func run(_ root: ExpressionNode) throws(ExpressionError) -> ExpressionOutcome.Flow {
    do throws(ExpressionHalt) {
      return .value(try value(root))
    } catch {
      switch error {
      case .failure(let error): throw error
      case .ignoreAttribute: return .ignoreAttribute
      case .ignoreObject: return .ignoreObject
      }
    }
  }

  mutating func value(_ node: ExpressionNode) throws(ExpressionHalt) -> ExpressionValue {
    switch node {
    case .text(let text): return .text(text)
    case .attribute(let name, _): return input.attribute(name)
    case .word(let word): return try value(of: word)
    case .comparison: return .flag(try condition(node) ?? false)
    case .call(let call): return try value(of: call)
    }
  }

  private func value(of word: ExpressionWord) throws(ExpressionHalt) -> ExpressionValue {
    switch word {
    case .null: return .null
    case .yes: return .flag(true)
    case .no: return .flag(false)
    case .ignoringCase, .byCase: return .text(word.rawValue)
    case .ignoreAttributeFlow: throw .ignoreAttribute
    case .ignoreObjectFlow: throw .ignoreObject
    }
  }

  private mutating func value(of call: ExpressionCall) throws(ExpressionHalt) -> ExpressionValue {
    calls += 1
    let arguments = CallArguments(call: call)
    guard calls <= Self.callLimit else { throw arguments.wrong("more than \(Self.callLimit) functions are called") }
    let value = try call.function.body(arguments, &self)
    if !Self.passing.contains(call.function.name) { isUndecided = false }
    let size = Self.size(value)
    guard size <= Self.sizeLimit else { throw arguments.tooLarge }
    sum += size
    guard sum <= Self.sumLimit else { throw arguments.wrong("all values together are larger than 1 MiB") }
    if keepsSteps { steps.append(ExpressionOutcome.Step(call: ExpressionNode.call(call).written, value: value)) }
    return value
  }

  private static func size(_ value: ExpressionValue) -> Int {
    switch value {
    case .text(let text): text.utf8.count
    case .list(let values): values.reduce(values.count) { $0 + ($1.string?.utf8.count ?? 0) }
    default: 0
    }
  }

  // MARK: Conditions

  /// Functions that say what a condition says, or the contrary: where it says nothing, neither do they.
  private static let passing: Set = ["CBool", "Not"]

  /// Whether a condition holds; nil where a value that is compared is not there.
  mutating func condition(_ node: ExpressionNode) throws(ExpressionHalt) -> Bool? {
    guard case .comparison(let left, let sign, let right) = node else {
      isUndecided = false
      let value = try value(node)
      return isUndecided ? nil : value.condition
    }
    let (first, second) = (try value(left), try value(right))
    isUndecided = !Self.isThere(first, left) || !Self.isThere(second, right)
    return isUndecided ? nil : sign.holds(first, second)
  }

  /// An empty text that is written in the expression may be compared with.
  private static func isThere(_ value: ExpressionValue, _ node: ExpressionNode) -> Bool {
    if case .text = node { true } else { !value.isEmpty }
  }
}

extension ExpressionValue {
  /// As a condition: true, `True`, and any number but 0.
  var condition: Bool? {
    switch self {
    case .flag(let flag): flag
    case .null: nil
    default: text.map { $0.lowercased() == "true" || Double($0).map { $0.isFinite && $0 != 0 } == true }
    }
  }
}

extension ExpressionComparison {
  /// Texts are equal by their bytes; numbers and dates have an order of their own.
  func holds(_ left: ExpressionValue, _ right: ExpressionValue) -> Bool {
    let order = Self.order(left, right)
    return switch self {
    case .equal: order == 0
    case .unequal: order != 0
    case .greater: order > 0
    case .greaterOrEqual: order >= 0
    case .less: order < 0
    case .lessOrEqual: order <= 0
    }
  }

  private static func order(_ left: ExpressionValue, _ right: ExpressionValue) -> Int {
    if case .moment(let left) = left, case .moment(let right) = right { return sign(left, right) }
    let (left, right) = (left.text ?? "", right.text ?? "")
    if let left = Int64(left), let right = Int64(right) { return sign(left, right) }
    if left.hasSameBytes(as: right) { return 0 }
    return left.utf16.lexicographicallyPrecedes(right.utf16) ? -1 : 1
  }

  private static func sign<Value: Comparable>(_ left: Value, _ right: Value) -> Int {
    left == right ? 0 : left < right ? -1 : 1
  }
}
