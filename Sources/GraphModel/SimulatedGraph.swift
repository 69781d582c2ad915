public import Base
import JSON

/// Microsoft Graph and its sign-in as a pure value: a tenant, how it answers, and what goes wrong on the way.
///
/// The HTTP simulator and a simulation in virtual time run the same code; equal requests at equal times from equal seeds
/// get equal answers.
public struct SimulatedGraph: Sendable {
  /// The tenant.
  public var tenant: Tenant
  /// How it answers.
  public var settings: Settings
  /// What goes wrong.
  public var faults: GraphFaultPlan
  /// How often each fault was carried out.
  public private(set) var carriedOut: [GraphFault.Kind: Int] = [:]

  var random: CompanyRandom
  var grants: [String: Grant] = [:]
  var buckets: [String: Throttle.Bucket] = [:]

  /// Graph before a tenant; the seed gives the looks of tokens, replays, and faults by chance have a seed of their own.
  public init(
    tenant: Tenant, settings: Settings = Settings(), faults: GraphFaultPlan = GraphFaultPlan(), seed: UInt64 = 0
  ) {
    self.tenant = tenant
    self.settings = settings
    self.faults = faults
    // Another sequence than that of a company from the same seed.
    random = CompanyRandom(seed: seed ^ 0x6772_6170_68)
  }

  /// Whether a signature of some bytes was made with a certificate's key; the name is that of RFC 7518, section 3.1.
  public typealias SignatureCheck =
    @Sendable (
      _ certificate: ClientCertificate, _ algorithm: String, _ message: [UInt8], _ signature: [UInt8]
    ) -> Bool

  /// What the server does on the wire.
  public enum Reaction: Equatable, Sendable {
    /// It answers.
    case answer(Response)
    /// It begins this answer and closes the connection in the middle of the body.
    case cutOff(Response)
    /// It resets the connection.
    case reset
    /// It keeps the connection and says nothing.
    case silence
  }

  /// A reaction, what caused it, and when it comes.
  public struct Outcome: Equatable, Sendable {
    /// What the server does.
    public var reaction: Reaction
    /// The fault that was carried out, if any.
    public var fault: GraphFault.Kind?
    /// How many milliseconds after the request.
    public var latency: Int64
  }

  /// Carries a request out, with whatever the script does to it.
  public mutating func react(
    to request: Request, now: Timestamp, verify: SignatureCheck = { _, _, _, _ in false }
  ) -> Outcome {
    let template = Route.template(request.path)
    guard let fault = faults.decide(template), fault.kind.suits(template) else {
      return Outcome(reaction: .answer(answer(request, now: now, verify: verify)), latency: settings.latency)
    }
    carriedOut[fault.kind, default: 0] += 1
    let late = fault.kind == .delay ? fault.milliseconds : 0
    let reaction = spoil(fault, request, now, verify)
    return Outcome(reaction: reaction, fault: fault.kind, latency: settings.latency + late)
  }

  /// An object id that nobody has.
  public mutating func freshId() -> String {
    var id = random.guid()
    while tenant.objects[id] != nil { id = random.guid() }
    return id
  }

  /// The true answer to a request.
  public mutating func answer(
    _ request: Request, now: Timestamp, verify: SignatureCheck = { _, _, _, _ in false }
  ) -> Response {
    let segments = Route.segments(request.path)
    if segments.first == "v1.0" { return graph(request, now) }
    if segments.last == "token", let identity = managedIdentity(request, segments, now) { return identity }
    return signIn(request, segments, now, verify)
  }
}
