import Base
import JSON

/// The requests that a simulator has answered, as far as they are remembered; no token is ever in it.
struct RequestLog<Fault: RawRepresentable & Sendable>: Sendable where Fault.RawValue == String {
  private(set) var entries: [Entry] = []
  private var requests = 0

  /// The requests that are remembered; older ones are forgotten.
  private static var limit: Int { 100_000 }

  /// One request.
  struct Entry: Sendable {
    var number = 0
    var time: Timestamp
    var method: String
    var path: String
    var status: Int?
    var fault: Fault?
    var userAgent: String?
    /// The caller's port, which tells connections apart.
    var connection: Int?

    var json: JSONValue {
      [
        "n": .integer(Int64(number)), "time": .string(time.description), "method": .string(method),
        "path": .string(path), "status": JSONValue(orNull: status), "fault": JSONValue(orNull: fault?.rawValue),
        "userAgent": JSONValue(orNull: userAgent), "connection": JSONValue(orNull: connection),
      ]
    }
  }

  /// Numbers an entry and remembers it.
  mutating func record(_ entry: Entry) {
    requests += 1
    if entries.count >= Self.limit { entries.removeFirst(Self.limit / 2) }
    var entry = entry
    entry.number = requests
    entries.append(entry)
  }

  /// The entries behind the number that a query names as `after`, one a line.
  func lines(_ query: String?) -> String {
    let parts = (query ?? "").split(separator: "&")
    let after = parts.first { $0.hasPrefix("after=") }.flatMap { Int($0.dropFirst(6)) } ?? 0
    return entries.filter { $0.number > after }.map { $0.json.text + "\n" }.joined()
  }
}
