import Base
import EventLog
import Foundation
import JSON
import Ledger
import Provisioning
import Sealing
import TestSupport
import Testing
import Views

@testable import Operations

@Suite("Erasing a person: crashes and other processes")
struct ErasureCrashTests: AdasLife {
  let stage: ErasureStage

  init() throws { stage = try ErasureStage() }

  @Test("cut off after subject.erased: the next opening finishes, and one after that finds nothing to do")
  func crash() async throws {
    let alias = try await liveAndLeave()
    let erased = SubjectErased(reason: reason, forced: [], events: 1, calls: 1)
    let positions = try await ledger.append([Event(.user(alias), .subjectErased(erased))], actor: "operator")
    #expect(try ledger.keys.key(of: alias) != nil, "the deletion did not come")
    // Without closing: the process is gone.
    let again = try place.open()
    #expect(try again.keys.key(of: alias) == nil && again.keys.alias(of: Self.ada[0]) == nil)
    #expect(try again.keys.erasedUpTo() == positions.first)
    #expect(try again.views.person(alias)?.erasure?.position == positions.first)
    #expect(try Remnants.of(Self.ada, in: place.folder) == [])
    #expect(try again.views.check().isEqual)
    #expect(try place.open().keys.erasedUpTo() == positions.first)
  }

  @Test("while somebody else works under the cycle lock an opening deletes the key and leaves the rest to them")
  func crashAndCycle() async throws {
    let alias = try await liveAndLeave()
    let lock = try ledger.lock(.cycle)
    let erased = SubjectErased(reason: reason, forced: [], events: 1, calls: 1)
    try await ledger.append([Event(.user(alias), .subjectErased(erased))], actor: "operator")
    let again = try place.open()
    #expect(try again.keys.key(of: alias) == nil && again.keys.erasedUpTo() == 0)
    withExtendedLifetime(lock) {}
  }

  @Test("a log that was put back to an earlier state does not hide an erasure", arguments: [1, 2, 1_000_000])
  func putBack(ahead: Int64) async throws {
    let alias = try await liveAndLeave()
    try ledger.keys.setErased(upTo: try ledger.log.lastPosition() + ahead)
    _ = try await erasure.run(alias, reason: reason, force: false)
    #expect(try ledger.keys.key(of: alias) == nil && !ledger.keys.aliases().contains(alias))
    #expect(try Remnants.of(Self.ada, in: place.folder) == [])
  }

  @Test("views that cannot be cleared are a fault that says so; the key is gone, and the next command finishes")
  func unfinished() async throws {
    let alias = try await liveAndLeave()
    let beside = place.views + ".rebuild"
    try? FileManager.default.removeItem(atPath: beside + ".lock")
    try FileManager.default.createDirectory(atPath: beside + ".lock", withIntermediateDirectories: true)
    let found = await fault { _ = try await erasure.run(alias, reason: reason, force: false) }
    #expect(found?.code == .erasureUnfinished && found?.sentence.contains("tries again") == true)
    #expect(try ledger.keys.key(of: alias) == nil && ledger.keys.erasedUpTo() == 0)
    // An opening does not fail for it.
    #expect(try place.open().keys.erasedUpTo() == 0)
    try FileManager.default.removeItem(atPath: beside + ".lock")
    let again = try place.open()
    #expect(try again.keys.erasedUpTo() > 0)
    #expect(try Remnants.of(Self.ada, in: place.folder) == [])
  }

  @Test("another process that held the key lets go of it when it sees the erasure")
  func otherProcess() async throws {
    let alias = try await liveAndLeave()
    let other = try place.open()
    #expect(try other.keys.key(of: alias) != nil)
    _ = try await erasure.run(alias, reason: reason, force: false)
    try other.views.catchUp()
    #expect(try other.keys.key(of: alias) == nil)
    #expect(try other.views.check().isEqual)
  }
}
