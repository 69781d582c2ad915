import ArgumentParser
import Base

/// `provledger completions`
struct CompletionsCommand: ParsableCommand {
  /// The shells that there are completions for.
  enum Shell: String, CaseIterable {
    case bash, zsh, fish
  }

  static let configuration = CommandConfiguration(
    commandName: "completions", abstract: "Print a shell's completion script: verbs, options, states, people.",
    discussion: """
      Examples:
        provledger completions bash > /etc/bash_completion.d/provledger
        provledger completions zsh > /usr/share/zsh/site-functions/_provledger
        provledger completions fish > ~/.config/fish/completions/provledger.fish

      Sign-in names are those of the ledger that the line names, once they are begun.
      """)

  @Argument(help: "bash, zsh or fish.", completion: .words(Shell.self), transform: choice)
  var shell: Shell

  func run() throws {
    guard let shell = CompletionShell(rawValue: shell.rawValue) else { throw ExitCode(.usage) }
    Output.text(Provledger.completionScript(for: shell) + "\n")
  }
}
