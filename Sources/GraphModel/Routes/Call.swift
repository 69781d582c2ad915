import Base
import JSON

/// One call of Graph on its way: what was asked, by whom, when.
struct Call {
  let request: SimulatedGraph.Request
  let route: Route
  let grant: Grant
  let now: Timestamp
  let items: FormItems

  /// The options that a route takes; Graph refuses any other that begins with a dollar sign.
  func refuseOptions(but known: Set<String>) throws(Refusal) {
    for item in items.items where item.name.hasPrefix("$") && !known.contains(item.name) {
      throw .unsupported("The query option '\(item.name)' is not supported here.")
    }
  }

  /// The selected properties; empty when none are named.
  func selection(of kind: TenantObject.Kind? = nil) throws(Refusal) -> [String] {
    guard let text = items["$select"] else { return [] }
    let names = text.split(separator: ",").map { $0.trimmingSpaces }
    for name in names {
      guard let kind, !PropertyNames.knows(name, of: kind) else { continue }
      throw Refusal(
        400, "BadRequest",
        "Parsing OData Select and Expand failed: Could not find a property named '\(name)' on type 'microsoft.graph.\(kind)'."
      )
    }
    return names
  }

  /// How many objects a page holds: `$top`, 1 to 999.
  func top(or standard: Int) throws(Refusal) -> Int {
    guard let text = items["$top"] else { return max(1, standard) }
    guard let top = Int(text), (1...999).contains(top) else {
      throw .unsupported("Invalid page size specified: '\(text)'. Must be between 1 and 999 inclusive.")
    }
    return top
  }

  /// `Prefer: odata.maxpagesize=N`, which a delta query goes by.
  var preferredSize: Int? {
    preferences.first { $0.hasPrefix("odata.maxpagesize=") }
      .flatMap { Int($0.dropFirst("odata.maxpagesize=".count)) }.map { min(max($0, 1), 999) }
  }

  /// `Prefer: return=minimal`: changed properties only.
  var isMinimal: Bool { preferences.contains("return=minimal") }

  private var preferences: [String] {
    (request.headers["prefer"] ?? "").split(separator: ",").map { $0.trimmingSpaces }
  }

  /// Whether the caller has asked for a count, which the directory answers eventually only.
  func wantsCount() throws(Refusal) -> Bool {
    guard items["$count"] == "true" else { return false }
    guard request.headers["consistencylevel"]?.lowercased() == "eventual" else {
      throw .unsupported("$count is not currently supported. Send the header ConsistencyLevel: eventual.")
    }
    return true
  }

  /// The collection's address for `@odata.context`.
  func context(_ collection: String) -> JSONValue {
    .string("\(request.origin)/v1.0/$metadata#\(collection)")
  }

  /// This address with another token: everything else stays as it was sent.
  func nextLink(_ token: String) -> String {
    let rest = items.items.filter { $0.name != "$skiptoken" }.map { "\($0.raw)&" }.joined()
    return "\(request.origin)\(request.path)?\(rest)$skiptoken=\(token)"
  }
}

extension StringProtocol {
  /// The text without blanks before and behind it.
  var trimmingSpaces: String {
    String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}
