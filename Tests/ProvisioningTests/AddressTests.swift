import Base
import Provisioning
import Testing

@Suite("Address: what TeamViewer accepts")
struct AddressTests {
  @Test(
    "accepted",
    arguments: [
      "a@b.de", "jane.doe@example.com", "JANE@EXAMPLE.COM", "o'neil@example.com", "a+b@example.com", "a=b@example.com",
      "first-last@example.com", "under_score@example.com", "_a_@example.com", "a--b@example.com", "-a-@example.com",
      "007@example.com", "a@my-firm.example.co", "a@1.2.museum", "a.b+c-d'e=f_g@sub.example.com",
    ])
  func accepted(address: String) { #expect(Address.isAccepted(address)) }

  @Test(
    "refused",
    arguments: [
      "", "@", "a@b.c", "a@bcde", "ab.example.com", "@example.com", "jane@", "jane@localhost", "jane@@example.com",
      "jane@doe@example.com", ".jane@example.com", "jane.@example.com", "jane..doe@example.com", "a.+b@example.com",
      "jane doe@example.com", "jané@example.com", "jane@exämple.com", "jane@exam_ple.com", "jane@-example.com",
      "jane@example-.com", "jane@ex--ample.com", "jane@.example.com", "jane@example..com", "jane@example.com.",
      "jane@example.c", "jane@example.c0m", "jane@192.168.0.1", "ada_x.com#EXT#@example.com", "jane&co@example.com",
      " jane@example.com", "jane@example.com\n",
    ])
  func refused(address: String) { #expect(!Address.isAccepted(address)) }

  @Test("six to a hundred characters", arguments: [(5, false), (6, true), (100, true), (101, false)])
  func length(count: Int, isAccepted: Bool) {
    let address = String(repeating: "a", count: count - 4) + "@b.c" + "d"
    #expect(Address.isAccepted(String(address.dropFirst())) == isAccepted)
  }

  @Test("folding lowers ASCII letters only, so that it never depends on a version of Unicode")
  func folding() {
    #expect(Address.folded("Jane.DOE@Example.COM") == "jane.doe@example.com")
    #expect(Address.folded("jane@example.com") == "jane@example.com")
    #expect(Address.folded("ÄZ@[`{İ") == "Äz@[`{İ")
  }
}

@Suite("Address: guests")
struct GuestAddressTests {
  @Test(
    "the own address is restored",
    arguments: [
      ("ada_fabrikam.com#EXT#@contoso.com", "ada@fabrikam.com"),
      ("ada_lovelace_fabrikam.com#EXT#@contoso.onmicrosoft.com", "ada_lovelace@fabrikam.com"),
      ("Ada_Fabrikam.com#ext#@contoso.com", "Ada@Fabrikam.com"),
      ("ada_fabrikam.com#eXt#@contoso.com", "ada@fabrikam.com"),
    ])
  func restored(mangled: String, address: String) { #expect(Address.ofGuest(mangled) == address) }

  @Test(
    "other addresses stay as they are",
    arguments: [
      "ada@example.com", "ada_b@example.com", "ada#EXT#@contoso.com", "#EXT#@contoso.com", "ada_x.com#EXT#@",
      "ada_x.com#EXT@contoso.com", "#EXT#@", "",
    ])
  func untouched(address: String) { #expect(Address.ofGuest(address) == address) }

  @Test(
    "what cannot be restored to an address is not accepted", arguments: ["_#EXT#@contoso.com", "_x.com#EXT#@c.com"])
  func unacceptable(mangled: String) { #expect(!Address.isAccepted(Address.ofGuest(mangled))) }

  @Test("a guest maps to the own address")
  func mapping() {
    let company = Company([user("g", address: "ada_fabrikam.com#EXT#@contoso.com")], delivered: false)
    #expect(company["g"]?.desired?.userName == "ada@fabrikam.com")
  }
}
