import Base
import GraphModel

/// What a seed decides beforehand of the directory's side: how large the company is, how it is read, what goes wrong, and
/// what happens beside its daily life.
struct EngineLife {
  /// The number of people on the first day.
  var people: Int
  var days: Int
  /// How many hours lie between two cycles.
  var hours: Int64
  /// How likely leavers are looked for between two cycles.
  var looks: Double
  /// How likely the process dies at each append of a cycle, and how many events an append takes at most.
  var crashes: Double
  var piece: Int
  /// How Graph answers, and how likely a call goes wrong, in which ways.
  var graph = SimulatedGraph.Settings()
  var faults: Double
  var kinds = GraphFaultPlan.passing
  /// When Graph is away.
  var outages: [Life.Span] = []
  /// What happens beside the daily life, and when.
  var turns: [(moment: Timestamp, turn: Turn)] = []

  /// True when Graph gives whole answers that are not true: a read of everybody alone finds out.
  var hasLies: Bool { kinds.contains(where: \.isMisleading) }

  /// What happens to many at once, or seldom.
  enum Turn: Equatable {
    /// Somebody changes the configuration.
    case rules(Rules)
    /// A property of many people gets another value, or none.
    case property(String, isCleared: Bool)
    /// Many may no longer sign in, or may again.
    case disabled(Bool)
    /// Many go to the recycle bin.
    case left
    /// Everybody in the recycle bin comes back who may.
    case restored
    /// A department's group is assigned, or no longer.
    case reassigned
    /// Somebody gets a new address, and another person the old one.
    case handedOver
    /// Everybody is read.
    case restart
  }

  /// Between `least` and `most` people, log-uniform: small companies are as likely as large ones.
  init(_ random: inout SeededGenerator, days: Int, people range: ClosedRange<Double>) {
    let place = Double(random.number(in: 0...1000)) / 1000
    people = Int((range.lowerBound * Self.power(range.upperBound / range.lowerBound, place)).rounded())
    self.days = days
    hours = random.number(in: 8...48)
    looks = random.chance(0.6) ? 0.6 : 0
    crashes = random.chance(0.6) ? Double(random.number(in: 0...30)) / 100 : 0
    piece = Int(random.number(in: 1...40))
    faults = random.chance(0.7) ? Double(random.number(in: 0...15)) / 100 : 0
    kinds = GraphFaultPlan.passing + [.unauthorized, .forbidden]
    if random.chance(0.15) { kinds += GraphFault.Kind.allCases.filter(\.isMisleading) }
    drawGraph(&random)
    for _ in 0..<random.number(in: 0...4) {
      let begin = moment(&random)
      outages.append(Life.Span(start: begin, end: begin + .seconds(random.number(in: 60...700_000))))
    }
    for _ in 0..<random.number(in: 0...Int64(days / 8)) { turns.append((moment(&random), turn(&random))) }
    turns.sort { $0.moment < $1.moment }
  }

  private mutating func drawGraph(_ random: inout SeededGenerator) {
    graph.pageSize = random.number(in: 1...100)
    graph.memberSlice = random.number(in: 1...50)
    graph.deltaTokenSeconds = random.chance(0.5) ? 604_800 : random.number(in: 36_000...400_000)
    graph.expiry = SimulatedGraph.Expiry.allCases.randomElement(using: &random) ?? .gone
    graph.replicationSeconds = random.chance(0.3) ? random.number(in: 1...600) : 0
    graph.replays = random.chance(0.5) ? 0.3 : 0
    graph.emptyPages = random.chance(0.5) ? 0.2 : 0
    graph.showsRemoved = random.chance(0.3)
    if random.chance(0.2) { graph.throttle = Throttle(units: random.number(in: 8...60), seconds: 10) }
  }

  private func moment(_ random: inout SeededGenerator) -> Timestamp {
    World.beginning + .milliseconds(random.number(in: 0...(Int64(days) * 86_400_000)))
  }

  private func turn(_ random: inout SeededGenerator) -> Turn {
    switch random.number(in: 0...10) {
    case 0...3: .rules(Rules(&random))
    case 4: .property(["department", "jobTitle"].randomElement(using: &random) ?? "", isCleared: random.chance(0.7))
    case 5: .property("officeLocation", isCleared: false)
    case 6: .disabled(random.chance(0.5))
    case 7: random.chance(0.5) ? .left : .restored
    case 8: .reassigned
    case 9: .handedOver
    default: .restart
    }
  }

  /// A power without a library: `places` of a second between two whole squarings.
  private static func power(_ base: Double, _ exponent: Double) -> Double {
    var (result, factor, rest) = (1.0, base.squareRoot(), exponent)
    for _ in 0..<20 {
      rest *= 2
      if rest >= 1 {
        result *= factor
        rest -= 1
      }
      factor = factor.squareRoot()
    }
    return result
  }
}
