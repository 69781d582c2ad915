import ArgumentParser
import Base
import Foundation
import Provisioning

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
