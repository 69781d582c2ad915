import Base
import GraphModel
import JSON
import Provisioning

/// What happens to many at once, or seldom.
extension EngineWorld {
  func take(_ turn: EngineLife.Turn) async throws {
    story.append("\(side.now) \(turn)")
    switch turn {
    case .rules(let rules):
      self.rules = rules
      try place.configure(mutation.text(of: rules))
      // The process starts anew.
      if mutation != .oldConfigurationKept { ledger = try place.open() }
    case .property(let name, let isCleared):
      let value: JSONValue = isCleared ? .null : .string("\(name) \(random.number(in: 1...9))")
      let chosen = someone()
      side.change { tenant, now in
        for id in chosen(tenant) { _ = tenant.change(id, JSONObject(present: [(name, value)]), now: now) }
      }
    case .disabled(let isEnabled):
      let chosen = someone()
      side.change { tenant, now in
        let members = JSONObject(present: [("accountEnabled", .bool(isEnabled))])
        for id in chosen(tenant) { _ = tenant.change(id, members, now: now) }
      }
    case .left:
      let chosen = someone()
      side.change { tenant, now in for id in chosen(tenant) { _ = tenant.remove(id, now: now) } }
    case .restored:
      side.change { tenant, now in for user in tenant.deletedUsers { _ = tenant.restore(user.id, now: now) } }
    case .reassigned: reassign()
    case .handedOver: handOver()
    case .restart: _ = try await cycle(.whole)
    }
  }

  /// Picks one in so many users.
  private func someone() -> @Sendable (Tenant) -> [String] {
    let share = Int(random.number(in: 2...12))
    let first = Int(random.number(in: 0...Int64(share - 1)))
    return { tenant in
      tenant.all(.user).enumerated().filter { $0.offset % share == first }.map(\.element.id)
    }
  }

  private func reassign() {
    let number = Int(random.number(in: 0...6))
    side.change { tenant, now in
      let groups = tenant.all(.group)
      guard groups.indices.contains(number), let principal = tenant.servicePrincipals.first?.id else { return }
      let group = groups[number].id
      if !tenant.unassign(group, from: principal) { _ = tenant.assign(group, to: principal, now: now) }
    }
  }

  /// Two people exchange nothing: the second gets the address of the first, who gets a new one.
  private func handOver() {
    let (first, second, number) = (random.next(), random.next(), random.number(in: 1...99_999))
    side.change { tenant, now in
      let members = tenant.all(.user).filter { $0.properties["userType"]?.string == "Member" }
      guard members.count > 1 else { return }
      let giver = members[Int(first % UInt64(members.count))]
      let taker = members[Int(second % UInt64(members.count))]
      guard giver.id != taker.id, let address = giver.properties["userPrincipalName"]?.string else { return }
      _ = tenant.change(giver.id, Self.names("handed\(number)@contoso.example"), now: now)
      _ = tenant.change(taker.id, Self.names(address), now: now)
    }
  }

  private static func names(_ address: String) -> JSONObject {
    JSONObject(present: [("userPrincipalName", .string(address)), ("mail", .string(address))])
  }
}
