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

/// A ledger in which Ada lives a life that leaves traces everywhere, so that it can be looked for when she is erased.
protocol AdasLife {
  var stage: ErasureStage { get }
}

/// A ledger, and a reason to erase somebody from it.
struct ErasureStage {
  let place: TestLedger
  let ledger: OpenLedger
  let reason: ErasureReason

  init() throws {
    place = try TestLedger()
    ledger = try place.open()
    reason = try #require(ErasureReason("gdpr-art-17-1-a"))
  }
}

extension AdasLife {
  var place: TestLedger { stage.place }
  var ledger: OpenLedger { stage.ledger }
  var reason: ErasureReason { stage.reason }

  /// All that is known of Ada at one time or another.
  static var ada: [String] {
    [
      "7e5f3d2c-1111-4222-8333-adaadaadaada", "ada.lovelace@example.com", "ada.king@example.com",
      "Augusta Ada Byron", "Countess of Lovelace", "Adagiven", "Adasurname", "ada-mail@example.com", "u77001815",
      "said that Ada cannot be",
    ]
  }

  func crowd(_ count: Int = 150) -> [JSONValue] {
    (0..<count).map { number in
      [
        "id": .string("p\(number)"), "userPrincipalName": .string("person\(number)@example.com"),
        "displayName": .string("Person Number \(number)"), "accountEnabled": true,
      ]
    }
  }

  func ada(_ address: String, _ name: String) -> JSONValue {
    [
      "id": .string(Self.ada[0]), "userPrincipalName": .string(address), "displayName": .string(name),
      "givenName": "Adagiven", "surname": "Adasurname", "mail": "ada-mail@example.com", "accountEnabled": true,
    ]
  }

  func cycle(_ people: [JSONValue]) async throws {
    place.clock.advance(.seconds(60))
    let path = try place.write("export.ndjson", people.map { $0.text + "\n" }.joined())
    _ = try await DirectoryImport(into: ledger, actor: "operator:olga").run(paths: [path])
  }

  /// Brings everybody who waits in step, as the worker would.
  func deliver(refusing address: String? = nil, except alias: String? = nil) async throws {
    try ledger.views.catchUp()
    for person in try ledger.views.people().people where person.isPending && person.alias != alias {
      guard let desired = person.desired else { continue }
      let id = desired.userName.hasPrefix("ada") ? "u77001815" : "u\(desired.userName.utf8.count)-\(person.alias)"
      let account = RemoteAccount(
        id: person.account.believed?.id ?? id, userName: desired.userName, displayName: desired.displayName,
        active: desired.active)
      let isNew = person.account.believed == nil
      let (call, decision) = (person.account.calls + 1, person.decisionPosition)
      let purpose: CallPurpose = isNew ? .create : .change
      func finished(_ purpose: CallPurpose, refused: Bool = false) -> EventPayload {
        .callFinished(
          CallFinished(
            call: purpose.isWrite ? call : 0, purpose: purpose, operation: "PATCH /Users/{id}",
            outcome: refused ? .refused : .done, status: refused ? 400 : 200, milliseconds: 20,
            account: refused ? nil : account, detail: refused ? "said that Ada cannot be" : nil))
      }
      var events: [EventPayload] = [
        .callStarted(
          CallStarted(
            call: call, purpose: purpose, decision: decision, userName: desired.userName,
            body: ["userName": .string(desired.userName), "displayName": .string(desired.displayName)]))
      ]
      if desired.userName == address {
        let now = place.clock.moment
        events += [
          finished(purpose, refused: true),
          .deliveryParked(
            DeliveryParked(
              .rejected, decision: decision, attempt: 1, since: now, retry: now, status: 400,
              detail: "said that Ada cannot be")),
        ]
      } else {
        events.append(finished(purpose))
        if isNew { events.append(.linked(AccountLinked(.created, account))) }
        if !desired.active {
          events += [finished(.verify), .accountVerified(AccountVerified(isGone: false, account: account))]
        }
        events.append(.deliveryCompleted(DeliveryCompleted(.call, decision: decision)))
      }
      try await ledger.append(events.map { Event(.account(person.alias), $0) }, actor: "worker")
    }
    try ledger.views.catchUp()
  }

  /// Ada comes, is renamed, refused, renamed again; returns her alias.
  func live() async throws -> String {
    try await cycle(crowd() + [ada("ada.lovelace@example.com", "Augusta Ada Byron")])
    try await deliver()
    try await cycle(crowd(160) + [ada("ada.king@example.com", "Countess of Lovelace")])
    try await deliver(refusing: "ada.king@example.com")
    try await cycle(crowd(170) + [ada("ada.king@example.com", "Augusta Ada Byron")])
    try await deliver()
    return try #require(try ledger.views.find(Self.ada[0]).first?.alias)
  }

  /// As `live`, and then she leaves and her account is seen inactive.
  func liveAndLeave() async throws -> String {
    let alias = try await live()
    try await cycle(crowd(180))
    try await deliver()
    try await cycle(crowd(200))
    try await deliver()
    return alias
  }

  var erasure: Erasure { Erasure(in: ledger, actor: "operator:olga") }

  func snapshot() throws -> [String: Data] {
    var bytes: [String: Data] = [:]
    for name in try FileManager.default.contentsOfDirectory(atPath: place.folder) where !name.hasSuffix("-shm") {
      bytes[name] = try Data(contentsOf: URL(fileURLWithPath: "\(place.folder)/\(name)"))
    }
    return bytes
  }
}
