import Base
import Foundation
import NIOCore
import NetworkSupport
import Subprocess
import Synchronization
import TeamViewerModel
import Testing

@testable import Simulators
@testable import provledger

@Suite("provledger serve", .timeLimit(.minutes(3))) struct ServeCommandTests {
  /// Writes an export as if it had been there for a while.
  private func drop(_ name: String, _ count: Int, in stage: Stage) throws {
    let path = try stage.write("drop/\(name)", Export(count: count).csv)
    let written = Date(timeIntervalSinceNow: -60)
    try FileManager.default.setAttributes([.modificationDate: written], ofItemAtPath: path)
  }

  /// Serves until something is so, and ends the service, which must end with 0.
  private func serve(_ stage: Stage, until what: String, _ isSo: @escaping @Sendable () throws -> Bool) async throws {
    let end = try await stage.run("serve") { serve in
      try await eventually(what, isSo)
      try serve.send(.terminate)
    }
    #expect(end.code == 0, "\(end.errors)")
  }

  private func cycles(_ stage: Stage) async throws -> Int {
    try await stage.expect(0, "cycle", "list", "--json").lines.count
  }

  @Test("An export that is dropped into the folder is imported and delivered, once; SIGTERM ends it with 0")
  func folder() async throws {
    try await Stage.serving { stage, simulator in
      try stage.configure("folder: \"\"", "folder: \(stage.folder)/drop")
      try drop("one.csv", 5, in: stage)
      try await serve(stage, until: "all five have an account") { simulator.accounts.count == 5 }
      #expect(try await cycles(stage) == 1)
      // It is known by what the log remembers of it; a newer one is taken.
      try await serve(stage, until: "the worker is at work") { try stage.lockHolder() != nil }
      #expect(try await cycles(stage) == 1)
      try drop("two.csv", 6, in: stage)
      try await serve(stage, until: "the sixth has an account") { simulator.accounts.count == 6 }
      #expect(try await cycles(stage) == 2)
      // What came in another way since is newer than the folder.
      try await stage.expect(0, "import", try stage.write("three.csv", Export(count: 7).csv))
      try await serve(stage, until: "the seventh has an account") { simulator.accounts.count == 7 }
      #expect(try await cycles(stage) == 3)
    }
  }

  @Test("Entra ID is read and delivered")
  func tenant() async throws {
    try await TenantStub.serving(Export(count: 4).people) { _, address in
      try await Stage.serving { stage, simulator in
        try stage.connect(to: address)
        try await serve(stage, until: "all four have an account") { simulator.accounts.count == 4 }
      }
    }
  }

  @Test("Events go to the receivers that the configuration lists, each under its name")
  func feeds() async throws {
    let received = Mutex("")
    try await LoopbackServer.serving { connection in
      try await connection.executeThenClose { inbound, _ in
        for try await buffer in inbound { received.withLock { $0 += String(buffer: buffer) } }
      }
    } _: { port in
      try await Stage.serving { stage, simulator in
        try stage.configure("folder: \"\"", "folder: \(stage.folder)/drop")
        try stage.configure("feeds: []", "feeds: [{name: siem, to: \"tcp://127.0.0.1:\(port)\"}]")
        try drop("one.csv", 3, in: stage)
        try await serve(stage, until: "the receiver knows of three accounts, and the log of the receiver") {
          let ends = received.withLock { $0.components(separatedBy: "|account.linked|").count - 1 }
          return ends == 3 && simulator.accounts.count == 3
        }
        let looks = try await stage.expect(0, "report", "access-log").output
        #expect(looks.contains("export follow"))
      }
    }
  }

  @Test("Without a tenant and a folder there is nothing to serve") func nothing() async throws {
    try await Stage.serving { stage, _ in
      let end = try await stage.expect(78, "serve")
      #expect(end.errors.contains("PL-0208"))
    }
  }
}
