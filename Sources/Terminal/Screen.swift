public import Base
public import Foundation
import Glibc
import Synchronization

/// Who may use colours.
public enum ColourChoice: String, CaseIterable, Sendable {
  /// A terminal may, unless `NO_COLOR` is set (no-color.org) or `TERM` is `dumb`.
  case auto
  /// Everything that is not data for machines.
  case always
  /// Nothing.
  case never
}

/// The terminal, if there is one: all that the program tells goes through it, so that a bar and a line never meet.
public final class Screen: Sendable {
  /// The process's own.
  public static let shared = Screen()

  /// How text is shown.
  public struct Settings: Sendable {
    /// Who may use colours.
    public var colour = ColourChoice.auto
    /// Nothing is shortened or wrapped.
    public var isWide = false
    /// The zone in which instants are shown; nil for UTC as the log writes them.
    public var zone: TimeZone?

    /// As people like it who said nothing.
    public init() {}
  }

  private struct State {
    var settings = Settings()
    var bar: (@Sendable () -> Bar)?
    /// The columns of the bar that is on the terminal; 0 when there is none.
    var drawn = 0
  }

  private let state = Mutex(State())
  private let environment = ProcessInfo.processInfo.environment

  private init() {}

  /// How text is shown from here on.
  public var settings: Settings {
    get { state.withLock { $0.settings } }
    set { state.withLock { $0.settings = newValue } }
  }

  // MARK: What there is

  /// Whether a descriptor is a terminal.
  public static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

  /// The size of the terminal behind a descriptor at this moment; nil where there is none. A terminal that does not know its
  /// size has 80 columns.
  public static func size(_ descriptor: Int32) -> (columns: Int, lines: Int)? {
    guard isTerminal(descriptor) else { return nil }
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return (80, 24) }
    return (Int(size.ws_col), max(1, Int(size.ws_row)))
  }

  /// The look of what is written to a descriptor at this moment.
  public func look(_ descriptor: Int32) -> Table.Look {
    let settings = settings
    let width = settings.isWide ? nil : Self.size(descriptor)?.columns
    return Table.Look(width: width, isColoured: isColoured(settings.colour, descriptor))
  }

  private func isColoured(_ choice: ColourChoice, _ descriptor: Int32) -> Bool {
    switch choice {
    case .always: true
    case .never: false
    case .auto: Self.isTerminal(descriptor) && environment["NO_COLOR"] ?? "" == "" && environment["TERM"] != "dumb"
    }
  }

  /// How instants are told in what people read there: with their age on a terminal, which nobody reads later.
  public func instants(_ descriptor: Int32, now: Timestamp) -> Instants {
    Instants(zone: settings.zone, now: Self.isTerminal(descriptor) ? now : nil)
  }

  // MARK: The bar

  /// Takes the bar away, writes something else, and puts the bar back.
  public func interrupt<Result>(_ body: () throws -> Result) rethrows -> Result {
    try state.withLock { state in
      Self.clear(&state)
      defer { Self.draw(&state) }
      return try body()
    }
  }

  /// Shows a bar on the terminal of standard error, now or at the next redraw; its content is asked for at each.
  func show(_ bar: @escaping @Sendable () -> Bar, now: Bool) {
    state.withLock { state in
      state.bar = bar
      if now { Self.redraw(&state) }
    }
  }

  /// Draws the bar anew, at the width of this moment; nothing where there is none.
  func redraw() { state.withLock { Self.redraw(&$0) } }

  /// Takes the bar away for good.
  func end() {
    state.withLock { state in
      Self.clear(&state)
      state.bar = nil
    }
  }

  private static func redraw(_ state: inout State) {
    clear(&state)
    draw(&state)
  }

  private static func clear(_ state: inout State) {
    guard state.drawn > 0 else { return }
    tell(erasing(state.drawn, width: size(STDERR_FILENO)?.columns ?? 80))
    state.drawn = 0
  }

  private static func draw(_ state: inout State) {
    guard let bar = state.bar, let size = size(STDERR_FILENO) else { return }
    let line = bar().line(width: size.columns)
    state.drawn = line.columns
    tell(line)
  }

  /// What erases a line of some columns: on a terminal that has become narrower it has become several lines.
  static func erasing(_ columns: Int, width: Int) -> String {
    let above = max(0, columns - 1) / max(1, width)
    return above == 0 ? "\r\u{1B}[K" : "\r\u{1B}[\(above)A\u{1B}[J"
  }

  /// That nobody reads standard error keeps nobody from work.
  private static func tell(_ text: String) { try? FileHandle.standardError.write(contentsOf: Data(text.utf8)) }

  /// Writes to standard error as it is; the bar makes way.
  public func tell(_ text: String) { interrupt { Self.tell(text) } }
}

/// The terminal's second screen, which leaves the first one as it was (xterm's control sequences, private mode 1049).
public enum AlternateScreen {
  /// Goes there, and hides the cursor.
  public static let enter = "\u{1B}[?1049h\u{1B}[?25l"
  /// Comes back.
  public static let leave = "\u{1B}[?25h\u{1B}[?1049l"

  /// Draws lines over what is there; those that do not fit are left out, with a word about it in the last one.
  public static func frame(_ lines: [String], height: Int) -> String {
    let cut = lines.count > height
    var shown = Array(lines.prefix(cut ? max(0, height - 1) : height))
    if cut { shown.append("… \(lines.count - shown.count) more lines; make the window higher") }
    return "\u{1B}[H" + shown.map { "\($0)\u{1B}[K" }.joined(separator: "\r\n") + "\u{1B}[J"
  }
}
