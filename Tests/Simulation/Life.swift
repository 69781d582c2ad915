import Base
import DeliveryMachine
import Provisioning
import TeamViewerModel

/// What a seed decides beforehand: how large the company is, what goes wrong, and who meddles.
struct Life {
  /// The number of people on the first day.
  var people: Int
  var days: Int
  /// How likely the worker's process dies at each step.
  var crashes: Double
  /// What happens to single exchanges.
  var faults: FaultPlan.Profile
  /// When TeamViewer is away; each time its process starts anew.
  var outages: [Span] = []
  /// When TeamViewer answers a disable with 200 and does nothing.
  var lies: [Span] = []
  /// How likely a changed address is confirmed on a day.
  var confirmation: Double
  /// How often operators act on a day, at most.
  var operatorActs: Int64
  /// When the worker's clock jumps, and how far it is off from then on, in milliseconds.
  var jumps: [(moment: Timestamp, skew: Int64)] = []
  /// How often on a day an administrator changes an account in TeamViewer's console, at most.
  var edits: Int64 = 0
  /// How often on a day an administrator deletes an account and makes another with its address, at most.
  var remakes: Int64 = 0
  /// How likely a cycle is appended in pieces, with a time between them.
  var piecemeal = 0.0
  /// What is configured.
  var settings = DeliverySettings()

  struct Span {
    var start: Timestamp
    var end: Timestamp
    func contains(_ moment: Timestamp) -> Bool { start <= moment && moment < end }
  }

  /// Small companies are more likely than large ones, so that many seeds run in short time, unless the size is given.
  init(_ random: inout SeededGenerator, from start: Timestamp, days: Int, most: Int, people given: Int? = nil) {
    let size = Double(random.number(in: 0...1000)) / 1000
    people = given ?? 20 + Int(Double(most - 20) * size * size * size * size * size * size * size * size)
    self.days = days
    crashes = Double(random.number(in: 0...20)) / 1000
    faults = .passing(probability: Double(random.number(in: 0...30)) / 100)
    faults.weights[.unauthorized] = random.chance(0.2) ? 1 : 0
    if random.chance(0.5) {
      for kind in SimulatedFault.Kind.allCases where kind.isMisleading { faults.weights[kind] = 1 }
    }
    faults.delays = 50...90_000
    confirmation = Double(random.number(in: 5...100)) / 100
    operatorActs = random.chance(0.6) ? random.number(in: 1...6) : 0
    outages = spans(random.number(in: 0...4), seconds: 60...30_000, from: start, &random)
    if random.chance(0.3) { lies = spans(random.number(in: 1...3), seconds: 3600...200_000, from: start, &random) }
    if random.chance(0.4) { piecemeal = 0.2 }
    settings.concurrency = Int(random.number(in: 1...32))
    settings.ahead = random.chance(0.7) ? Int(random.number(in: 1...32)) : 0
    if random.chance(0.1) { settings.update = .put }
    if random.chance(0.3) {
      settings.reconcileEvery = .seconds(random.number(in: 3600...200_000))
      settings.repairsDrift = random.chance(0.7)
      if settings.repairsDrift { (edits, remakes) = (random.number(in: 0...3), random.number(in: 0...1)) }
    }
    if random.chance(0.2) { configureMaintenance(from: start, &random) }
    // A clock that jumps forward lets the day of a quota end early, so both do not go together.
    if random.chance(0.25) {
      configureQuotas(&random)
    } else if random.chance(0.3) {
      for span in spans(random.number(in: 1...4), seconds: 10...90_000, from: start, &random) {
        jumps.append((span.start, random.number(in: -21_600_000...21_600_000)))
        jumps.append((span.end, 0))
      }
    }
  }

  /// Limits that let the company through in the end, and are felt before.
  private mutating func configureQuotas(_ random: inout SeededGenerator) {
    let window = Duration.seconds(random.number(in: 60...86_400))
    let limit = people / 4 + Int(random.number(in: 10...400))
    settings.quotas.append(Quota(name: "all", limit: limit, window: window))
    guard random.chance(0.5) else { return }
    let operation = Quota.operations.randomElement(using: &random)
    settings.quotas.append(Quota(name: "one kind", operation: operation, limit: limit / 2, window: window))
  }

  private mutating func configureMaintenance(from start: Timestamp, _ random: inout SeededGenerator) {
    let begin = Int(random.number(in: 0...1439))
    let end = (begin + Int(random.number(in: 10...480))) % 1440
    let days = Weekday.allCases.filter { _ in random.chance(0.4) }
    settings.maintenance.append(.weekly(days: Set(days), from: begin, to: end))
    for span in spans(1, seconds: 600...100_000, from: start, &random) {
      settings.maintenance.append(.once(from: span.start, to: span.end))
    }
  }

  func spans(
    _ count: Int64, seconds: ClosedRange<Int64>, from start: Timestamp, _ random: inout SeededGenerator
  ) -> [Span] {
    (0..<count).map { _ in
      let begin = start + .milliseconds(random.number(in: 0...(Int64(days) * 86_400_000)))
      return Span(start: begin, end: begin + .seconds(random.number(in: seconds)))
    }
  }
}

extension TeamViewerService.Settings {
  /// Puts every switch that a client of users can meet into a position that the seed decides.
  mutating func draw(_ random: inout SeededGenerator) {
    patchAddAsReplace = random.chance(0.5)
    acceptsBooleanStrings = random.chance(0.5)
    nameLimits = random.chance(0.5)
    emailPattern = random.chance(0.5)
    meta = random.chance(0.5)
    listMemberSchemas = random.chance(0.5)
    patchOpURN = pick(&random)
    hidesInactive = random.chance(0.15)
    if random.chance(0.2) { patch = pick(&random) }
    listStartIndex = pick(&random)
    emailChange = pick(&random)
    deleteUser = pick(&random)
    discovery = pick(&random)
    externalId = pick(&random)
    duplicateStatus = pick(&random)
    errorShape = pick(&random)
    if random.chance(0.2) {
      let calls = Int(random.number(in: 50...400))
      let window = random.number(in: 60_000...3_600_000)
      rateLimit = RateLimit(
        calls: calls, windowMilliseconds: window, refusal: random.chance(0.5) ? .forbidden : .tooManyRequests)
    }
  }

  private func pick<Value: CaseIterable>(_ random: inout SeededGenerator) -> Value where Value.AllCases == [Value] {
    let all = Value.allCases
    return all[Int(random.number(in: 0...Int64(all.count - 1)))]
  }
}
