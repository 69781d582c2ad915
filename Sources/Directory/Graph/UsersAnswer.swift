public import Provisioning

/// The answer of Microsoft Graph to `/users/delta`, page by page as it arrives; the pages' bytes are not kept.
public struct UsersAnswer {
  /// Where a page says to go on.
  public struct Links: Equatable, Sendable {
    /// The next page.
    public var next: String?
    /// Where the next round begins; the last page alone has it.
    public var delta: String?
  }

  private let limits: Limits
  private var answer: GraphAnswer

  /// Nothing has arrived; attributes are read beside the standard ones.
  public init(reading attributes: [DirectoryAttribute] = []) {
    limits = .live(reading: attributes)
    answer = GraphAnswer(limits: limits)
  }

  /// How many objects have arrived, repetitions included.
  public var count: Int { answer.objects }

  /// Takes over a page; a fault calls it by the name. Throws `Fault` with a PL-01xx code.
  public mutating func add(_ name: String, _ bytes: [UInt8]) throws -> Links {
    let meter = Meter(total: bytes.count, limit: limits.total) { _ in }
    let head = try TextHead(MeteredPage(MemoryPage(name, bytes, company: .others), meter))
    let page = try GraphPage(head, limits: limits)
    try answer.add(page)
    return Links(next: page.nextLink, delta: page.deltaLink)
  }

  /// What has changed, given away. Throws `Fault` with a PL-01xx code unless the last page has come.
  public mutating func changes() throws -> DirectoryReading { try answer.changes() }

  /// Everybody, given away, when the answer began at the beginning. Throws as `changes` does, and for an answer without a user.
  public mutating func everybody() throws -> DirectoryReading { try answer.everybody() }
}
