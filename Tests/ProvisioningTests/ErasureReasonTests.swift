import Provisioning
import Testing

@Suite("Why somebody is erased")
struct ErasureReasonTests {
  @Test(
    "the points of Article 17(1) as people write them",
    arguments: ["a", "A", "(a)", "17(1)(a)", "17.1.a", "Art. 17(1)(a)", "GDPR Art. 17(1)(a)", "gdpr-art-17-1-a"])
  func points(words: String) { #expect(ErasureReason.meant(by: words)?.code == "gdpr-art-17-1-a") }

  @Test("each letter has its ground, and no other letter has one")
  func letters() {
    for letter in ["a", "b", "c", "d", "e", "f"] {
      let code = ErasureReason.meant(by: letter)?.code
      #expect(code == "gdpr-art-17-1-\(letter)" && ErasureReason.known.contains { $0.code == code })
    }
    #expect(ErasureReason.meant(by: "g")?.code == "g")
  }

  @Test("codes of one's own stay what they are, and what is no code is none")
  func others() {
    #expect(ErasureReason.meant(by: "retention-ended")?.code == "retention-ended")
    #expect(ErasureReason.meant(by: "data")?.code == "data" && ErasureReason.meant(by: "18-a")?.code == "18-a")
    for words in ["", "Ada!", "17(2)(a)", "à"] { #expect(ErasureReason.meant(by: words) == nil) }
  }
}
