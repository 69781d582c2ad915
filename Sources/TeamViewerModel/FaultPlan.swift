public import Base
import Provisioning
public import SCIM

/// What goes wrong and when: a pure value that repeats from its seed, as long as the same requests come in the same
/// order. An outage goes before the script, the script before chance.
public struct FaultPlan: Equatable, Sendable {
  /// What chance may do.
  public var profile: Profile
  /// Faults to come, each for a number of matching requests; the first that matches is used.
  public var script: [Scripted]
  /// Spans of time in which everything fails.
  public var outages: [Outage]
  /// Where chance comes from.
  public var generator: SeededGenerator

  /// A plan; without arguments nothing goes wrong.
  public init(seed: UInt64 = 0, profile: Profile = .none, script: [Scripted] = [], outages: [Outage] = []) {
    self.profile = profile
    self.script = script
    self.outages = outages
    generator = SeededGenerator(seed: seed)
  }

  /// What chance may do to an exchange.
  public struct Profile: Equatable, Sendable {
    /// How likely an exchange goes wrong, 0 to 1.
    public var probability: Double
    /// How often each fault is chosen, relative to the others; what is not named never happens.
    public var weights: [SimulatedFault.Kind: Int]
    /// The delays that `delay` draws from, in milliseconds.
    public var delays: ClosedRange<Int64> = 50...5000
    /// The seconds that a `Retry-After` draws from.
    public var retryAfterSeconds: ClosedRange<Int64> = 1...30

    /// A profile.
    public init(probability: Double, weights: [SimulatedFault.Kind: Int]) {
      self.probability = probability
      self.weights = weights
    }

    /// Nothing goes wrong.
    public static let none = Profile(probability: 0, weights: [:])

    /// All that passes by itself, each equally often: everything but 401 and 403, which stop a worker, and what misleads.
    public static func passing(probability: Double) -> Profile {
      let kinds = SimulatedFault.Kind.allCases.filter { $0 != .unauthorized && $0 != .forbidden && !$0.isMisleading }
      return Profile(probability: probability, weights: Dictionary(uniqueKeysWithValues: kinds.map { ($0, 1) }))
    }

    /// Only what leaves the caller in doubt whether a write took effect.
    public static func doubtful(probability: Double) -> Profile {
      let kinds: [SimulatedFault.Kind] = [
        .error500, .error500Applied, .html200, .html200Applied, .cutJSON, .truncatedBody, .resetBefore, .resetAfter,
        .noAnswerBefore, .noAnswerAfter,
      ]
      return Profile(probability: probability, weights: Dictionary(uniqueKeysWithValues: kinds.map { ($0, 1) }))
    }
  }

  /// A fault for the next requests that match.
  public struct Scripted: Equatable, Sendable {
    /// The method that must match; nil matches all.
    public var method: SCIMRequest.Method?
    /// The path template that must match, such as `/Users/{id}`; nil matches all.
    public var pathTemplate: String?
    /// How many requests are still to be hit.
    public var remaining: Int
    /// What happens to them.
    public var fault: SimulatedFault

    /// A fault for the next `remaining` requests that match.
    public init(
      _ fault: SimulatedFault, next remaining: Int = 1, method: SCIMRequest.Method? = nil, pathTemplate: String? = nil
    ) {
      self.method = method
      self.pathTemplate = pathTemplate
      self.remaining = remaining
      self.fault = fault
    }
  }

  /// A span of time in which everything fails.
  public struct Outage: Equatable, Sendable {
    /// The first moment.
    public var start: Timestamp
    /// The first moment after it.
    public var end: Timestamp
    /// What happens to every request.
    public var fault: SimulatedFault

    /// An outage.
    public init(from start: Timestamp, to end: Timestamp, fault: SimulatedFault = SimulatedFault(.refused)) {
      self.start = start
      self.end = end
      self.fault = fault
    }
  }

  /// Decides what happens to a request; nil is nothing.
  public mutating func decide(_ request: SCIMRequest, now: Timestamp) -> SimulatedFault? {
    if let outage = outages.first(where: { $0.start <= now && now < $0.end }) { return outage.fault }
    if let index = script.firstIndex(where: { matches($0, request) }) {
      let fault = script[index].fault
      script[index].remaining -= 1
      if script[index].remaining <= 0 { script.remove(at: index) }
      return fault
    }
    guard profile.probability > 0, generator.chance(profile.probability) else { return nil }
    return draw()
  }

  private func matches(_ scripted: Scripted, _ request: SCIMRequest) -> Bool {
    scripted.remaining > 0 && (scripted.method == nil || scripted.method == request.method)
      && (scripted.pathTemplate == nil || scripted.pathTemplate == request.pathTemplate)
  }

  private mutating func draw() -> SimulatedFault? {
    // In the order of the cases: a dictionary's own order differs from run to run.
    let total = SimulatedFault.Kind.allCases.reduce(0) { $0 + max(0, profile.weights[$1] ?? 0) }
    guard total > 0 else { return nil }
    var left = generator.number(in: 1...Int64(total))
    for kind in SimulatedFault.Kind.allCases {
      left -= Int64(max(0, profile.weights[kind] ?? 0))
      guard left <= 0 else { continue }
      return SimulatedFault(
        kind, milliseconds: generator.number(in: profile.delays),
        retryAfterSeconds: generator.number(in: profile.retryAfterSeconds))
    }
    return nil
  }
}
