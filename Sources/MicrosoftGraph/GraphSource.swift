import Base
import Directory
import HTTPTransport
import JSON
public import Provisioning

/// Reads what cycles need of a tenant.
public struct GraphSource: Sendable {
  /// What came of reading users.
  public enum Users: Equatable, Sendable {
    /// What was read, whole.
    case reading(DirectoryReading)
    /// The deltaLink has ended: everybody must be read.
    case resync
  }

  /// How many users have arrived so far.
  public typealias Progress = @Sendable (Int) -> Void

  /// How often a full read begins anew when Graph ends its links meanwhile.
  static let beginnings = 3

  let client: GraphClient
  /// What is selected, by Graph's names.
  private let properties: [String]
  /// What is read beside the standard attributes.
  private let attributes: [DirectoryAttribute]

  /// Reads over a client the attributes that rules need, beside those that are always read; `selecting` names more of them.
  public init(_ client: GraphClient, selecting others: [String] = [], reading attributes: [DirectoryAttribute] = []) {
    self.client = client
    let known = Set(attributes + DirectoryAttribute.standard)
    self.attributes = attributes + others.map { DirectoryAttribute(rawValue: $0) }.filter { !known.contains($0) }
    var names = ["id"] + DirectoryAttribute.standard.map(\.rawValue)
    for name in self.attributes.compactMap(SourceAttribute.property) where !names.contains(name) { names.append(name) }
    properties = names
  }

  /// Where the first round of users begins: exactly what is read is selected, since nothing else is tracked then
  /// (Microsoft Graph, "user: delta").
  var beginning: String { "\(client.url)/users/delta?$select=\(properties.joined(separator: ","))" }

  /// True for a deltaLink that this source may go on from: it leads to the same host.
  public func mayFollow(_ deltaLink: String) -> Bool { client.url.covers(deltaLink) }

  /// Reads everybody, with the deltaLink to go on from. Throws `Fault` with a PL-12xx or PL-01xx code when it is not whole.
  public func everybody(progress: Progress = { _ in }) async throws -> DirectoryReading {
    var answer: UsersAnswer = try await anew { try await self.answer(from: beginning, isMinimal: false, progress) }
    return try answer.everybody()
  }

  /// Reads whole what has links into it, which Graph may end meanwhile: `read` gives nil then, and begins anew. Throws
  /// `Fault` when that goes on, and what `read` throws.
  func anew<Answer>(_ read: () async throws -> Answer?) async throws -> Answer {
    for _ in 0..<Self.beginnings {
      if let answer = try await read() { return answer }
    }
    throw client.unreadable("ends its own links again and again")
  }

  /// How many users there are, as far as Graph says without being asked twice; nil where it does not.
  public func count() async -> Int? {
    guard case .body(let bytes) = try? await client.read("\(client.url)/users?$count=true&$top=1&$select=id", .users)
    else { return nil }
    return (try? JSONParser.parse(bytes))?["@odata.count"]?.integer
  }

  /// Whether a user is there, by the object id. Throws as `everybody` does.
  public func isThere(_ id: String) async throws -> Bool {
    try await client.isThere("users/\(id.pathSafe)", .users)
  }

  /// Makes sure that users whom an answer about everybody leaves out are not there. Throws `Fault` for one who is, and as
  /// `everybody` does.
  public func requireMissing(_ ids: some Sequence<String>) async throws {
    for id in ids where try await isThere(id) {
      throw client.unreadable("was to hold all users, and leaves out somebody who is there when asked for by id")
    }
  }

  /// Reads what has changed since a deltaLink. Throws as `everybody` does.
  public func changes(since deltaLink: String, progress: Progress = { _ in }) async throws -> Users {
    guard var answer = try await answer(from: deltaLink, isMinimal: true, progress) else { return .resync }
    return .reading(try answer.changes())
  }

  /// All pages from a link on; nil when a link has ended.
  private func answer(from link: String, isMinimal: Bool, _ progress: Progress) async throws -> UsersAnswer? {
    var answer = UsersAnswer(reading: attributes)
    var (page, hasEnded) = (0, false)
    try await client.pages(from: link, .users, isMinimal: isMinimal) { reply in
      page += 1
      switch reply {
      case .body(let bytes):
        let before = answer.count
        let links = try answer.add("page \(page) of \(client.url)/users/delta", bytes)
        if links.next == nil, links.delta == nil { throw client.unreadable("ends before its last page") }
        progress(answer.count)
        return links.next.map { NextPage($0, afterEmpty: answer.count == before) }
      case .resync:
        hasEnded = true
        return nil
      case .missing: throw client.unreadable("says that there are no users to read")
      }
    }
    return hasEnded ? nil : answer
  }
}
