import Base
import Provisioning

/// The CSV of *Download users*: a header, then one user a row.
enum UserCSV {
  static func read(_ head: TextHead, limits: Limits) throws -> DirectoryReading {
    var rows = CSVReader(head, limits: limits)
    // An empty file was refused before.
    _ = try rows.next()
    let columns = try Columns(rows, limits)
    var snapshot = Snapshot(limits: limits)
    var blank: Fault?
    while try rows.next() {
      if rows.isBlank {
        blank = blank ?? rows.fault(.csvRow, "the line is blank, and rows follow it; remove it")
        continue
      }
      if let blank { throw blank }
      guard rows.count == columns.count else {
        let counts = "the row has \(rows.count.of("field")) and the header \(columns.count)"
        throw rows.fault(.csvRow, "\(counts); a comma in a field needs quotes around it")
      }
      try snapshot.add(change(rows, columns, limits))
    }
    return try snapshot.reading(of: head.page.name)
  }

  private static func change(_ row: CSVReader, _ columns: Columns, _ limits: Limits) throws -> DirectoryChange {
    let spot = Spot(place: row.place)
    var change = DirectoryChange(id: try spot.id(row[columns.id], limits: limits), place: row.place)
    change.attributes.reserveCapacity(columns.attributes.count)
    for (attribute, index) in columns.attributes {
      let text = row[index]
      change.attributes[attribute] =
        attribute.isBoolean ? .flag(try flag(text, attribute, spot)) : try spot.text(text, attribute, limits: limits)
    }
    return change
  }

  private static func flag(_ text: String, _ attribute: DirectoryAttribute, _ spot: Spot) throws -> Bool {
    switch text.asciiLowercased {
    case "true": return true
    case "false": return false
    case "": throw spot.fault(.attributeMissing, "\(attribute) is empty; write true or false")
    default: throw spot.fault(.attributeValue, "\(attribute) is \(text.quoted); write true or false")
    }
  }

  /// Which column holds what.
  private struct Columns {
    let count: Int
    let id: Int
    let attributes: [(DirectoryAttribute, Int)]

    init(_ header: CSVReader, _ limits: Limits) throws {
      // A spreadsheet leaves blanks round a name; the portal's documentation calls the id objectId.
      let names = (0..<header.count).map { index in
        let name = header[index].asciiLowercased.trimmed
        return name == "objectid" ? "id" : name
      }
      var columns: [ByteKey: Int] = [:]
      for (index, name) in names.enumerated() where !name.isEmpty {
        guard columns.updateValue(index, forKey: ByteKey(name)) == nil else {
          throw header.fault(.csvColumns, "the column \(header[index].quoted) is there twice; remove one of the two")
        }
      }
      func column(_ name: String) -> Int? { columns[ByteKey(name.asciiLowercased)] }
      let found = limits.attributes.compactMap { attribute in
        ([attribute.rawValue] + SourceAttribute.portalNames(of: attribute)).lazy.compactMap(column).first
          .map { (attribute, $0) }
      }
      let id = column("id")
      let missing =
        (id == nil ? ["id"] : [])
        + DirectoryAttribute.standard.filter { $0.isRequired && column($0.rawValue) == nil }.map(\.rawValue)
      guard let id, missing.isEmpty else {
        throw Columns.fault(header, missing, nothingKnown: id == nil && found.isEmpty)
      }
      self.count = header.count
      self.id = id
      self.attributes = found
    }

    private static func fault(_ header: CSVReader, _ missing: [String], nothingKnown: Bool) -> Fault {
      if header.count == 1, header[0].utf8.contains(where: { $0 == UInt8(ascii: ";") || $0 == UInt8(ascii: "\t") }) {
        return header.fault(.csvColumns, "the columns are separated by semicolons or tabs; save the file with commas")
      }
      if nothingKnown {
        return header.fault(
          .csvColumns,
          "no column is known; the first line must name columns such as id, userPrincipalName, accountEnabled")
      }
      let names = missing.joined(separator: ", ")
      return header.fault(.csvColumns, "the header lacks \(names); export with all columns of Download users")
    }
  }
}
