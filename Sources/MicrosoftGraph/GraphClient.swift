public import Base
import HTTPTransport
import JSON
import SCIM

/// Reads from Microsoft Graph: with a token, page by page, patiently, and never from another host.
public struct GraphClient: Sendable {
  /// What came of a read.
  enum Reply: Equatable {
    /// The body of an answer.
    case body([UInt8])
    /// The link holds a token that has ended: what it stood for must be read from the beginning.
    case resync
    /// There is no such thing.
    case missing
  }

  /// The largest page, in bytes.
  private static let limit = 64 << 20
  /// The longest link, in bytes.
  static let longestLink = 8 << 10
  /// The most pages of one answer.
  private static let pages = 100_000

  /// Where Graph stands, version included.
  public let url: ServiceURL
  let names: GraphNames
  private let persistence: Persistence
  private let tokens: AccessTokens
  private let diagnosis: GraphDiagnosis
  private let newID: @Sendable () -> String

  /// A client of the application `client` that looks at who is assigned to `principal`; `newID` makes the ids by which
  /// Microsoft's support finds a request.
  public init(
    _ url: ServiceURL, client: String, principal: String, tokens: AccessTokens, over persistence: Persistence,
    diagnosis: GraphDiagnosis, newID: @escaping @Sendable () -> String
  ) {
    self.url = url
    self.tokens = tokens
    self.persistence = persistence
    self.diagnosis = diagnosis
    self.newID = newID
    names = GraphNames(host: url.host, client: client, principal: principal)
  }

  /// Gets a token. Throws as `read` does.
  func signIn() async throws { _ = try await tokens.token() }

  /// Reads a link, as it is. Throws `Fault` with a PL-12xx code, and the faults of the proxy; cancellation.
  func read(_ link: String, _ query: GraphQuery, isMinimal: Bool = false) async throws -> Reply {
    try refuseForeign(link)
    let first = try await tokens.token()
    var response = try await send(link, first, isMinimal)
    if GraphRefusal(response).isToken {
      response = try await send(link, tokens.token(insteadOf: first), isMinimal)
    }
    if response.status == 200 { return .body(response.body) }
    let refusal = GraphRefusal(response)
    if refusal.isExpiredLink { return .resync }
    if let fault = refusal.fault(query, names), response.status != 404 || fault.code == .graphPrincipal { throw fault }
    if response.status == 404, !refusal.code.isEmpty { return .missing }
    throw diagnosis.fault(of: .response(response))
  }

  /// Reads one object, or nil where there is none. Throws as `read` does.
  func object(_ path: String, _ query: GraphQuery) async throws -> JSONObject? {
    guard case .body(let bytes) = try await read("\(url)/\(path)", query) else { return nil }
    return try json(bytes).object
  }

  /// Whether an object is there. Throws as `read` does.
  func isThere(_ path: String, _ query: GraphQuery) async throws -> Bool {
    switch try await read("\(url)/\(path)?$select=id", query) {
    case .body: true
    case .missing: false
    case .resync: throw unreadable("ends a link that is none")
    }
  }

  /// Reads a list to its end, and hands each element on; false when a link into it has ended, so that what was read is not
  /// all of it. A list that is not there has none. Throws as `read` does.
  @discardableResult
  func list(_ path: String, _ query: GraphQuery, _ take: (JSONValue) throws -> Void) async throws -> Bool {
    var (isFirst, hasEnded) = (true, false)
    try await pages(from: "\(url)/\(path)", query) { reply in
      defer { isFirst = false }
      switch reply {
      case .missing where isFirst: return nil
      case .missing, .resync:
        hasEnded = true
        return nil
      case .body(let bytes):
        let page = try json(bytes)
        let elements = try elements(of: page)
        for element in elements { try take(element) }
        return try link("@odata.nextLink", of: page).map { NextPage($0, afterEmpty: elements.isEmpty) }
      }
    }
    return !hasEnded
  }

  /// What a page lists. Throws `Fault` for one that lists nothing, or holds an error beside it.
  func elements(of page: JSONValue) throws(Fault) -> [JSONValue] {
    if let error = page["error"], error != .null { throw unreadable("holds an error in place of a whole page") }
    guard let elements = page["value"]?.array else { throw unreadable("has no list") }
    return elements
  }

