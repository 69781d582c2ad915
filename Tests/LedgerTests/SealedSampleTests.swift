import Base
import EventLog
import JSON
import Ledger
import Provisioning
import Sealing
import TestSupport
import Testing

@Suite("What is sealed of each event type")
struct SealedSampleTests {
  @Test(
    "each payload comes back, and each sealed member can be disclosed on its own", .serialized,
    arguments: [true, false])
  func samples(isWhole: Bool) async throws {
    let place = try TestLedger()
    let ledger = try place.open()
    let alias = try #require(try ledger.keys.subjects(for: ["ada"])["ada"]).alias
    var disclosed = 0
    for payload in isWhole ? PayloadSamples.whole : PayloadSamples.sparse {
      // In the account's stream, where the erasure of a person takes no key away.
      let event = Event(.account(alias), payload)
      let positions = try await ledger.log.append([try ledger.codec.encode(event, actor: "test")])
      let recorded = try #require(try ledger.log.read(from: positions[0], limit: 1).first)
      #expect(try ledger.codec.decode(recorded).payload == payload)
      for member in payload.value.fields.sealed.members {
        let disclosure = try ledger.codec.disclose(member: member.name, of: recorded)
        #expect(disclosure.value == member.value)
        try Disclosure(json: disclosure.json.canonicalBytes).verify(in: recorded.entry)
        disclosed += 1
      }
    }
    #expect(disclosed > (isWhole ? 20 : 0))
    try ledger.close()
  }
}
