import Base
import GraphModel
import JSON
import Testing

/// A reader who knows nothing but how to merge what comes.
private struct MergingReader {
  var objects: [String: [String: JSONValue]] = [:]
  var related: [String: Set<String>] = [:]

  mutating func take(_ entry: JSONValue) throws {
    let id = try #require(entry["id"]?.string)
    if entry["@removed"] != nil {
      objects[id] = nil
      related[id] = nil
      return
    }
    for member in try #require(entry.object).members where member.name != "id" {
      if member.name.hasSuffix("@delta") {
        try relate(id, member.value)
      } else {
        objects[id, default: [:]][member.name] = member.value == .null ? nil : member.value
      }
    }
    objects[id, default: [:]]["id"] = .string(id)
  }

  private mutating func relate(_ id: String, _ list: JSONValue) throws {
    for other in try #require(list.array) {
      let otherId = try #require(other["id"]?.string)
      if other["@removed"] == nil { related[id, default: []].insert(otherId) } else { related[id]?.remove(otherId) }
    }
  }
}

/// A directory in which anything happens to anybody.
private struct Chaos {
  var random: SeededGenerator
  var made = 0
  var removed: [String] = []

  mutating func below(_ count: Int) -> Int { Int(random.number(in: 0...Int64(count - 1))) }

  mutating func pick(_ tenant: Tenant, _ kind: TenantObject.Kind) -> String? {
    tenant.all(kind).map(\.id).randomElement(using: &random)
  }

  mutating func step(_ tenant: inout Tenant, _ now: Timestamp) {
    let (user, other, group) = (pick(tenant, .user), pick(tenant, .user), pick(tenant, .group))
    switch below(14) {
    case 0...2: add(.user, &tenant, now)
    case 3: add(.group, &tenant, now)
    case 4, 5: if let user { _ = tenant.change(user, value(), now: now) }
    case 6: if let user, let other { _ = tenant.setManager(of: user, to: below(4) == 0 ? nil : other, now: now) }
    case 7...9: if let user, let group { _ = tenant.addMember(user, to: group, now: now) }
    case 10:
      if let group, let member = tenant.members(of: group).randomElement(using: &random) {
        _ = tenant.removeMember(member, from: group, now: now)
      }
    case 11: remove(below(4) == 0 ? group : user, &tenant, now)
    case 12: if let id = removed.randomElement(using: &random) { _ = tenant.restore(id, now: now) }
    default: if below(2) == 0, let id = removed.randomElement(using: &random) { _ = tenant.purge(id, now: now) }
    }
  }

  private mutating func add(_ kind: TenantObject.Kind, _ tenant: inout Tenant, _ now: Timestamp) {
    made += 1
    let unified: [(String, JSONValue)] = kind == .group ? [("groupTypes", below(2) == 0 ? ["Unified"] : [])] : []
    var object = properties("\(kind)\(made)", unified)
    if kind == .group { object["userPrincipalName"] = nil }
    _ = tenant.add(kind, "\(kind)-\(made)", object, now: now)
  }

  private mutating func value() -> JSONObject {
    let name = ["displayName", "department", "accountEnabled", "mail", "jobTitle"][below(5)]
    return JSONObject(present: [(name, below(4) == 0 ? .null : .string("v\(below(9))"))])
  }

  private mutating func remove(_ id: String?, _ tenant: inout Tenant, _ now: Timestamp) {
    guard let id else { return }
    removed.append(id)
    _ = tenant.remove(id, now: now)
  }
}

@Suite("Graph: a reader who merges")
struct DeltaPropertyTests {
  private static let selects = ["displayName,department", "manager", "accountEnabled,mail,manager", ""]

  @Test(
    "has the tenant's present state after a full read and any number of deltas", arguments: 0..<120 as Range<UInt64>)
  func converges(seed: UInt64) throws {
    var chaos = Chaos(random: SeededGenerator(seed: seed))
    var tenant = emptyTenant()
    for _ in 0..<chaos.below(120) { chaos.step(&tenant, start) }
    let kind: TenantObject.Kind = seed % 2 == 0 ? .user : .group
    let select = kind == .group ? (seed % 4 == 1 ? "displayName,members" : "") : Self.selects[chaos.below(4)]
    var reader = try Reader(tenant) { settings in
      (settings.pageSize, settings.memberSlice) = (1 + Int64(seed % 7), 1 + Int64(seed % 4))
      (settings.replays, settings.emptyPages) = (0.2, 0.2)
      (settings.replicationSeconds, settings.showsRemoved) = (seed % 5 == 0 ? 2 : 0, seed % 3 == 0)
      settings.throttle = nil
    }
    var merged = MergingReader()
    var link = "/\(kind)s/delta" + (select.isEmpty ? "" : "?$select=\(select)")
    for round in 0..<6 {
      let headers = round > 0 && chaos.below(2) == 0 ? ["prefer": "return=minimal"] : [:]
      link = try read(link, headers, &reader, &merged, disturbed: round < 5 ? chaos : nil)
      for _ in 0..<(round < 4 ? chaos.below(25) : 0) { chaos.step(&reader.graph.tenant, reader.now) }
      reader.now = reader.now + .seconds(10)
    }
    try compare(merged, reader.graph.tenant, kind, select)
  }

  /// Reads to the end of a round, while the directory changes between its pages.
  private func read(
    _ first: String, _ headers: [String: String], _ reader: inout Reader, _ merged: inout MergingReader,
    disturbed: Chaos?
  ) throws -> String {
    var link = first
    var chaos = disturbed
    chaos?.made += 1000 * (Int(reader.now.milliseconds / 1000) % 1000)
    while true {
      let answer = reader.get(link, headers)
      try #require(answer.status == 200)
      for entry in try #require(answer.json?["value"]?.array) { try merged.take(entry) }
      if let end = answer.json?["@odata.deltaLink"]?.string { return end }
      link = try #require(answer.json?["@odata.nextLink"]?.string)
      chaos?.step(&reader.graph.tenant, reader.now)
    }
  }

  private func compare(_ merged: MergingReader, _ tenant: Tenant, _ kind: TenantObject.Kind, _ select: String) throws {
    let there = tenant.all(kind)
    #expect(Set(merged.objects.keys) == Set(there.map(\.id)))
    let names = select.isEmpty ? ["displayName", "mail", "jobTitle"] : select.split(separator: ",").map(String.init)
    for object in there {
      let seen = try #require(merged.objects[object.id])
      for name in names where name != "manager" && name != "members" {
        let value = object.properties[name]
        #expect(seen[name] == (value == .null ? nil : value), "\(object.id) \(name)")
      }
      if kind == .group {
        #expect(merged.related[object.id] ?? [] == Set(tenant.members(of: object.id)), "\(object.id)")
      } else if names.contains("manager") {
        #expect(merged.related[object.id] ?? [] == Set([tenant.manager(of: object.id)].compactMap(\.self)))
      }
    }
  }
}