  /// A link of a page; nil where there is none. Throws `Fault` for anything else than a text: the answer would seem to end.
  func link(_ name: String, of page: JSONValue) throws(Fault) -> String? {
    switch page[name] {
    case nil, .null?: return nil
    case .string(let link)? where !link.isEmpty: return link
    default: throw unreadable("has a \(name) that is no link")
    }
  }

  /// Reads pages from a link on, each while the one before is taken: `take` gives the page to go on with, nil behind the
  /// last. Throws as `read` does, and what `take` throws.
  func pages(
    from first: String, _ query: GraphQuery, isMinimal: Bool = false, _ take: (Reply) throws -> NextPage?
  ) async throws {
    var links = LinkTrail(first: first, limit: Self.pages)
    var ahead: ReadAhead?
    defer { ahead?.cancel() }
    while let link = links.next {
      let foreseen = try await ahead?.reply(to: link)
      ahead = nil
      let reply = if let foreseen { foreseen } else { try await read(link, query, isMinimal: isMinimal) }
      if case .body(let bytes) = reply, let next = NextLink.find(in: bytes) {
        ahead = ReadAhead(next) { try await read(next, query, isMinimal: isMinimal) }
      }
      try links.follow(try take(reply)) { unreadable($0) }
    }
  }

  /// The fault of an answer that cannot be used, and why.
  func unreadable(_ why: String) -> Fault {
    Fault(.graphAnswer, "An answer of \(url.host) \(why). Nothing of it was taken over; try again later.")
  }

  /// A body as JSON. Throws `Fault` for what is none.
  func json(_ bytes: [UInt8]) throws -> JSONValue {
    guard let value = try? JSONParser.parse(bytes) else { throw unreadable("is no JSON") }
    return value
  }

  private func refuseForeign(_ link: String) throws(Fault) {
    let isPlain = link.utf8.count <= Self.longestLink && link.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    if isPlain, url.covers(link) { return }
    throw Fault(
      .graphLink,
      "An answer of \(url.host) leads to another place, to which no token is sent. Correct graph.url; behind a gateway "
        + "that changes answers, let it leave links alone.")
  }

  private func send(_ link: String, _ token: String, _ isMinimal: Bool) async throws -> SCIMResponse {
    var headers = [
      ("accept", "application/json"), ("authorization", "Bearer \(token)"), ("client-request-id", newID()),
    ]
    if isMinimal { headers.append(("prefer", "return=minimal")) }
    // What counts is answered from an index that may lag behind (Microsoft Graph, "Advanced query capabilities").
    if link.contains("$count=true") { headers.append(("consistencylevel", "eventual")) }
    let exchange = try await persistence.send(.init("GET", link, headers: headers), bodyLimit: Self.limit)
    guard case .response(let response) = exchange else { throw diagnosis.fault(of: exchange) }
    return response
  }
}

/// Where a page says to go on.
struct NextPage {
  let link: String
  /// True when the page itself lists nothing, as pages of changes may.
  let isAfterEmpty: Bool

  init(_ link: String, afterEmpty isAfterEmpty: Bool) {
    self.link = link
    self.isAfterEmpty = isAfterEmpty
  }
}

/// The links of one answer: each is followed once.
struct LinkTrail {
  /// The most pages in a row that list nothing.
  private static let mostEmpty = 1_000

  /// The page to read; nil behind the last.
  private(set) var next: String?
  private var seen: Set<ByteKey> = []
  private var emptyInARow = 0
  private let limit: Int

  init(first: String, limit: Int) {
    next = first
    self.limit = limit
  }

  /// Goes on to a page, or ends; a link that was followed, and one too many, is a fault.
  mutating func follow(_ page: NextPage?, _ fault: (String) -> Fault) throws(Fault) {
    next = page?.link
    guard let page else { return }
    emptyInARow = page.isAfterEmpty ? emptyInARow + 1 : 0
    guard seen.insert(ByteKey(page.link)).inserted else { throw fault("leads back to a page that was read") }
    guard seen.count < limit else { throw fault("has more pages than are read") }
    guard emptyInARow < Self.mostEmpty else { throw fault("has more empty pages in a row than are read") }
  }
}
