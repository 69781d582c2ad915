import Base
import EventLog
import Foundation
import HTTPTypes
import Hummingbird
import JSON
import Ledger
import NIOCore
import Provisioning
import Subprocess
import Synchronization
import SystemPackage
import TeamViewerModel
import Testing

@testable import Simulators

/// How runs end, or do not: patience, signals, starts in an outage.
@Suite(.timeLimit(.minutes(4)))
struct EndingTests {
  /// A ledger with people to deliver and a TeamViewer that fails.
  private static func failing(_ body: @escaping @Sendable (Stage, TeamViewerSimulator) async throws -> Void)
    async throws
  {
    try await Stage.serving { stage, simulator in
      try await stage.expect(0, "import", try stage.write("users.csv", Export(count: 3).csv))
      simulator.change { $0.plan.profile = FaultPlan.Profile(probability: 1, weights: [.error503: 1]) }
      try await body(stage, simulator)
    }
  }

  @Test("Nothing gets through: --until-idle ends with 69, says what it saw last and what is pending; the next goes on")
  func givesUp() async throws {
    try await Self.failing { stage, simulator in
      let end = try await stage.expect(69, "deliver", "--until-idle", "--give-up-after", "2s")
      #expect(
        end.errors.contains("PL-0805: Nothing got through for 2 s, and 3 people are still pending; the last call, "),
        "\(end.errors)")
      #expect(end.errors.contains("PL-0716: "))
      simulator.change { $0.plan.profile = .none }
      try await stage.expect(0, "deliver", "--until-idle")
      #expect(simulator.accounts.count == 3)
    }
  }

  @Test("A pipe that is full and that nobody reads does not keep a worker that a signal has ended")
  func unread() async throws {
    try await Stage.serving { stage, _ in
      let pipe = try FileDescriptor.pipe()
      defer { try? pipe.readEnd.close() }
      _ = fcntl(pipe.writeEnd.rawValue, F_SETFL, O_NONBLOCK)
      let block = [UInt8](repeating: 0, count: 4096)
      while write(pipe.writeEnd.rawValue, block, block.count) > 0 {}
      _ = fcntl(pipe.writeEnd.rawValue, F_SETFL, 0)
      let errors = try FileDescriptor.open(
        FilePath("\(stage.folder)/errors"), .writeOnly, options: .create, permissions: .ownerReadWrite)
      let worker = ["deliver", "--ledger", stage.ledgerFolder]
      let end = try await Program.end(of: worker, environment: .inherit, output: pipe.writeEnd, errors: errors) {
        send in
        try await eventually("the worker runs") { try stage.lockHolder() != nil }
        try send(.interrupt)
      }
      #expect(end == .exited(0))
    }
  }

  @Test("Patience is for --until-idle only")
  func usage() async throws {
    let stage = try Stage()
    try await stage.expect(64, "deliver", "--give-up-after", "2s")
  }

  @Test("Who waits for another worker has patience too: 75")
  func waitsInVain() async throws {
    try await Stage.serving { stage, _ in
      let ledger = try stage.open()
      let lock = try ledger.lock(.worker)
      let end = try await stage.expect(75, "deliver", "--until-idle", "--give-up-after", "1s")
      #expect(end.errors.contains("PL-0604: "))
      withExtendedLifetime(lock) {}
      try ledger.close()
    }
  }

  @Test(
    "Ended by a signal with work pending, --until-idle says so and ends as is usual for it",
    arguments: [(Signal.terminate, 143), (.interrupt, 130), (.terminalClosed, 129)])
  func signalled(_ signal: Signal, _ code: Int) async throws {
    try await Self.failing { stage, _ in
      let end = try await stage.run("deliver", "--until-idle") { worker in
        try await eventually("it waits") { try stage.has(CircuitOpened.type) }
        try worker.send(signal)
      }
      #expect(end.code == code, "\(end.errors)")
      #expect(end.errors.contains("while 3 people are still pending"), "\(end.errors)")
    }
  }

  @Test("A service outlives SIGHUP, and SIGTERM ends it with 0")
  func service() async throws {
    try await Self.failing { stage, simulator in
      let end = try await stage.run("deliver") { worker in
        try await eventually("it is at work") { try stage.has(CircuitOpened.type) }
        try worker.send(.terminalClosed)
        try await eventually("it says so") { worker.errors().contains("SIGHUP") }
        simulator.change { $0.plan.profile = .none }
        try await eventually("it delivers") { simulator.accounts.count == 3 }
        try worker.send(.terminate)
      }
      #expect(end.code == 0, "\(end.errors)")
    }
  }

  @Test("A second signal ends at once what the first gives ten seconds")
  func twice() async throws {
    let isWriting = Mutex(false)
    try await Answerer.serving { request, _ in
      if request.method == .post {
        isWriting.withLock { $0 = true }
        try await Task.sleep(for: .seconds(12))
      }
      let isList = request.uri.path.hasSuffix("/Users")
      return Response(
        status: isList ? .ok : .notFound, headers: [.contentType: "application/json"],
        body: .init(byteBuffer: ByteBuffer(string: isList ? #"{"totalResults":0}"# : "{}")))
    } during: { port in
      let stage = try Stage()
      try await stage.initialize(target: "http://127.0.0.1:\(port)/scim/v2")
      try await stage.expect(0, "import", try stage.write("users.csv", Export(count: 1).csv))
      let began = Mutex(ContinuousClock.now)
      let end = try await stage.run("deliver", "--until-idle") { worker in
        try await eventually("a write is under way") { isWriting.withLock { $0 } }
        began.withLock { $0 = ContinuousClock.now }
        try worker.send(.terminate)
        try worker.send(.interrupt)
      }
      // Whichever of the two the process hears of first.
      #expect([143, 130].contains(end.code), "\(end.errors)")
      #expect(ContinuousClock.now - began.withLock { $0 } < .seconds(9))
    }
  }

  @Test("A second signal ends a worker that waits for a writer that is stopped")
  func waitsForWriter() async throws {
    try await Stage.serving { stage, _ in
      try await stage.expect(0, "import", try stage.write("users.csv", Export(count: 1).csv))
      let turn = try FileLock(path: "\(stage.ledgerFolder)/append.lock", fault: .logLock)
      let end = try await stage.run("deliver") { worker in
        try await eventually("it has begun") { try stage.lockHolder() == worker.id }
        try await eventually("nobody writes at the moment") { turn.take() }
        try worker.send(.terminate)
        try worker.send(.interrupt)
      }
      withExtendedLifetime(turn) {}
      #expect([0, 143, 130].contains(end.code), "\(end.errors)")
    }
  }

  @Test("A worker that starts in an outage shows it in status at once, and says it once, then with growing gaps")
  func outage() async throws {
    let stage = try Stage()
    try await stage.initialize(target: "http://127.0.0.1:1/scim/v2")
    try await stage.expect(0, "import", try stage.write("users.csv", Export(count: 1).csv))
    let end = try await stage.run("deliver") { worker in
      try await eventually("it waits") { worker.errors().contains("asked for the token's owner") }
      let status = try JSONParser.parse(Array(try await stage.expect(0, "status", "--json").output.utf8))
      #expect(status["closed"]?.array?.first?["reason"]?.string == "circuit")
      #expect(status["closed"]?.array?.first?["cause"]?.string == "PL-0711")
      #expect(try await stage.expect(0, "status").output.contains("PL-0711 the target cannot be reached"))
      #expect(try await stage.expect(1, "doctor", "--json").output.contains("PL-0711"))
      try worker.send(.terminate)
    }
    #expect(end.code == 0)
    let calls = try stage.events().count { $0.recorded.type == CallFinished.type }
    #expect(calls == 1, "equal failures are recorded once an hour")
  }

  @Test("What a list says of itself does not shape the lines of the log")
  func cleanLines() async throws {
    let list = #"{"totalResults":1,"Resources":[{"id":"u1\u001b[2J\n2026-01-01T00:00:00Z forged"}]}"#
    try await Answerer.serving { request, _ in
      let isList = request.uri.path.hasSuffix("/Users")
      let body =
        isList
        ? list.replacing(#""totalResults":1"#, with: #""totalResults":2"#).replacing(
          "}]}", with: #"},{"id":"u2","userName":"b@contoso.example"}]}"#) : "{}"
      return Response(
        status: isList ? .ok : .notFound, headers: [.contentType: "application/json"],
        body: .init(byteBuffer: ByteBuffer(string: body)))
    } during: { port in
      let stage = try Stage()
      try await stage.initialize(target: "http://127.0.0.1:\(port)/scim/v2")
      try await stage.expect(
        0, "import",
        try stage.write(
          "users.csv",
          Export([
            Export.Person(id: "00000000-0000-4000-8000-000000000001", address: "b@contoso.example", name: "Bea Bee")
          ])
          .csv))
      let end = try await stage.run(["deliver", "--until-idle", "--give-up-after", "2s"])
      #expect(end.errors.contains("(userName)"), "\(end.errors)")
      #expect(
        !end.errors.contains("\u{1B}") && !end.errors.split(separator: "\n").contains { $0.hasPrefix("2026-01-01") })
    }
  }

  @Test("Who was parked for a cause that is gone is tried again after an import, by deliver --until-idle too (A11)")
  func triedAgain() async throws {
    try await Stage.serving(prepare: { $0.settings.foreignAccounts = ["user2@contoso.example"] }) { stage, simulator in
      let file = try stage.write("users.csv", Export(count: 3).csv)
      try await stage.expect(0, "import", file)
      try await stage.expect(0, "deliver", "--until-idle")
      #expect(simulator.accounts.count == 2)
      simulator.change { $0.model.settings.foreignAccounts = [] }
      try await stage.expect(0, "deliver", "--until-idle")
      #expect(simulator.accounts.count == 2, "it waits for its time")
      try await stage.expect(0, "import", file)
      try await stage.expect(0, "deliver", "--until-idle")
      #expect(simulator.accounts.count == 3)
    }
  }
}
