import Terminal

/// What a screen shows of some text: as much of a terminal as the program uses (ECMA-48, and xterm's private mode 1049).
struct Emulator {
  let columns: Int
  /// The lines of the screen, those that moved out of it too.
  private(set) var rows: [[String]] = [[]]
  /// True when a line was longer than the terminal is wide.
  private(set) var isWrapped = false
  /// True while the second screen is shown; what is drawn there is kept in `second`.
  private(set) var isSecond = false
  private(set) var second: [[String]] = []
  /// Control sequences that it does not know.
  private(set) var unknown: [String] = []
  /// How often a colour was chosen.
  private(set) var colours = 0
  private var first: (rows: [[String]], row: Int, column: Int) = ([[]], 0, 0)
  private var (row, column) = (0, 0)

  init(columns: Int, _ text: String) {
    self.columns = columns
    var rest = Substring(text)
    while let character = rest.popFirst() {
      switch character {
      case "\r\n":
        column = 0
        down()
      case "\n": down()
      case "\r": column = 0
      case "\u{1B}": control(&rest)
      default: put(character)
      }
    }
  }

  /// The lines as text, without spaces at their ends.
  var lines: [String] {
    rows.map { row in
      var line = row.joined()
      while line.last == " " { line.removeLast() }
      return line
    }
  }

  private mutating func down() {
    row += 1
    while rows.count <= row { rows.append([]) }
  }

  private mutating func put(_ character: Character) {
    let width = String(character).columns
    if width == 0 { return }
    if column + width > columns {
      isWrapped = true
      column = 0
      down()
    }
    while rows[row].count < column + width { rows[row].append(" ") }
    rows[row][column] = String(character)
    // The second cell of a wide character shows nothing of its own.
    if width == 2 { rows[row][column + 1] = "" }
    column += width
  }

  private mutating func control(_ rest: inout Substring) {
    guard rest.first == "[" else { return unknown.append(String(rest.prefix(1))) }
    rest.removeFirst()
    let parameters = String(rest.prefix { "0123456789;?".contains($0) })
    rest = rest.dropFirst(parameters.count)
    let final = rest.popFirst() ?? " "
    switch (final, parameters) {
    case ("m", _): if parameters != "0" { colours += 1 }
    case ("K", ""): rows[row] = Array(rows[row].prefix(column))
    case ("J", ""):
      rows[row] = Array(rows[row].prefix(column))
      rows = Array(rows.prefix(row + 1))
    case ("H", ""): (row, column) = (0, 0)
    case ("A", _): row = max(0, row - (Int(parameters) ?? 1))
    case ("h", "?25"), ("l", "?25"): break
    case ("h", "?1049"): enter()
    case ("l", "?1049"): leave()
    default: unknown.append("\(parameters)\(final)")
    }
  }

  private mutating func enter() {
    first = (rows, row, column)
    (rows, row, column) = ([[]], 0, 0)
    isSecond = true
  }

  private mutating func leave() {
    second = rows
    (rows, row, column) = first
    isSecond = false
  }
}
