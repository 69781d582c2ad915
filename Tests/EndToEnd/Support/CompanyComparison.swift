import GraphModel
import TeamViewerModel

@testable import Demo

extension DemoComparison {
  /// Compares a company, as its exports show it.
  init(_ company: Company, _ model: TeamViewerService, others: Set<String>, preloaded: Int) {
    let people = company.people.filter(\.isEnabled).map { (address: $0.userPrincipalName, name: $0.displayName) }
    self.init(people, model, others: others, preloaded: preloaded)
  }
}
