import Foundation
import PackagePlugin

/// Embeds the articles of a target's DocC catalogue in the target, as Swift that ArticleTool writes.
@main
struct Embedding: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
    guard let target = target as? any SourceModuleTarget else { return [] }
    let catalogue = target.directoryURL.appending(path: "\(target.name).docc")
    let articles = try FileManager.default.contentsOfDirectory(at: catalogue, includingPropertiesForKeys: nil)
      .filter { $0.pathExtension == "md" }.sorted { $0.path < $1.path }
    let output = context.pluginWorkDirectoryURL.appending(path: "EmbeddedArticles.swift")
    return [
      .buildCommand(
        displayName: "Embedding the articles", executable: try context.tool(named: "ArticleTool").url,
        arguments: [output.path] + articles.map(\.path), inputFiles: articles, outputFiles: [output])
    ]
  }
}
