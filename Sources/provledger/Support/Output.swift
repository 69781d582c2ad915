import Base
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

  /// Prints bytes as they are: CSV, raw entries. Where they cannot be written the process ends: by SIGPIPE, without a word,
  /// when nobody reads any more; else with the fault's words and exit code.
  static func raw(_ bytes: some Sequence<UInt8>) {
    do { try PrivateFile.write(Array(bytes), to: STDOUT_FILENO) } catch {
      let failure = error as? PrivateFile.Failure
      if failure?.number == EPIPE {
        // Where a library ignores the signal for it, the process ends by it all the same.
        signal(SIGPIPE, SIG_DFL)
        raise(SIGPIPE)
      }
      let reason = failure?.text ?? "\(error)"
      let fault = Fault(
        .outputUnwritable, "The output cannot be written: \(reason). Check where it goes, and the room there.")
      Self.error(fault.description)
      exit(fault.code.exit.rawValue)
    }
  }

  /// Prints bytes to standard error as they are. That nobody reads them keeps nobody from work.
  static func tell(_ text: String) { try? FileHandle.standardError.write(contentsOf: Data(text.utf8)) }

  /// Prints a value as one line of JSON, in which no text from outside steers the terminal.
  static func json(_ value: JSONValue) { raw((OutsideText.escaped(json: value.text) + "\n").utf8) }

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

  /// Text that came from outside must not steer the terminal, nor look like a line of ours.
  static func clean(_ text: String) -> String { OutsideText.cleaned(text) }
}
