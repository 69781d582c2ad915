import ArgumentParser
import Base
import Ledger
import Operations
import Provisioning
import Syslog
import UnixSignals

extension ExportCommand {
  /// `provledger export follow`
  struct FollowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "follow",
      abstract: "Send events to a SIEM as they come, as CEF over syslog, until SIGTERM.",
      discussion: """
        Examples:
          provledger export follow siem --to tls://siem.example:6514
          provledger export follow siem --to tls://siem.example --ca siem.pem
          provledger export follow agent --to tcp://127.0.0.1:601
          provledger export follow siem --to tcp://siem.example --privacy pseudonym

        How far the receiver got is an event in the log: after a restart, or a
        broken connection, it goes on there. Each event is sent at least once.
        Over TCP without TLS nobody is named, unless it stays on this machine.
        """)

    @Argument(help: "The name under which it is remembered how far it went.")
    var name: String
    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var look: LookOptions
    @OptionGroup var log: LogOptions
    @Option(help: ArgumentHelp("Where to: tls://HOST:PORT or tcp://HOST:PORT.", valueName: "url"))
    var to: String
    @Option(help: ArgumentHelp("Certificates in PEM form that are trusted beside the system's.", valueName: "file"))
    var ca: String?
    @Option(help: "How much of people is shown.", completion: .words(ExportPrivacy.self), transform: choice)
    var privacy = ExportPrivacy.clear

    func validate() throws { _ = try receiver() }

    private func receiver() throws -> FeedConfiguration {
      if !GivenName.isValid(name) { throw ValidationError(ExportCommand.names) }
      guard let destination = SyslogDestination(to) else {
        throw ValidationError("--to is tls://HOST:PORT or tcp://HOST:PORT.")
      }
      var receiver = FeedConfiguration(name: name, to: destination)
      (receiver.certificates, receiver.privacy) = (ca, privacy)
      if receiver.isExposed {
        throw ValidationError("Names leave this machine over TLS alone: use tls://, or --privacy pseudonym or none.")
      }
      return receiver
    }

    func run() async throws {
      try await ledger.withLedger { ledger in
        try ledger.requireWritable()
        let receiver = try receiver()
        let next = try NamedExport(name, in: ledger).next
        try await receiver.record(look, of: ledger)
        try await untilSignal(
          SyslogFeed(of: ledger, to: receiver),
          "\(name): from event \(next) on to \(receiver.destination), until SIGTERM")
      }
    }

    private func untilSignal(_ feed: SyslogFeed, _ words: String) async throws {
      let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
      Output.line(words)
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await feed.run() }
        group.addTask { for await _ in signals { return } }
        // The end of one is the end.
        do { try await group.next() } catch is CancellationError {}
        group.cancelAll()
        do { try await group.waitForAll() } catch is CancellationError {}
      }
    }
  }
}
