import Base
import Foundation
import Ledger
import TestSupport
import Testing

@testable import Views

@Suite("A link in the place of the views")
struct LinkedViewsTests {
  @Test("is refused, and what it leads to stays as it is")
  func refused() throws {
    let place = try TestLedger()
    let ledger = try place.open()
    let (keys, path) = ("\(place.folder)/keys.sqlite", "\(place.root)/linked.sqlite")
    let before = try place.bytes(keys)
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: keys)
    let fault = #expect(throws: Fault.self) {
      try ViewStore(path: path, log: ledger.log, codec: ledger.codec)
    }
    #expect(fault?.code == .viewsDamaged && fault?.sentence.contains("is a link") == true)
    #expect(try place.bytes(keys) == before)
  }
}
