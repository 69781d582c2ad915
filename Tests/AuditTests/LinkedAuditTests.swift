import Base
import Foundation
import Ledger
import TestSupport
import Testing

@Suite("A link in the place of the audit's rows")
struct LinkedAuditTests {
  @Test("is refused, and what it leads to stays as it is")
  func refused() throws {
    let place = try TestLedger()
    let ledger = try place.open()
    let keys = "\(place.folder)/keys.sqlite"
    let before = try place.bytes(keys)
    try FileManager.default.createSymbolicLink(atPath: "\(place.folder)/audit.sqlite", withDestinationPath: keys)
    let fault = #expect(throws: Fault.self) { try ledger.audit() }
    #expect(fault?.code == .auditDamaged && fault?.sentence.contains("is a link") == true)
    #expect(try place.bytes(keys) == before)
  }
}
