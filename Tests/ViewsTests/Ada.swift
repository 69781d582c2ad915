import Provisioning
import Testing
import Views

/// What several suites ask of views once they are up to date.
extension ViewStore {
  /// The person whose id is `ada`.
  func ada() throws -> Person {
    try catchUp()
    return try #require(try find("ada").first)
  }

  /// The rows of a person's decisions, those with which nothing was to be done among them.
  func rows(of person: Person) throws -> [DeliveryRecord] {
    try catchUp()
    return try deliveries(alias: person.alias, includingUnchanged: true)
  }
}
