import Provisioning
import TeamViewerModel

extension TeamViewerModel.Settings {
  /// Puts every switch that a client of users can meet into a position that the seed decides.
  mutating func draw(_ random: inout SeededGenerator) {
    patchAddAsReplace = random.chance(0.5)
    acceptsBooleanStrings = random.chance(0.5)
    nameLimits = random.chance(0.5)
    emailPattern = random.chance(0.5)
    meta = random.chance(0.5)
    listMemberSchemas = random.chance(0.5)
    patchOpURN = pick(&random)
    if random.chance(0.3) { patch = pick(&random) }
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
