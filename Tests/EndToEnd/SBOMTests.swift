import Foundation
import JSON
import Subprocess
import SystemPackage
import Testing

/// What `tools/sbom` writes, held to what was resolved and to the manifest.
@Suite("The list of what the program is made of", .enabled(if: Python.isThere))
struct SBOMTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// The build folder that these tests were built in.
  private static func scratch() throws -> URL {
    var folder = URL(fileURLWithPath: try Program.path())
    while folder.path != "/" {
      folder.deleteLastPathComponent()
      if FileManager.default.fileExists(atPath: folder.appending(path: "workspace-state.json").path) { return folder }
    }
    throw CancellationError()
  }

  private static func write() async throws -> String {
    let end = try await Subprocess.run(
      .path(FilePath(root.appending(path: "tools/sbom").path)),
      arguments: ["--scratch-path", try scratch().path], output: .string(limit: 1 << 20),
      error: .string(limit: 1 << 16))
    try #require(end.terminationStatus.isSuccess, "\(end.standardError)")
    return end.standardOutput
  }

  private static func parsed(_ text: String) throws -> JSONValue { try JSONParser.parse(Array(text.utf8)) }

  @Test("it has the shape of CycloneDX 1.6, and names each resolved package with version, commit and licence")
  func packages() async throws {
    let document = try Self.parsed(try await Self.write())
    #expect(document["bomFormat"] == "CycloneDX" && document["specVersion"] == "1.6" && document["version"] == 1)
    #expect(document["serialNumber"]?.string?.hasPrefix("urn:uuid:") == true)
    #expect(document["metadata"]?["component"]?["name"] == "provledger")
    let state = try String(contentsOf: Self.scratch().appending(path: "workspace-state.json"), encoding: .utf8)
    let resolved = try #require(Self.parsed(state)["object"]?["dependencies"]?.array)
    let components = try #require(document["components"]?.array).filter { $0["name"] != "SQLite" }
    #expect(components.count == resolved.count && components.count > 20)
    for (component, entry) in zip(components, resolved.sorted(by: Self.byIdentity)) {
      let checkout = try #require(entry["state"]?["checkoutState"])
      #expect(component["version"] == checkout["version"], "\(component)")
      #expect(component["pedigree"]?["commits"]?.array?.first?["uid"] == checkout["revision"])
      #expect(component["type"] == "library" && component["purl"]?.string?.hasPrefix("pkg:swift/github.com/") == true)
      let licence = component["licenses"]?.array?.first
      let name = licence?["expression"]?.string ?? licence?["license"]?["id"]?.string ?? ""
      #expect(["MIT", "Apache-2.0", "Apache-2.0 WITH Swift-exception"].contains(name), "\(component)")
    }
  }

  private static func byIdentity(_ left: JSONValue, _ right: JSONValue) -> Bool {
    (left["packageRef"]?["identity"]?.string ?? "") < (right["packageRef"]?["identity"]?.string ?? "")
  }

  @Test("what depends on what leads to components alone, and the manifest's packages have its exact versions")
  func graph() async throws {
    let document = try Self.parsed(try await Self.write())
    let refs = Set((document["components"]?.array ?? []).compactMap { $0["bom-ref"]?.string })
    let edges = try #require(document["dependencies"]?.array)
    for edge in edges {
      let needed = (edge["dependsOn"]?.array ?? []).compactMap(\.string)
      #expect(refs.isSuperset(of: needed), "\(edge)")
    }
    let own = Set((edges.first?["dependsOn"]?.array ?? []).compactMap(\.string))
    let manifest = try String(contentsOf: Self.root.appending(path: "Package.swift"), encoding: .utf8)
    let pins = manifest.matches(of: #/\.package\(url: "https:\/\/([^"]+)", exact: "([^"]+)"/#)
    #expect(own == Set(pins.map { "pkg:swift/\($0.output.1)@\($0.output.2)" } + ["pkg:generic/sqlite"]))
    #expect(manifest.matches(of: #/\.package\(/#).count == pins.count, "each package has an exact version")
  }

  @Test("the same packages give the same bytes")
  func reproducible() async throws {
    #expect(try await Self.write() == Self.write())
  }
}

/// What the tool is written in.
private enum Python {
  static let isThere = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").contains {
    FileManager.default.isExecutableFile(atPath: "\($0)/python3")
  }
}
