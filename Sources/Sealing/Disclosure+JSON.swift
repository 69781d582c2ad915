import Base
import EventLog
public import JSON

extension Disclosure {
  /// The most that the JSON of a disclosure may take, in bytes: an entry is less.
  static let limit = 262_144
  /// The most hashes that a path may have; members are few.
  static let pathLimit = 32
  private static let form = "provledger-disclosure/v1"

  /// The disclosure as JSON: bytes as base64, the path from the member's own sibling on, each hash
  /// under the side on which it stands.
  public var json: JSONValue {
    [
      "event": .string(event.description), "form": .string(Self.form), "member": .string(member),
      "path": .array(path.map { [$0.isLeft ? "left" : "right": .string($0.hash.base64)] }), "salt": .string(saltText),
      "stream": .string(stream), "subject": .string(subject), "value": value,
    ]
  }

  private var saltText: String {
    var writer = JSONWriter(reserving: 24)
    salt.withUnsafeBytes { writer.base64($0) }
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  /// Reads what `json` wrote, of at most 262,144 bytes, and nothing else beside it; `verify` says whether it holds.
  /// Throws `FaultCode.disclosureInvalid`.
  public init(json bytes: [UInt8]) throws {
    guard bytes.count <= Self.limit, let value = try? JSONParser.parse(bytes) else {
      throw Self.invalid("is no JSON object of at most \(Self.limit) bytes")
    }
    try self.init(value)
  }

  /// As above, for a value that was parsed already.
  public init(_ json: JSONValue) throws {
    guard let object = json.object else { throw Self.invalid("is no JSON object") }
    guard object["form"]?.string == Self.form else { throw Self.invalid("is of no form that this program knows") }
    let names = ["event", "stream", "subject", "member", "salt"]
    let texts = names.compactMap { object[$0]?.string }
    guard texts.count == names.count, object.members.count == 8, let event = EventID(texts[0]),
      let salt = Base64.decode(texts[4]), salt.count == SaltedMembers.saltSize, let value = object["value"]
    else { throw Self.invalid("lacks a part, or has one that is malformed") }
    self.init(
      event: event, stream: texts[1], subject: texts[2], member: texts[3], value: value, salt: salt,
      path: try Self.path(object["path"]))
  }

  private static func path(_ value: JSONValue?) throws -> [SmallTree.Sibling] {
    guard let path = value?.array, path.count <= pathLimit else {
      throw invalid("has no path of at most \(pathLimit) hashes")
    }
    return try path.map { step in
      guard let members = step.object?.members, members.count == 1, ["left", "right"].contains(members[0].name),
        let hash = members[0].value.string.flatMap({ Digest32(base64: $0) })
      else { throw invalid("has a path that is not all hashes of 32 bytes in base64, each on its side") }
      return SmallTree.Sibling(hash, isLeft: members[0].name == "left")
    }
  }
}
