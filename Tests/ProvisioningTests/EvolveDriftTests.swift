import Base
import Provisioning
import Testing

@Suite("Evolve: drift")
struct EvolveDriftTests {
  private func drifted(
    _ kind: DriftDetected.Kind, repair: Bool, _ change: (inout RemoteAccount) -> Void = { _ in }
  ) throws -> Company {
    var company = Company([user("ada")])
    var account = try #require(company["ada"]?.account.believed)
    change(&account)
    let shown = kind == .missing ? nil : account
    company.append("ada", .driftDetected(DriftDetected(kind, isRepaired: repair, account: shown)))
    return company
  }

  @Test("what is reported becomes what TeamViewer is believed to have, and nothing is pending")
  func reported() throws {
    let company = try drifted(.disabled, repair: false) { $0.active = false }
    let ada = try #require(company["ada"])
    #expect(ada.account.drift == .disabled && ada.account.believed?.active == false && !ada.isPending)
  }

  @Test("what is repaired is pending until it is delivered")
  func repaired() throws {
    var company = try drifted(.changed, repair: true) { $0.displayName = "By Hand" }
    #expect(company["ada"]?.isPending == true)
    company.deliver()
    #expect(company["ada"]?.isPending == false && company["ada"]?.account.drift == nil)
    #expect(company["ada"]?.account.believed?.displayName == "Name of ada")
  }

  @Test("an account that is missing is linked no more, and a repair makes it anew")
  func missing() throws {
    var company = try drifted(.missing, repair: true)
    #expect(company["ada"]?.account.believed == nil && company["ada"]?.isPending == true)
    company.deliver()
    #expect(company["ada"]?.account.believed?.active == true && company["ada"]?.account.drift == nil)
  }

  @Test("an address given by hand ends the wait for the one that was asked for")
  func requested() throws {
    var company = Company([user("ada")])
    company.snapshot([user("ada", address: "new@example.com")])
    let ada = try #require(company["ada"])
    company.append("ada", .callStarted(started(2, .change, ada, userName: "new@example.com")))
    company.append("ada", .callFinished(finished(.change, .done, ada.account.believed)))
    company.append("ada", .deliveryCompleted(DeliveryCompleted(.call, decision: ada.decisionPosition)))
    #expect(company["ada"]?.account.requestedUserName == "new@example.com")
    var shown = try #require(ada.account.believed)
    shown.userName = "hand@example.com"
    company.append("ada", .driftDetected(DriftDetected(.changed, isRepaired: false, account: shown)))
    #expect(company["ada"]?.account.userName == "hand@example.com")
  }

  @Test("what is as wanted again without a call is believed to be as wanted")
  func cured() throws {
    var company = try drifted(.changed, repair: false) { $0.displayName = "By Hand" }
    let ada = try #require(company["ada"])
    company.append("ada", .deliveryCompleted(DeliveryCompleted(.alreadySo, decision: ada.decisionPosition)))
    #expect(company["ada"]?.account.drift == nil)
    #expect(company["ada"]?.account.believed?.displayName == "Name of ada")
  }
}
