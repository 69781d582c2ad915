import ArgumentParser
import Base
import Foundation
import Provisioning
import Terminal

/// `provledger manual`
struct ManualCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "manual", abstract: "Write the manual pages: the command, and a page for each topic.",
    discussion: """
      Example:
        provledger manual man/

      They come from the help of the verbs and from the articles that `provledger help TOPIC` prints. They are dated today,
      or as SOURCE_DATE_EPOCH (seconds since 1970) says.
      """)

  @Argument(help: ArgumentHelp("The folder; it is made when it is not there.", valueName: "dir"))
  var folder: String

  func run() throws {
    let version = Provledger.configuration.version
    let day = Self.day(ProcessInfo.processInfo.environment["SOURCE_DATE_EPOCH"])
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      for (word, article) in Topics.all {
        try write("provledger-\(word).7", ManPage.of(article, name: "provledger-\(word)", version: version, day: day))
      }
      try write("provledger.1", Self.page(version, day))
    } catch let error as CocoaError {
      throw Fault(
        .outputUnwritable, "\(folder) cannot be written (\(error.localizedDescription)); name another folder.")
    }
    Output.line("\((Topics.all.count + 1).of("page")) in \(folder)")
  }

  /// The same sources make the same pages where a build says when it was.
  private static func day(_ epoch: String?) -> String {
    let moment = epoch.flatMap { Int64($0) }.map { Timestamp(milliseconds: $0 &* 1000) } ?? SystemClock.now()
    return String(moment.description.prefix(10))
  }

  private func write(_ name: String, _ text: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: folder).appending(path: name))
  }

  private static func page(_ version: String, _ day: String) -> String {
    let verbs = leaves(Provledger.self).map { words, command in
      (words, HelpText.fitted(Provledger.helpMessage(for: command, columns: 1000), width: 72))
    }
    return ManPage.command(
      "provledger", abstract: Provledger.configuration.abstract, verbs: verbs, topics: Topics.all.map(\.word),
      version: version, day: day)
  }

  private static func leaves(
    _ command: any ParsableCommand.Type, _ words: String = "provledger"
  ) -> [(String, any ParsableCommand.Type)] {
    let verbs = command.configuration.subcommands
    return verbs.isEmpty ? [(words, command)] : verbs.flatMap { leaves($0, "\(words) \($0._commandName)") }
  }
}
