import ArgumentParser
import Base
import Foundation
import JSON
import Provisioning
import Synchronization
import Terminal

/// Data to standard output, notices and errors to standard error; on a terminal both are fitted to its width.
enum Output {
  // MARK: Data

  /// Prints a line of data; on a terminal it goes on in the next one where it is too long.
  static func line(_ text: String = "") {
    let look = Screen.shared.look(STDOUT_FILENO)
    print(wrapped(withInstants(clean(text)), look).map { look.isColoured ? Tone.paintedLead($0) : $0 })
  }

  /// Prints a line that says that all is well.
  static func good(_ text: String) {
    let look = Screen.shared.look(STDOUT_FILENO)
    print(wrapped(withInstants(clean(text)), look).map { look.isColoured ? Tone.good.painted($0) : $0 })
  }

  /// Prints a text that is a document of its own, such as a certificate: its lines stay as they are.
  static func text(_ text: String) { raw(text.utf8) }

  /// Prints an article of the documents, filled to 80 columns at most.
  static func article(_ article: Article) {
    var look = Screen.shared.look(STDOUT_FILENO)
    look.width = min(80, look.width ?? 80)
    print(article.lines(look))
  }

  /// Prints rows under a header, columns aligned; on a terminal as wide as it is.
  static func table(_ header: [String], _ rows: [[String]]) {
    print(Table(header, rows.map { $0.map { withInstants(clean($0)) } }).lines(Screen.shared.look(STDOUT_FILENO)))
  }

  /// Prints names and what they say, aligned.
  static func rows(_ rows: [[String]]) { print(lines(rows)) }

  /// Names and what they say, as the lines that would be printed.
  static func lines(_ rows: [[String]]) -> [String] {
    Table.pairs(rows.map { $0.map { withInstants(clean($0)) } }, Screen.shared.look(STDOUT_FILENO))
  }

  /// Prints a value as one line of JSON, in which no text from outside steers the terminal.
  static func json(_ value: JSONValue) { raw((OutsideText.escaped(json: value.text) + "\n").utf8) }

  /// Prints bytes as they are: CSV, raw entries. Where they cannot be written the process ends: by SIGPIPE, without a word,
  /// when nobody reads any more; else with the fault's words and exit code.
  static func raw(_ bytes: some Sequence<UInt8>) {
    guard takes(STDOUT_FILENO) else { return }
    do { try Screen.shared.interrupt { try PrivateFile.write(Array(bytes), to: STDOUT_FILENO) } } catch {
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

  private static func print(_ lines: [String]) { raw(lines.map { "\($0)\n" }.joined().utf8) }

  // MARK: Words about it

  /// Prints bytes to standard error as they are. That nobody reads them keeps nobody from work.
  static func tell(_ text: String) {
    if takes(STDERR_FILENO) { Screen.shared.tell(text) }
  }

  // MARK: The end

  private static let isEnding = Atomic(false)

  /// From here on a pipe that is full and that nobody reads keeps the process for a second at most: a signal has ended it.
  static func end() { isEnding.store(true, ordering: .relaxed) }

  private static func takes(_ descriptor: Int32) -> Bool {
    guard isEnding.load(ordering: .relaxed) else { return true }
    var wanted = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    // Where it cannot be asked, the write tells why.
    return poll(&wanted, 1, 1000) != 0
  }

  /// Prints a notice.
  static func notice(_ text: String) { notice(text, nil) }

  /// Prints an error.
  static func error(_ text: String) { notice(text, .bad) }

  private static func notice(_ text: String, _ tone: Tone?) {
    let look = Screen.shared.look(STDERR_FILENO)
    let lines = wrapped(clean(text), look).map { line in
      guard look.isColoured else { return line }
      return tone?.painted(line) ?? Tone.paintedLead(line)
    }
    tell(lines.map { "\($0)\n" }.joined())
  }

  // MARK: Text

  /// The first few of some names, for a line.
  static func some(_ names: [String]) -> String {
    names.prefix(5).joined(separator: ", ") + (names.count > 5 ? ", …" : "")
  }

  /// Text that came from outside must not steer the terminal, nor look like a line of ours.
  static func clean(_ text: String) -> String { OutsideText.cleaned(text) }

  private static func withInstants(_ text: String) -> String {
    Screen.shared.instants(STDOUT_FILENO, now: SystemClock.now()).shown(in: text)
  }

  private static func wrapped(_ text: String, _ look: Table.Look) -> [String] {
    look.width.map { text.wrapped(to: $0) } ?? [text]
  }
}

/// A word as a shell takes it.
enum ShellWord {
  private static let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+:@%,=")

  /// The word as it is where a shell leaves it alone, else in quotes (POSIX.1, Shell Command Language, 2.2.2).
  static func quoted(_ word: String) -> String {
    if !word.isEmpty, word.allSatisfy(plain.contains) { return word }
    return "'\(word.replacing("'", with: "'\\''"))'"
  }
}

/// Asking before something that cannot be taken back.
enum Confirmation {
  /// Asks on the terminal; unless the answer is yes it says what did not happen, and ends the command with 1. Without a
  /// terminal nobody is asked, and `FaultCode.noTerminal` says how to go on.
  static func ask(_ question: String, otherwise: String = "Nothing was changed.") throws {
    guard isatty(STDIN_FILENO) == 1 else {
      throw Fault(.noTerminal, "\(question) There is no terminal to ask on; say --yes. \(otherwise)")
    }
    Output.tell("\(Output.clean(question)) [y/N] ")
    guard let answer = readLine(), ["y", "yes"].contains(answer.lowercased()) else {
      Output.notice(otherwise)
      throw ExitCode(.failures)
    }
  }
}
