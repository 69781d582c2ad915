import Base
import EventLog
import Foundation
import Provisioning
import Sealing

/// One person in a snapshot: a byte that says how, the alias and the person, each with its length before it.
///
/// Somebody who was erased has nothing left to be sealed. Of somebody whose key is lost only the alias is kept.
struct SnapshotRecord: Sendable {
  /// How the person is kept.
  enum Form: UInt8, Sendable {
    case clear = 0
    case sealed = 1
    case lost = 2
  }

  let alias: String
  let form: Form
  let content: Data

  /// A row of the table `person` as it is kept in a snapshot. Throws the faults of the keys.
  init(_ row: SnapshotRow, _ place: Digest32, _ codec: EventCodec) throws {
    alias = row.alias
    let text = Data(row.state.utf8)
    guard !row.isErased else {
      (form, content) = (.clear, text)
      return
    }
    let sealed = try codec.seal(text, about: row.alias, in: place)
    (form, content) = (sealed == nil ? .lost : .sealed, sealed ?? Data())
  }

  /// The bytes in the file.
  var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(content.count + alias.utf8.count + 6)
    bytes.append(form.rawValue)
    bytes.append(UInt8(truncatingIfNeeded: alias.utf8.count))
    bytes.append(contentsOf: alias.utf8)
    withUnsafeBytes(of: UInt32(content.count).littleEndian) { bytes.append(contentsOf: $0) }
    // Data hands itself out byte by byte, each by a call.
    content.withUnsafeBytes { bytes.append(contentsOf: $0) }
    return bytes
  }

  /// Reads the record that begins at `start`, and moves `start` behind it; nil for what is none.
  init?(_ file: Data, _ start: inout Int) {
    guard file.endIndex - start >= 2, let form = Form(rawValue: file[start]) else { return nil }
    let name = start + 2..<start + 2 + Int(file[start + 1])
    guard file.endIndex - name.upperBound >= 4 else { return nil }
    let length = file[name.upperBound..<name.upperBound + 4].reversed().reduce(0) { $0 << 8 | Int($1) }
    let body = name.upperBound + 4
    guard file.endIndex - body >= length else { return nil }
    self.form = form
    alias = String(decoding: file[name], as: UTF8.self)
    content = file[body..<body + length]
    start = body + length
  }

  /// The person; nil where only the log can tell. Throws the faults of the keys.
  func person(_ place: Digest32, _ codec: EventCodec) throws -> Person? {
    switch form {
    case .clear: return try? ViewsSQL.person(String(decoding: content, as: UTF8.self))
    case .sealed:
      let text = try codec.open(content, about: alias, in: place)
      return text.flatMap { try? ViewsSQL.person(String(decoding: $0, as: UTF8.self)) }
    case .lost: return nil
    }
  }
}

/// What a snapshot takes from a row of the table `person`.
struct SnapshotRow: Sendable {
  let alias: String
  let state: String
  let isErased: Bool
}
