import ArgumentParser
import Base
import EventLog
import Glibc
import Ledger
import Provisioning
import UnixSignals

extension LogCommand {
  /// `provledger log follow`
  struct FollowCommand: AsyncParsableCommand {
    /// What an entry is written as. Both are the same bytes: an entry is a CloudEvent.
    enum Format: String, ExpressibleByArgument, CaseIterable {
      case cloudevents, raw
    }

    static let configuration = CommandConfiguration(
      commandName: "follow",
      abstract: "Write entries as they come, a CloudEvents 1.0 JSON object a line, until SIGTERM.",
      discussion: """
        Examples:
          provledger log follow | vector --config vector.yaml
          provledger log follow --from 1231
          provledger log follow --from 1231 --until-end > new.ndjson

        Each line holds its position; whoever goes on later asks for the one after the last line that was taken. Lines are
        written no faster than they are read. Personal data in them is sealed. Each start is recorded.
        """)

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var look: LookOptions
    @Option(help: "The first position.")
    var from: Int64 = 1
    @Option(help: "cloudevents, or raw: the entries' bytes, which are the same.")
    var format = Format.cloudevents
    @Flag(help: "Stop at what is the end now, instead of waiting for more.")
    var untilEnd = false
    @Flag(help: "Accepted like everywhere; each line is JSON already.")
    var json = false

    func validate() throws {
      if from < 1 { throw ValidationError("--from is a position, 1 or more.") }
    }

    func run() async throws {
      try await ledger.withLedger { ledger in
        let last = try newest(ledger.log)
        if untilEnd, from > last { return }
        if try tells(ledger.log, through: last) {
          try await look.record("log follow", count: nil, filter: "from \(from)", of: ledger)
        }
        try await follow(ledger.log, through: untilEnd ? last : .max)
      }
    }

    /// Whether there is anything but records of looks: those of a follower that asks each minute would make the next.
    private func tells(_ log: Log, through last: Int64) throws -> Bool {
      guard untilEnd else { return true }
      var next = from
      while next <= last {
        let events = try log.read(from: next, limit: 500)
        guard let newest = events.last else { return false }
        if events.contains(where: { $0.type != DataViewed.type }) { return true }
        next = newest.position + 1
      }
      return false
    }

    /// The position of the newest event. Throws `FaultCode.proofOutside` for a position that never was.
    private func newest(_ log: Log) throws -> Int64 {
      let last = try log.lastPosition()
      guard from <= last + 1 else {
        throw Fault(
          .proofOutside,
          """
          The log ends at position \(last), so position \(from - 1) was never in it, or it was restored from a backup. \
          Begin again at a position that the log has.
          """)
      }
      return last
    }

    /// Copies until it is told to end, the reader goes away, or the last one is written.
    private func follow(_ log: Log, through last: Int64) async throws {
      let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
      // Whether a write or a look notices first that the reader went away, the end is the same.
      signal(SIGPIPE, SIG_IGN)
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await copy(log, through: last) }
        group.addTask { for await _ in signals { return } }
        group.addTask {
          // While nothing is written, nothing else tells that the reader went away.
          while !PipeWriter.isReaderGone() { try await Task.sleep(for: .milliseconds(500)) }
        }
        // The end of one is the end.
        do { try await group.next() } catch is CancellationError {} catch is PipeWriter.ReaderGone {}
        group.cancelAll()
        do { try await group.waitForAll() } catch is CancellationError {} catch is PipeWriter.ReaderGone {}
      }
    }

    private func copy(_ log: Log, through last: Int64) async throws {
      var next = from
      for try await batch in log.follow(from: from, batch: 500) where next <= last {
        for event in batch where event.position <= last {
          // Between two lines, so that none is cut.
          if Task.isCancelled { return }
          try PipeWriter.write(event.entry + [UInt8(ascii: "\n")])
          next = event.position + 1
        }
        if next > last { return }
      }
    }
  }
}
