import Base

/// How many calls an application may make of a tenant: a bucket of resource units that fills again evenly.
public struct Throttle: Equatable, Sendable {
  /// The units that the bucket holds; nil for what is documented for the size of the tenant.
  public var units: Int64?
  /// The seconds in which it fills.
  public var seconds: Int64

  /// A limit.
  public init(units: Int64?, seconds: Int64 = 10) {
    self.units = units
    self.seconds = max(1, seconds)
  }

  /// What is documented (Microsoft Graph, "Microsoft Graph service-specific throttling limits", identity and access).
  public static let documented = Throttle(units: nil)

  /// What is left for one application.
  struct Bucket: Equatable, Sendable {
    var left: Double
    var at: Timestamp
  }

  /// Small, medium and large tenants: up to 50 users, up to 500, more.
  func limit(users: Int) -> Int64 { units ?? (users < 50 ? 3500 : users <= 500 ? 5000 : 8000) }

  /// What a call costs; a selection and a small page make it cheaper.
  static func cost(of call: Call) -> Int64 {
    var cost: Int64 =
      switch call.route {
      case .list(.user), .delta(.user), .applications, .application: 2
      case .members: 3
      default: 1
      }
    if call.items["$select"] != nil { cost -= 1 }
    if let top = call.items["$top"].flatMap({ Int($0) }), top < 20 { cost -= 1 }
    return max(1, cost)
  }
}

extension SimulatedGraph {
  /// Takes a call's units, and gives the headers that say so; throws 429 when too few are left. Refused calls count too.
  mutating func pace(_ call: Call) throws(Refusal) -> [String: String] {
    guard let throttle = settings.throttle else { return [:] }
    let limit = Double(throttle.limit(users: tenant.signInNames.count))
    let cost = Double(Throttle.cost(of: call))
    var bucket = buckets[call.grant.appId] ?? Throttle.Bucket(left: limit, at: call.now)
    let filled = limit * Double(max(0, (call.now - bucket.at).milliseconds)) / Double(throttle.seconds * 1000)
    bucket = Throttle.Bucket(left: max(min(limit, bucket.left + filled) - cost, -limit), at: call.now)
    buckets[call.grant.appId] = bucket
    if bucket.left < 0 { throw tooMany(-bucket.left / limit * Double(throttle.seconds), call) }
    var headers = ["x-ms-resource-unit": "\(Int64(cost))"]
    let share = 1 - bucket.left / limit
    if share >= 0.8 { headers["x-ms-throttle-limit-percentage"] = "\((share * 100).rounded() / 100)" }
    return headers
  }

  private func tooMany(_ seconds: Double, _ call: Call) -> Refusal {
    var refusal = Refusal.tooManyRequests(seconds: max(1, Int64(seconds.rounded(.up))))
    refusal.headers["x-ms-throttle-scope"] = "Tenant_Application/ReadWrite/\(call.grant.appId)/\(tenant.id)"
    refusal.headers["x-ms-throttle-information"] = "ResourceUnitLimitExceeded"
    return refusal
  }
}

extension Refusal {
  /// 429; without `Retry-After` when no seconds are named.
  static func tooManyRequests(seconds: Int64?) -> Refusal {
    Refusal(
      429, "TooManyRequests", "Too many requests.", headers: seconds.map { ["retry-after": "\($0)"] } ?? [:])
  }
}
