public import Base
public import Directory
public import Ledger
public import Operations
public import Provisioning

/// Cycles over the exports that are dropped into a folder: each newest one once.
public struct FolderCycles: CycleSource {
  private let ledger: OpenLedger
  private let folder: WatchedFolder
  private let directory: DirectorySourceID
  private let actor: Actor

  /// Cycles into a ledger, of the people whom a source owns.
  public init(
    of folder: WatchedFolder, into ledger: OpenLedger, source: DirectorySourceID = .standard, actor: Actor
  ) {
    self.ledger = ledger
    self.folder = folder
    directory = source
    self.actor = actor
  }

  /// The source's name.
  public var name: String { directory.name }

  /// When the newest cycle began that has finished: nil, since each look costs little, and what was taken is known.
  public func lastCycle() throws -> Timestamp? { nil }

  /// Imports the newest export unless it was imported already, or is older than what came in another way. The one that was
  /// imported last is once more, when the configuration is another one since, or cycles were to begin anew.
  public func run() async throws -> CycleSummary? {
    try await ledger.keepingFailure(ofCyclesOver: .folder) { try await take() }
  }

  private func take() async throws -> CycleSummary? {
    guard let export = try folder.newest(at: ledger.clock()) else { return nil }
    let newest = try ledger.newestCycle(of: directory)
    let cycle = DirectoryImport(into: ledger, source: directory, actor: actor)
    if let mark = try cycle.mark(Watermark.file) {
      if mark > export.mark { return nil }
      if try mark == export.mark && !cycle.isPolicyNew() { return nil }
    } else if let newest, newest >= export.modified {
      return nil
    }
    return try await cycle.run(paths: [export.path], ImportOptions(mark: export.mark))
  }
}
