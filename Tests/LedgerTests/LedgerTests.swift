import Base
import EventLog
import Foundation
import Glibc
import Operations
import Provisioning
import TestSupport
import Testing
import Views

@testable import Ledger

@Suite("Ledger: made, opened, closed")
struct LedgerTests {
  private let place: TestLedger

  init() throws { place = try TestLedger(isEmpty: true) }

  @Test("made and opened, it is empty and private")
  func create() throws {
    try place.create()
    let ledger = try place.open()
    #expect(ledger.configuration.origin == "example.test/ledger")
    #expect(try ledger.log.lastPosition() == 0)
    #expect(try place.permissions(place.folder) == 0o700)
    #expect(try place.permissions("\(place.folder)/keys.sqlite") == 0o600)
    #expect(try place.permissions(place.views) == 0o600)
  }

  @Test("an empty folder may be there already, and becomes private")
  func emptyFolder() throws {
    try FileManager.default.createDirectory(
      atPath: place.folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o755])
    try place.create()
    #expect(try place.permissions(place.folder) == 0o700)
    _ = try place.open()
  }

  @Test("a folder with something in it is refused and left alone")
  func exists() throws {
    try FileManager.default.createDirectory(atPath: place.folder, withIntermediateDirectories: false)
    try place.write("ledger/mine.txt", "mine")
    #expect(fault { try place.create() }?.code == .ledgerExists)
    #expect(try FileManager.default.contentsOfDirectory(atPath: place.folder) == ["mine.txt"])
  }

  @Test("a ledger is not made twice")
  func twice() throws {
    try place.create()
    let text = try place.bytes(place.configuration)
    #expect(fault { try place.create(origin: "other") }?.code == .ledgerExists)
    #expect(try place.bytes(place.configuration) == text)
  }

  @Test("a link, or another user's folder, in the folder's place is refused and left alone")
  func foreignFolder() throws {
    let elsewhere = "\(place.root)/elsewhere"
    try FileManager.default.createDirectory(atPath: elsewhere, withIntermediateDirectories: false)
    try FileManager.default.createSymbolicLink(atPath: place.folder, withDestinationPath: elsewhere)
    #expect(fault { try place.create() }?.code == .ledgerCannotCreate)
    #expect(try FileManager.default.contentsOfDirectory(atPath: elsewhere).isEmpty)
    guard geteuid() == 0 else { return }
    try FileManager.default.removeItem(atPath: place.folder)
    try FileManager.default.createDirectory(atPath: place.folder, withIntermediateDirectories: false)
    #expect(chown(place.folder, 65_534, 65_534) == 0)
    #expect(fault { try place.create() }?.code == .ledgerCannotCreate)
  }

  @Test("a file in the folder's place is refused")
  func fileInTheWay() throws {
    try place.write("ledger", "a file")
    #expect(fault { try place.create() }?.code == .ledgerCannotCreate)
  }

  @Test("a wrong origin is refused before anything is made")
  func wrongOrigin() {
    #expect(fault { try place.create(origin: "not allowed") }?.code == .configurationValue)
    #expect(!FileManager.default.fileExists(atPath: place.folder))
  }

  @Test("without an origin each ledger gets a name of its own")
  func randomOrigin() throws {
    try place.create(origin: nil)
    let other = try TestLedger(isEmpty: true)
    try other.create(origin: nil)
    let names = [try place.open().configuration.origin, try other.open().configuration.origin]
    #expect(names[0] != names[1])
    #expect(names.allSatisfy { $0.wholeMatch(of: /provledger\.local\/[a-z0-9]{8}/) != nil })
  }

  @Test("no ledger: the fault says how to make one")
  func missing() throws {
    let found = fault { _ = try place.open() }
    #expect(found?.code == .ledgerMissing)
    #expect(found?.sentence.contains("provledger init") == true)
    #expect(!FileManager.default.fileExists(atPath: place.folder), "a look makes nothing")
  }

  @Test("a configuration that is gone or no text is a fault of its own")
  func configurationGone() throws {
    try place.create()
    try Data([0x6F, 0xFF, 0xFE]).write(to: URL(fileURLWithPath: place.configuration))
    #expect(fault { _ = try place.open() }?.code == .configurationUnreadable)
    try FileManager.default.removeItem(atPath: place.configuration)
    #expect(fault { _ = try place.open() }?.code == .configurationUnreadable)
  }

  @Test("a custom identifier that differs from the recorded one is warned about, a first one is not")
  func changedIdentifier() async throws {
    try place.create()
    try place.reconfigure("ssoCustomerId: \"\"", with: "ssoCustomerId: \"7f3c9b\"")
    let first = try place.open()
    #expect(try first.configurationWarning() == nil)
    try await Records(in: first, actor: "test").configuration()
    #expect(try first.configurationWarning() == nil)
    try first.close()
    try place.reconfigure("ssoCustomerId: \"7f3c9b\"", with: "ssoCustomerId: \"other\"")
    #expect(try place.open().configurationWarning()?.contains("ssoCustomerId") == true)
  }

  @Test("the configuration is recorded when it changed, and only then")
  func recordConfiguration() async throws {
    try place.create()
    for _ in 0..<2 {
      let ledger = try place.open()
      try await Records(in: ledger, actor: "test").configuration()
      try await Records(in: ledger, actor: "test").configuration()
      #expect(try ledger.types() == [ConfigurationApplied.type])
      try ledger.close()
    }
    try place.reconfigure("percent: 10", with: "percent: 11")
    let changed = try place.open()
    try await Records(in: changed, actor: "olga").configuration()
    try await Records(in: changed, actor: "olga").configuration()
    let events = try changed.recorded()
    #expect(events.map(\.type) == [ConfigurationApplied.type, ConfigurationApplied.type])
    #expect(try events.last?.envelope().actor == "olga")
    #expect(try changed.views.catchUp() == 2)
    #expect(try changed.recordedConfiguration()?.text == changed.configurationText)
  }

  @Test("the text of a configuration stands in clear in provledger.yaml alone")
  func sealedConfiguration() async throws {
    try place.create()
    try place.reconfigure("percent: 10", with: "percent: 10 # known-by-this-word")
    let ledger = try place.open()
    try await Records(in: ledger, actor: "test").configuration()
    try ledger.views.catchUp()
    #expect(try ledger.everConfigured("known-by-this-word") && !ledger.everConfigured("by-no-word"))
    try ledger.close()
    let word = Data("known-by-this-word".utf8)
    let holders = try FileManager.default.contentsOfDirectory(atPath: place.folder).filter {
      (try? Data(contentsOf: URL(fileURLWithPath: "\(place.folder)/\($0)")))?.range(of: word) != nil
    }
    #expect(holders == ["provledger.yaml"])
  }

  // MARK: Token

  private func token(_ source: SecretSource) throws -> String {
    try place.create(token: source)
    return try place.open().token()
  }

  @Test("the token from a file, without the white space at its ends")
  func tokenFile() throws {
    let path = try place.write("token", "\n  12345-abc \r\n")
    #expect(try token(.file(path)) == "12345-abc")
  }

  @Test("a file that is missing, blank or a folder holds no token", arguments: ["missing", "blank", "ledger"])
  func noTokenFile(name: String) throws {
    try place.write("blank", " \n\t")
    let path = "\(place.root)/\(name)"
    let found = fault { _ = try token(.file(path)) }
    #expect(found?.code == .tokenMissing)
    #expect(found?.sentence.contains(path) == true)
  }

  @Test("the token from the environment")
  func tokenEnvironment() throws {
    let path = try #require(ProcessInfo.processInfo.environment["PATH"])
    #expect(try token(.environment("PATH")) == path)
  }

  @Test("a variable that is not set holds no token, and is named")
  func noVariable() {
    let found = fault { _ = try token(.environment("PROVLEDGER_TEST_UNSET")) }
    #expect(found?.code == .tokenMissing)
    #expect(found?.sentence.contains("PROVLEDGER_TEST_UNSET") == true)
  }
}
