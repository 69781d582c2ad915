import Base
import JSON

/// The company as directory exports.
extension Company {
  /// The CSV of *Download users* in the Entra admin center: byte order mark, CRLF, quotes where RFC 4180 needs them.
  public func csv() -> [UInt8] {
    let columns = [
      "userPrincipalName", "displayName", "surname", "mail", "givenName", "id", "userType", "jobTitle", "department",
      "accountEnabled", "usageLocation", "streetAddress", "state", "country", "officeLocation", "city", "postalCode",
      "telephone", "mobilePhone", "createdDateTime",
    ]
    var bytes: [UInt8] = [0xEF, 0xBB, 0xBF]
    bytes.append(csvRow: columns)
    for person in people {
      bytes.append(csvRow: [
        person.userPrincipalName, person.displayName, person.surname, person.mail ?? "", person.givenName, person.id,
        person.userType, person.jobTitle, person.department, person.isEnabled ? "True" : "False", "",
        person.streetAddress, "", "", "", "", "", "", "", created(person),
      ])
    }
    return bytes
  }

  /// Pages of an answer to Microsoft Graph's `/users`, named `page1.json` and so on, with `size` people each.
  ///
  /// A size below 1 counts as 1. A company without people is one page without objects.
  public func graphPages(size: Int) -> [(name: String, bytes: [UInt8])] {
    let size = max(1, size)
    let count = max(1, (people.count + size - 1) / size)
    return (1...count).map { number in
      var writer = JSONWriter()
      writer.raw(#"{"@odata.context":"https://graph.microsoft.com/v1.0/$metadata#users","#)
      if number < count {
        writer.raw(#""@odata.nextLink":"https://graph.microsoft.com/v1.0/users?$skiptoken="#)
        writer.integer(number + 1)
        writer.raw(#"","#)
      }
      writer.raw(#""value":["#)
      let first = (number - 1) * size
      for index in first..<min(first + size, people.count) {
        if index > first { writer.raw(",") }
        writer.value(object(people[index]), canonical: false)
      }
      writer.raw("]}\n")
      return ("page\(number).json", writer.bytes)
    }
  }

  /// One Microsoft Graph user object a line.
  public func ndjson() -> [UInt8] {
    var writer = JSONWriter()
    for person in people {
      writer.value(object(person), canonical: false)
      writer.raw("\n")
    }
    return writer.bytes
  }

  /// A person as a user object of Microsoft Graph.
  func object(_ person: Person) -> JSONValue {
    [
      "id": .string(person.id), "userPrincipalName": .string(person.userPrincipalName),
      "displayName": .string(person.displayName), "givenName": .string(person.givenName),
      "surname": .string(person.surname), "mail": person.mail.map(JSONValue.string) ?? .null,
      "accountEnabled": .bool(person.isEnabled), "userType": .string(person.userType),
      "jobTitle": .string(person.jobTitle), "department": .string(person.department),
      "streetAddress": .string(person.streetAddress), "businessPhones": [],
      "createdDateTime": .string(created(person)),
    ]
  }

  /// Day 0 is 1 January 2026.
  private func created(_ person: Person) -> String {
    Timestamp(milliseconds: 1_767_225_600_000 + Int64(person.joinedDay) * 86_400_000).description
  }
}

extension [UInt8] {
  fileprivate mutating func append(csvRow fields: [String]) {
    for (index, field) in fields.enumerated() {
      if index > 0 { append(UInt8(ascii: ",")) }
      let special: [UInt8] = [UInt8(ascii: "\""), UInt8(ascii: ","), UInt8(ascii: "\r"), UInt8(ascii: "\n")]
      guard field.utf8.contains(where: special.contains) else {
        append(contentsOf: field.utf8)
        continue
      }
      append(UInt8(ascii: "\""))
      for byte in field.utf8 {
        if byte == UInt8(ascii: "\"") { append(byte) }
        append(byte)
      }
      append(UInt8(ascii: "\""))
    }
    append(contentsOf: [UInt8(ascii: "\r"), UInt8(ascii: "\n")])
  }
}
