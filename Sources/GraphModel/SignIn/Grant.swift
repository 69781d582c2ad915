import Base
import JSON

/// What a token lets its holder do, and until when: what was consented to when it was given out.
struct Grant: Equatable, Sendable {
  var appId: String
  var roles: Set<String>
  var end: Timestamp
}

extension SimulatedGraph {
  /// Tokens that are remembered; when there are more, those that have ended are forgotten.
  private static let grantLimit = 10_000

  /// Gives out a token.
  mutating func grant(_ application: AppRegistration, seconds: Int64, now: Timestamp) -> String {
    if grants.count >= Self.grantLimit { grants = grants.filter { $0.value.end > now } }
    let token = "simulated.\(random.guid()).\(random.guid())"
    grants[token] = Grant(appId: application.appId, roles: application.permissions, end: now + .seconds(seconds))
    return token
  }

  /// All tokens end: whoever is in the middle of a list must ask for another.
  public mutating func endTokens() {
    for token in grants.keys { grants[token]?.end = Timestamp(milliseconds: 0) }
  }
}
