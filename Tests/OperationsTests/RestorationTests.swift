import Base
import EventLog
import Foundation
import Glibc
import JSON
import Ledger
import Operations
import Provisioning
import TestSupport
import Testing
import Views

@Suite("Plans to restore, from the log and back into it")
struct RestorationTests {
  private let place: TestLedger
  private let ledger: OpenLedger
  private let restoration: Restoration

  init() throws {
    place = try TestLedger()
    ledger = try place.open()
    restoration = Restoration(in: ledger, actor: "olga")
  }

  private func run(_ people: [Exported], name: String = "export") async throws -> Timestamp {
    let path = try place.write(name, Export.csv(people))
    _ = try await DirectoryImport(into: ledger, actor: "olga").run(paths: [path])
    let moment = place.clock.moment
    place.clock.advance(.seconds(60))
    return moment
  }

  @Test("the moment's own events count, later ones do not")
  func moment() async throws {
    let first = try await run([Exported("ada"), Exported("bob")])
    let second = try await run([Exported("ada", name: "Other Name"), Exported("bob")])
    let back = try restoration.plan(asOf: first, disablingCreated: false)
    #expect(try back.entries.map(\.name) == ["ada@example.com"] && back.size == ledger.log.lastPosition())
    #expect(back.entries.first?.restored.displayName == "Name of ada")
    #expect(try restoration.plan(asOf: second, disablingCreated: false).entries.isEmpty)
    #expect(throws: Fault.self) { try restoration.plan(asOf: second + .seconds(3600), disablingCreated: false) }
    #expect(throws: Fault.self) { try restoration.plan(asOf: first + .seconds(-60), disablingCreated: false) }
  }

  @Test("a plan appends its decisions in one piece, done by whoever applies it; views that are built anew are the same")
  func apply() async throws {
    let first = try await run([Exported("ada"), Exported("bob")])
    _ = try await run([Exported("ada", name: "Other Name"), Exported("bob", name: "Third Name")])
    let plan = try restoration.plan(asOf: first, disablingCreated: false)
    let size = try ledger.log.lastPosition()
    let outcome = try await restoration.apply(plan)
    #expect(outcome.counts == [.update: 2])
    let events = try ledger.log.read(from: size + 1)
    #expect(events.map(\.type) == [Decision.type, Decision.type])
    #expect(try events.allSatisfy { try $0.envelope().correlation == plan.id && $0.envelope().actor == "olga" })
    await #expect(throws: Fault.self) { try await restoration.apply(plan) }
    #expect(try ledger.log.lastPosition() == size + 2)
  }

  @Test("who was erased is in no plan, and a plan that names them is refused")
  func erased() async throws {
    let first = try await run([Exported("ada"), Exported("bob")])
    _ = try await run([Exported("ada", name: "Other Name")])
    let plan = try restoration.plan(asOf: first, disablingCreated: false)
    #expect(plan.entries.count == 2)
    try ledger.views.catchUp()
    let bob = try #require(try ledger.views.find("bob").first)
    let reason = try #require(ErasureReason("other"))
    _ = try await Erasure(in: ledger, actor: "olga").run(bob.alias, reason: reason, force: true)
    await #expect(throws: Fault.self) { try await restoration.apply(plan) }
    #expect(try restoration.plan(asOf: first, disablingCreated: false).entries.map(\.name) == ["ada@example.com"])
  }

  @Test("a plan's file is private, is not overwritten unbidden, and reads back")
  func file() async throws {
    let first = try await run([Exported("ada")])
    _ = try await run([Exported("ada", name: "Other Name")])
    let plan = try restoration.plan(asOf: first, disablingCreated: false)
    let path = "\(place.folder)/plan.json"
    try PlanFile.write(.restore(plan), of: ledger, path: path, force: false)
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    #expect((attributes[.posixPermissions] as? Int) == 0o600)
    #expect(throws: Fault.self) { try PlanFile.write(.restore(plan), of: ledger, path: path, force: false) }
    try PlanFile.write(.restore(plan), of: ledger, path: path, force: true)
    #expect(try PlanFile.read(path: path, of: ledger) == .restore(plan))
    #expect(try JSONParser.parse(place.bytes(path))["seal"]?.string?.count == 64)
  }

  @Test("a plan that was changed, is sealed by another ledger, or that others own or may write is refused")
  func foreignPlans() async throws {
    let first = try await run([Exported("ada")])
    _ = try await run([Exported("ada", name: "Other Name")])
    let path = "\(place.folder)/plan.json"
    try PlanFile.write(
      .restore(try restoration.plan(asOf: first, disablingCreated: false)), of: ledger, path: path, force: false)
    let text = String(decoding: try place.bytes(path), as: UTF8.self)
    func refusal(_ text: String, mode: mode_t = 0o600, of ledger: OpenLedger) throws -> FaultCode? {
      try PrivateFile.write(Array(text.utf8), path: path, mode: mode)
      return fault { _ = try PlanFile.read(path: path, of: ledger) }?.code
    }
    #expect(try refusal(text, of: ledger) == nil)
    #expect(try refusal(text.replacing("ada@example.com", with: "eve@example.com"), of: ledger) == .planInvalid)
    let unsealed = String(try #require(text.split(separator: ",\n\"seal\"").first)) + "}\n"
    #expect(try refusal(unsealed, of: ledger) == .planInvalid)
    #expect(try refusal(text, mode: 0o620, of: ledger) == .planInvalid)
    let other = try TestLedger()
    #expect(try refusal(text, of: try other.open()) == .planInvalid)
    guard geteuid() == 0 else { return }
    #expect(chown(path, 65_534, 65_534) == 0)
    #expect(fault { _ = try PlanFile.read(path: path, of: ledger) }?.code == .planInvalid)
  }
}
