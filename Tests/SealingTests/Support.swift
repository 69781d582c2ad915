import Base
import Crypto
import EventLog
import Foundation
import JSON
import LogSupport

@testable import Sealing

extension Folder {
  var master: SecretSource { .file(path + "/master.key") }

  /// The subject keys, under a master key that is made when it is not there.
  func openKeys() throws -> SubjectKeys {
    if try master.masterKey() == nil { try master.write(MasterKey()) }
    return try SubjectKeys(path: keys, master: master)
  }
}

extension Fault {
  /// The fault that a body throws; nil when it throws none.
  static func fault(_ body: () throws -> Void) -> Fault? {
    do {
      try body()
      return nil
    } catch {
      return error as? Fault
    }
  }

  /// The code of the fault that a body throws; nil when it throws none.
  static func code(_ body: () throws -> Void) -> FaultCode? { fault(body)?.code }
}

/// Sealing as the program did it before members could be disclosed singly.
enum FirstForm {
  static func seal(
    _ members: JSONObject, for subject: Subject, stream: String, event: EventID, nonce: [UInt8] = Array(0x60..<0x6C)
  ) throws -> [UInt8] {
    let box = try AES.GCM.seal(
      JSONValue.object(members).canonicalBytes, using: subject.key, nonce: AES.GCM.Nonce(data: nonce),
      authenticating: Data("ledger-sealed/v1\n\(stream)\n\(event)".utf8))
    let value: JSONValue = [
      "alg": "A256GCM", "ciphertext": .string((box.ciphertext + box.tag).base64EncodedString()),
      "nonce": .string(Data(nonce).base64EncodedString()), "subject": .string(subject.alias),
    ]
    return value.canonicalBytes
  }
}

/// What the written-down examples of both forms are made of.
enum Example {
  static let subject = Subject(alias: "s-7f", key: SymmetricKey(data: Data(0x40..<0x60)))
  static let nonce = Array(UInt8(0x60)..<0x6C)
  static let salts = Array(UInt8(0x80)..<0xB0)
  static let members = JSONObject(present: [
    ("userName", "ada@example.test"), ("active", true), ("displayName", "Ada Example"),
  ])
  static let id = EventID(high: 0x0190_F5FE_7C00_7A00, low: 0x8000_0000_0000_0001)
}
