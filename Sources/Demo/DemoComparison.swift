import Base
import GraphModel
import Provisioning
import TeamViewerModel

/// Compares the directory with what the simulated TeamViewer holds, account by account.
struct DemoComparison {
  /// What differs, each in a sentence; empty when nothing does.
  var differences: [String] = []
  /// The number of accounts that were compared.
  var compared = 0

  /// `others` are the ids of accounts that belong to nobody in the directory and must stay as they are.
  init(_ company: Company, _ model: TeamViewerService, others: Set<String>, preloaded: Int) {
    var wanted: [String: Company.Person] = [:]
    for person in company.people where person.isEnabled {
      wanted[Address.folded(Address.ofGuest(person.userPrincipalName))] = person
    }
    for (address, person) in wanted {
      compared += 1
      let name = DisplayName.mended(person.displayName)
      guard let account = model.user(email: address) else {
        differences.append("\(address) is in the directory and has no account")
        continue
      }
      if !account.active { differences.append("\(address) is in the directory and its account is inactive") }
      if account.name != name {
        differences.append("\(address) is called \(name ?? "-") in the directory and \(account.name) at TeamViewer")
      }
    }
    for account in model.users where !others.contains(account.id) && account.active {
      if wanted[Address.folded(account.email)] == nil {
        differences.append("\(account.email) is active at TeamViewer and not in the directory")
      }
    }
    let created = model.creates.values.reduce(0, +)
    if created != model.users.count - preloaded {
      differences.append("TeamViewer made \(created.of("account")) where \(model.users.count - preloaded) are left")
    }
    for (address, count) in model.creates where count > 1 {
      differences.append("\(address) was created \(count) times")
    }
    differences += model.check()
  }
}
