import Foundation

/// The package's folder, as the tests of the documents see it.
enum Repository {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// The text of a file.
  static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
  }

  static func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: root.appendingPathComponent(path).path)
  }

  /// The names in a folder, hidden ones left out.
  static func names(in folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: root.appendingPathComponent(folder).path)
      .filter { !$0.hasPrefix(".") }.sorted()
  }

  /// The files under a folder, at any depth.
  static func files(under folder: String) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: root.appendingPathComponent(folder).path)
      .map { "\(folder)/\($0)" }.sorted()
  }

  // MARK: Documents

  /// The articles of all targets.
  static func articles() throws -> [Document] {
    try files(under: "Sources").filter { $0.contains(".docc/") && $0.hasSuffix(".md") }.map { try Document($0) }
  }

  /// The README and all articles.
  static func documents() throws -> [Document] { [try Document("README.md")] + (try articles()) }

  /// An article of the command's catalogue.
  static func article(_ name: String) throws -> Document {
    try Document("Sources/provledger/provledger.docc/\(name).md")
  }
}
