public import JSON

/// The answer to a query (RFC 7644 section 3.4.2).
public struct ListResponse: Equatable, Sendable {
  /// How many resources the query matches in all.
  public var totalResults: Int
  /// The index of the first resource, from 1; the sample of TeamViewer's SCIM page says 0, so nobody may rely on it.
  public var startIndex: Int?
  /// How many resources this answer holds.
  public var itemsPerPage: Int?
  /// The resources.
  public var resources: [JSONValue]

  /// An answer.
  public init(totalResults: Int, startIndex: Int? = nil, itemsPerPage: Int? = nil, resources: [JSONValue]) {
    self.totalResults = totalResults
    self.startIndex = startIndex
    self.itemsPerPage = itemsPerPage
    self.resources = resources
  }

  /// Reads an answer; a missing `Resources` is accepted when nothing was found, and so is a `totalResults` that is a
  /// text.
  ///
  /// Throws when the value names other schemas, has no whole `totalResults` of 0 or more, or holds no `Resources`
  /// although there are some.
  public init(_ json: JSONValue) throws(SCIMParseError) {
    guard case .object = json else { throw .wrongType(attribute: "the list", wanted: "object") }
    if json.attribute("schemas") != nil, !json.schemas.contains(SchemaURN.listResponse) {
      throw .wrongType(attribute: "schemas", wanted: "ListResponse")
    }
    guard let total = json.attribute("totalResults") else { throw .missing("totalResults") }
    guard let total = total.integer ?? total.string.flatMap({ Int($0) }), total >= 0 else {
      throw .wrongType(attribute: "totalResults", wanted: "count")
    }
    totalResults = total
    startIndex = json.attribute("startIndex")?.integer
    itemsPerPage = json.attribute("itemsPerPage")?.integer
    switch json.attribute("Resources") {
    case .array(let elements)?: resources = elements
    case nil where total == 0: resources = []
    case nil: throw .missing("Resources")
    case .some: throw .wrongType(attribute: "Resources", wanted: "array")
    }
  }

  /// The answer as JSON.
  public var json: JSONValue {
    var object = JSONObject()
    object["schemas"] = [.string(SchemaURN.listResponse)]
    object["totalResults"] = .integer(Int64(totalResults))
    object["startIndex"] = startIndex.map { .integer(Int64($0)) }
    object["itemsPerPage"] = itemsPerPage.map { .integer(Int64($0)) }
    object["Resources"] = .array(resources)
    return .object(object)
  }
}
