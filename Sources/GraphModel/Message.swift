import Base
public import JSON

extension SimulatedGraph {
  /// A request as it came.
  public struct Request: Sendable {
    /// The method, in capitals.
    public var method: String
    /// Scheme, host and port by which the caller reached the simulator: links lead there.
    public var origin: String
    /// The path, percent-encoded.
    public var path: String
    /// What stands behind the question mark, as it was sent.
    public var query: String
    /// The header fields, names in lower case.
    public var headers: [String: String]
    /// The body.
    public var body: [UInt8]

    /// A request.
    public init(
      _ method: String, _ path: String, query: String = "", origin: String = "http://127.0.0.1",
      headers: [String: String] = [:], body: [UInt8] = []
    ) {
      self.method = method
      self.origin = origin
      self.path = path
      self.query = query
      self.headers = headers
      self.body = body
    }
  }

  /// An answer.
  public struct Response: Equatable, Sendable {
    /// The HTTP status.
    public var status: Int
    /// The header fields, names in lower case.
    public var headers: [String: String]
    /// The body.
    public var body: [UInt8]

    /// The body as JSON; nil when it is none.
    public var json: JSONValue? { try? JSONParser.parse(body) }

    /// An answer with some bytes.
    public init(status: Int, headers: [String: String] = [:], body: [UInt8] = []) {
      self.status = status
      self.headers = headers
      self.body = body
    }

    /// An answer with JSON.
    init(
      status: Int, headers: [String: String] = [:], type: String = "application/json; charset=utf-8", _ json: JSONValue
    ) {
      self.init(status: status, headers: headers, body: Array(json.text.utf8))
      self.headers["content-type"] = type
    }
  }
}

/// The parts of a query, or of a form.
struct FormItems {
  /// One part, as it was sent and as it is meant.
  struct Item {
    var raw: String
    var name: String
    var value: String
  }

  /// More are not looked at.
  private static let limit = 64

  let items: [Item]

  /// Reads what stands between `&`; a part that cannot be decoded counts as it was sent. The tokens of links keep their
  /// `+`, which everywhere else is a space.
  init(_ text: String) {
    items = text.split(separator: "&").prefix(Self.limit).map { part in
      let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = PercentEncoding.decode(pair[0], plusIsSpace: true) ?? String(pair[0])
      let value = pair.count > 1 ? pair[1] : ""
      let decoded =
        PercentEncoding.decode(value, plusIsSpace: !name.hasPrefix("$") || !name.hasSuffix("token")) ?? String(value)
      return Item(raw: String(part), name: name, value: decoded)
    }
  }

  /// The values by their names; of two the first counts.
  var values: [String: String] { Dictionary(items.map { ($0.name, $0.value) }) { first, _ in first } }

  subscript(name: String) -> String? { items.first { $0.name == name }?.value }
}
