import Base
public import JSON
import Ledger
public import Provisioning

extension BackupFolder {
  /// As a JSON object: the folder and its manifest.
  public var json: JSONValue {
    var object = JSONObject()
    object["folder"] = .string(folder)
    for member in manifest.json.object?.members ?? [] { object[member.name] = member.value }
    return .object(object)
  }
}

extension BackupProved {
  /// As a JSON object.
  public var json: JSONValue {
    [
      "proved": true, "name": .string(name), "created": .string(created.description), "size": .string(String(size)),
      "root": .string(root), "views": .string(views),
    ]
  }
}

extension Restored {
  /// As a JSON object; `folder` is that of the new ledger.
  public func json(_ folder: String) -> JSONValue {
    [
      "ledger": .string(folder), "size": .string(String(size)), "root": .string(root),
      "erased": .array(erased.map { .string($0.alias) }),
      "unprovedFrom": JSONValue(orNull: unprovedFrom?.description),
      "lostThrough": JSONValue(orNull: beyond.max().map { String($0) }),
    ]
  }
}
