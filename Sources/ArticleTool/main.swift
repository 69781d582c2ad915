import Foundation

/// Writes articles as Swift: `ArticleTool OUTPUT ARTICLE…`. Raw strings, which the compiler takes in a second or so.
struct Failure: Error {}

let paths = CommandLine.arguments.dropFirst()
guard let output = paths.first else { throw Failure() }
let entries = try paths.dropFirst().map { path in
  let url = URL(fileURLWithPath: path)
  let text = try String(contentsOf: url, encoding: .utf8)
  // More marks than stand behind any quote of the text.
  let marks = String(repeating: "#", count: 8)
  guard !text.contains("\"" + marks) else { throw Failure() }
  let name = url.deletingPathExtension().lastPathComponent
  return "    (name: \"\(name)\", text: \(marks)\"\"\"\n\(text)\n\"\"\"\(marks)),\n"
}
let code = """
  /// The articles of the catalogue, as they are in the repository.
  enum EmbeddedArticles {
    static let all: [(name: String, text: String)] = [
  \(entries.joined())  ]
  }

  """
try Data(code.utf8).write(to: URL(fileURLWithPath: output))
