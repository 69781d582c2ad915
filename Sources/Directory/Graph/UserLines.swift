import Base
import JSON
import Provisioning

/// NDJSON: one Microsoft Graph user object a line, all users.
enum UserLines {
  static func read(_ head: TextHead, limits: Limits) throws -> DirectoryReading {
    var lines = LineReader(head, limit: limits.line)
    var snapshot = Snapshot(limits: limits)
    var blank: Fault?
    while let line = try lines.next() {
      if line.allSatisfy(isSpace) {
        blank = blank ?? lines.fault(.jsonShape, "the line is blank, and objects follow it; remove it")
        continue
      }
      if let blank { throw blank }
      try snapshot.add(change(line, lines, limits))
    }
    return try snapshot.reading(of: head.page.name)
  }

  private static func change(_ line: ArraySlice<UInt8>, _ lines: LineReader, _ limits: Limits) throws -> DirectoryChange
  {
    let place = lines.place(lines.number)
    guard line.count <= limits.object else {
      throw lines.fault(.inputTooLarge, "the object is larger than \(limits.object >> 10) KiB; select fewer attributes")
    }
    do {
      let value = try JSONParser.parse(line)
      guard let object = value.object else {
        throw lines.fault(.jsonShape, "the line holds a JSON \(value.kind); it must be one user object")
      }
      guard object["@removed"] == nil else {
        throw lines.fault(.jsonShape, "NDJSON is a full export and holds no @removed; save the delta's pages instead")
      }
      var unread: [DirectoryAttribute] = []
      return try UserObject.change(object, at: Spot(place: place), limits: limits, unread: &unread)
    } catch let error as JSONError {
      throw error.fault(at: place)
    }
  }
}
