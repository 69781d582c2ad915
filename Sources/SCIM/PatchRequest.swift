public import JSON

/// One operation of a PATCH request (RFC 7644 section 3.5.2).
public struct PatchOperation: Equatable, Sendable {
  /// The kind, as it was written: `add`, `remove` or `replace`, in any case.
  public var op: String
  /// The attribute that is meant; without it `value` is a partial resource.
  public var path: String?
  /// The new value; absent for `remove`.
  public var value: JSONValue?

  /// An operation.
  public init(op: String, path: String? = nil, value: JSONValue? = nil) {
    self.op = op
    self.path = path
    self.value = value
  }

  /// The operation that TeamViewer documents: a replacement, by path or, without it, of several attributes at once.
  public static func replace(_ path: String? = nil, _ value: JSONValue) -> PatchOperation {
    PatchOperation(op: "replace", path: path, value: value)
  }
}

/// A PATCH request (RFC 7644 section 3.5.2).
public struct PatchRequest: Equatable, Sendable {
  /// The operations, in order.
  public var operations: [PatchOperation]

  /// The operations that one request may hold.
  public static let operationLimit = 1000

  /// A request of operations.
  public init(operations: [PatchOperation]) { self.operations = operations }

  /// Reads a request; `schemas` is not looked at, so that the caller decides which URNs it takes.
  ///
  /// Throws when `Operations` is missing, empty, no array of objects or longer than `operationLimit`, or when an
  /// operation has no `op`.
  public init(_ json: JSONValue) throws(SCIMParseError) {
    guard let list = json.attribute("Operations") else { throw .missing("Operations") }
    guard case .array(let entries) = list else { throw .wrongType(attribute: "Operations", wanted: "array") }
    guard !entries.isEmpty else { throw .missing("Operations") }
    guard entries.count <= Self.operationLimit else { throw .tooMany("Operations", limit: Self.operationLimit) }
    operations = []
    for entry in entries {
      guard case .object = entry else { throw .wrongType(attribute: "Operations", wanted: "array of objects") }
      guard let op = try entry.text("op") else { throw .missing("op") }
      // A null value is kept apart from a missing one: it clears an attribute.
      operations.append(PatchOperation(op: op, path: try entry.text("path"), value: entry.member("value")))
    }
  }

  /// The request as JSON, with the official URN.
  public var json: JSONValue {
    let operations = operations.map { operation in
      var object = JSONObject()
      object["op"] = .string(operation.op)
      object["path"] = operation.path.map(JSONValue.string)
      object["value"] = operation.value
      return JSONValue.object(object)
    }
    return ["schemas": [.string(SchemaURN.patchOp)], "Operations": .array(operations)]
  }
}
