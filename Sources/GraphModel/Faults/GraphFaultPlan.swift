import Base

/// What goes wrong and when: a pure value that repeats from its seed, as long as the same calls come in the same order.
/// The script goes before chance.
public struct GraphFaultPlan: Equatable, Sendable {
  /// Faults to come, each for a number of matching calls; the first that matches is used.
  public var script: [Scripted]
  /// How likely a call goes wrong, 0 to 1.
  public var probability: Double
  /// What chance may do, each equally often.
  public var kinds: [GraphFault.Kind]
  private var random: CompanyRandom

  /// All that passes by itself: everything but 401 and 403, which stop a reader, and what misleads.
  public static let passing = GraphFault.Kind.allCases.filter {
    $0 != .unauthorized && $0 != .forbidden && !$0.isMisleading
  }

  /// A plan; without arguments nothing goes wrong.
  public init(
    seed: UInt64 = 0, probability: Double = 0, kinds: [GraphFault.Kind] = Self.passing, script: [Scripted] = []
  ) {
    self.probability = probability
    self.kinds = kinds
    self.script = script
    random = CompanyRandom(seed: seed)
  }

  /// A fault for the next calls that match.
  public struct Scripted: Equatable, Sendable {
    /// What happens to them.
    public var fault: GraphFault
    /// How many calls are still to be hit.
    public var remaining: Int
    /// How many calls that match go well before.
    public var after: Int
    /// The path template that must match, such as `/users/delta` or `/token`; nil matches all.
    public var path: String?

    /// A fault for the next `remaining` calls that match, behind `after` of them.
    public init(_ fault: GraphFault, next remaining: Int = 1, after: Int = 0, path: String? = nil) {
      self.fault = fault
      self.remaining = remaining
      self.after = after
      self.path = path
    }
  }

  /// Begins chance anew.
  public mutating func reseed(_ seed: UInt64) { random = CompanyRandom(seed: seed) }

  /// Decides what happens to a call; nil is nothing.
  public mutating func decide(_ path: String) -> GraphFault? {
    for index in script.indices where script[index].path == nil || script[index].path == path {
      guard script[index].after == 0 else {
        script[index].after -= 1
        continue
      }
      let fault = script[index].fault
      script[index].remaining -= 1
      if script[index].remaining <= 0 { script.remove(at: index) }
      return fault
    }
    guard !kinds.isEmpty, CompanyRandom.holds(probability, &random) else { return nil }
    return GraphFault(
      random.pick(kinds), milliseconds: Int64(50 + random.below(2000)), retryAfterSeconds: Int64(1 + random.below(5)))
  }
}
