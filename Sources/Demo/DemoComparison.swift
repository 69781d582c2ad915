import Base
import GraphModel
import JSON
import Provisioning
import TeamViewerModel

/// Compares the directory with what the simulated TeamViewer holds, account by account.
struct DemoComparison {
  /// What differs, each in a sentence; empty when nothing does.
  var differences: [String] = []
  /// The number of accounts that were compared.
  var compared = 0

  /// `others` are the ids of accounts that belong to nobody in the directory and must stay as they are.
  init(_ tenant: Tenant, _ model: TeamViewerService, others: Set<String>, preloaded: Int) {
    var people: [(address: String, name: String)] = []
    for user in tenant.all(.user) where user.properties["accountEnabled"] == true {
      guard let address = user.properties["userPrincipalName"]?.string else { continue }
      people.append((address, user.properties["displayName"]?.string ?? ""))
    }
    self.init(people, model, others: others, preloaded: preloaded)
  }

  /// The same for people who may sign in, by sign-in name and name.
  init(
    _ people: [(address: String, name: String)], _ model: TeamViewerService, others: Set<String>, preloaded: Int
  ) {
    var wanted: [String: String] = [:]
    for (address, name) in people { wanted[Address.folded(Address.ofGuest(address))] = name }
    for (address, given) in wanted {
      compared += 1
      let name = DisplayName.mended(given)
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
