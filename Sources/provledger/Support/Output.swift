import Foundation
import JSON
import Provisioning

/// Data to standard output, notices and errors to standard error.
enum Output {
  /// Prints a line of data.
  static func line(_ text: String = "") { raw((clean(text) + "\n").utf8) }

  /// The first few of some names, for a line.
  static func some(_ names: [String]) -> String {
    names.prefix(5).joined(separator: ", ") + (names.count > 5 ? ", …" : "")
  }

  /// Prints bytes as they are: CSV, raw entries.
  static func raw(_ bytes: some Sequence<UInt8>) {
    do { try FileHandle.standardOutput.write(contentsOf: Data(bytes)) } catch {
      // Nobody reads any more. Where a library ignores the signal for it, the process ends by it all the same.
      signal(SIGPIPE, SIG_DFL)
      raise(SIGPIPE)
    }
  }

  /// Prints bytes to standard error as they are. That nobody reads them keeps nobody from work.
  static func tell(_ text: String) { try? FileHandle.standardError.write(contentsOf: Data(text.utf8)) }

  /// Prints a value as one line of JSON.
  static func json(_ value: JSONValue) { raw(Array(value.text.utf8) + [UInt8(ascii: "\n")]) }

  /// Prints a notice.
  static func notice(_ text: String) { tell(clean(text) + "\n") }

  /// Prints an error.
  static func error(_ text: String) { notice(text) }

  /// Prints rows under a header, columns aligned.
  static func table(_ header: [String], _ rows: [[String]]) { self.rows([header] + rows) }

  /// Prints rows, columns aligned.
  static func rows(_ rows: [[String]]) { for text in aligned(rows) { line(text) } }

  /// Rows as lines, columns aligned.
  static func aligned(_ rows: [[String]]) -> [String] {
    let rows = rows.map { $0.map(clean) }
    var widths = Array(repeating: 0, count: rows.map(\.count).max() ?? 0)
    for row in rows { for (column, cell) in row.enumerated() { widths[column] = max(widths[column], cell.count) } }
    return rows.map { row in
      let cells = row.enumerated().map { column, cell in
        column == row.count - 1 ? cell : cell + String(repeating: " ", count: widths[column] - cell.count)
      }
      return cells.joined(separator: "  ")
    }
  }

  /// Text that came from outside must not steer the terminal, nor look like a line of ours: control characters, line
  /// breaks and changes of direction are shown as a replacement character.
  static func clean(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isSteering) else { return text }
    var scalars = String.UnicodeScalarView()
    for scalar in text.unicodeScalars { scalars.append(isSteering(scalar) ? "\u{FFFD}" : scalar) }
    return String(scalars)
  }

  private static func isSteering(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0, 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
  }
}
