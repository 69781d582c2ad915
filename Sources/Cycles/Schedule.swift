import Base
import Directory
public import Ledger
public import Logging
import Provisioning

/// The cycles that a ledger's configuration asks for.
public struct Schedule {
  /// A service for each source.
  public let services: [CycleService]

  /// Cycles over the tenant, where there is a way to it, and over the watched folder; `speed` times as often as configured.
  public init(of ledger: OpenLedger, graph: GraphConnection?, logger: Logger, speed: Int = 1) {
    let cycles = ledger.configuration.cycles
    let interval = Duration.seconds(60 * cycles.everyMinutes)
    var sources: [(any CycleSource, CycleClock)] = []
    if let graph {
      let between = cycles.leaversEveryMinutes > 0 ? Duration.seconds(60 * cycles.leaversEveryMinutes) : nil
      sources.append(
        (
          GraphCycles(over: graph.source, into: ledger, actor: .cycles),
          CycleClock(every: interval, between: between, patience: interval, speed: speed)
        ))
    }
    if let folder = cycles.folder {
      // Looking costs nothing: an export is taken within a minute, and a wrong one is refused at the cycles' pace.
      let watched = WatchedFolder(path: ledger.path(of: folder))
      sources.append(
        (
          FolderCycles(of: watched, into: ledger, actor: .schedule("folder")),
          CycleClock(every: .seconds(60), patience: interval, speed: speed)
        ))
    }
    services = sources.map { source, schedule in
      CycleService(
        source, by: schedule, seed: .random(in: 0 ... .max), logger: logger, clock: ledger.clock)
    }
  }
}
