import Base
import CoreSupport
import DeliveryMachine
import JSON
import Provisioning
import SCIM
import Testing

@Suite("Reconciliation: TeamViewer compared with the log")
struct ReconcileTests {
  static let names = (1...8).map { "p\($0)" }

  /// Somebody whose delivery is complete, active or not.
  static func delivered(_ name: String, active: Bool = true, verified: Bool = true) -> Person {
    var person = Person(alias: name)
    var user = DirectoryUser(id: name)
    user.attributes = [.userPrincipalName: .text("\(name)@contoso.com"), .displayName: .text("Name \(name)")]
    person.evolve(.userObserved(UserObserved(state: active ? .present : .absent, user: user)), at: 1)
    let wanted = DesiredAccount(userName: "\(name)@contoso.com", displayName: "Name \(name)", active: active)
    person.evolve(.decided(Decision(active ? .create : .disable, .newInScope, desired: wanted)), at: 2)
    let account = RemoteAccount(
      id: "u-\(name)", userName: wanted.userName, displayName: wanted.displayName, active: active)
    person.evolve(.linked(AccountLinked(.created, account)), at: 3)
    if !active { person.evolve(.accountVerified(AccountVerified(isGone: false, account: account)), at: 4) }
    person.evolve(.deliveryCompleted(DeliveryCompleted(.call, decision: 2)), at: 5)
    return person
  }

  static func user(
    _ name: String, address: String? = nil, shown: String? = nil, active: Bool = true
  ) -> JSONValue {
    Exchange.user("u-\(name)", address ?? "\(name)@contoso.com", shown ?? "Name \(name)", active: active)
  }

  static func page(_ users: [JSONValue], total: Int? = nil) -> Exchange {
    .status(200, ListResponse(totalResults: total ?? users.count, resources: users).json)
  }

  static func stage(
    _ people: [Person], repairs: Bool = false, _ change: (inout DeliverySettings) -> Void = { _ in }
  ) -> Stage {
    var settings = DeliverySettings()
    settings.repairsDrift = repairs
    change(&settings)
    return Stage(people, settings: settings)
  }

  static func ask(_ stage: inout Stage, _ id: String = "r1", repair: Bool? = nil) {
    stage.observe(Event(.target, .reconcileRequested(ReconcileRequested(id: id, repair: repair))))
  }

  /// Asks, and answers the full read in one page.
  static func compare(_ stage: inout Stage, _ users: [JSONValue], id: String = "r1") {
    ask(&stage, id)
    read(&stage, users)
  }

  /// Answers the full read in one page, and whoever is not on it is not known by id either.
  static func read(_ stage: inout Stage, _ users: [JSONValue]) {
    #expect(stage.answer(page(users))?.purpose == .list)
    while stage.calls.first?.purpose == .verify { stage.answer(.status(404)) }
  }

  /// What was recorded of each person, and how the comparison ended.
  func drift(_ stage: Stage) -> [String: DriftDetected] {
    var drift: [String: DriftDetected] = [:]
    for event in stage.events {
      if case .driftDetected(let detected) = event.payload, let alias = event.subject { drift[alias] = detected }
    }
    return drift
  }

  static let all = names.map { user($0) }
  static let everybody = names.map { delivered($0) }

  @Test("what is as the log says is no drift, and accounts that are not ours are a number")
  func nothing() {
    var stage = Self.stage(Self.everybody)
    Self.compare(&stage, Self.all + [Exchange.user("u-x", "stranger@contoso.com", "A Stranger")])
    #expect(drift(stage).isEmpty && stage.calls.isEmpty)
    let finished = stage.last(ReconcileFinished.self)
    #expect(finished?.request == "r1" && finished?.accounts == 9 && finished?.unmanaged == 1)
    #expect(finished?.drift.isEmpty == true && finished?.isWithheld == false)
    #expect(stage.machine.unmanaged.map(\.id) == ["u-x"] && stage.machine.isIdle)
    for event in stage.events { #expect(!"\(event)".contains("tranger")) }
  }

  /// One person of each kind of drift, and one who is to be inactive.
  var differing: [JSONValue] {
    [
      Self.user("p2", active: false), Self.user("p3", shown: "Changed By Hand"),
      Self.user("p4", address: "other@contoso.com"), Self.user("p5", active: true),
    ] + ["p6", "p7", "p8"].map { Self.user($0) }
  }

  var people: [Person] {
    Self.names.map { Self.delivered($0, active: $0 != "p5") }
  }

  @Test("each kind is found; policy report records it once, and sends nothing")
  func report() {
    var stage = Self.stage(people)
    Self.compare(&stage, differing)
    let kinds = drift(stage).mapValues(\.kind)
    #expect(kinds == ["p1": .missing, "p2": .disabled, "p3": .changed, "p4": .changed, "p5": .extra])
    #expect(drift(stage).values.allSatisfy { !$0.isRepaired } && stage.calls.isEmpty)
    let counts: [DriftDetected.Kind: Int] = [.missing: 1, .disabled: 1, .changed: 2, .extra: 1]
    #expect(stage.last(ReconcileFinished.self)?.drift == counts)
    #expect(stage.machine.allPeople.first { $0.alias == "p3" }?.account.believed?.displayName == "Changed By Hand")
    _ = stage.told()

    Self.compare(&stage, differing, id: "r2")
    #expect(stage.told() == [CallFinished.type, CallFinished.type, ReconcileFinished.type])
    #expect(stage.machine.allPeople.first { $0.alias == "p1" }?.account.believed?.id == "u-p1", "a report ends no link")
    Self.compare(&stage, differing, id: "r3")
    #expect(stage.last(ReconcileFinished.self)?.drift == counts)
  }

  @Test("policy repair brings each back by an ordinary delivery, and then nothing differs")
  func repair() {
    var stage = Self.stage(people, repairs: true)
    Self.compare(&stage, differing)
    #expect(drift(stage).values.allSatisfy(\.isRepaired) && drift(stage).count == 5)
    #expect(stage.last(ReconcileFinished.self)?.repairs == 5)
    var sent: [String: JSONValue] = [:]
    while let call = stage.calls.first {
      let alias = call.person ?? ""
      sent[alias] = call.request.body ?? sent[alias]
      switch call.purpose {
      case .create: stage.answer(.status(201, Self.user(alias)))
      case .verify: stage.answer(.status(200, Self.user(alias, active: false)))
      case .readBack: stage.answer(.status(200, ListResponse(totalResults: 0, resources: []).json))
      default: stage.answer(.status(200, Self.user(alias, active: alias != "p5")))
      }
    }
    #expect(Set(sent.keys) == ["p1", "p2", "p3", "p4", "p5"])
    func paths(_ alias: String) -> [String] {
      sent[alias]?["Operations"]?.array?.compactMap { $0["path"]?.string } ?? []
    }
    #expect(paths("p2") == ["active"] && paths("p3") == ["displayName"] && paths("p4") == ["userName"])
    #expect(paths("p5") == ["active"] && sent["p1"]?["userName"] == "p1@contoso.com")
    #expect(stage.machine.allPeople.allSatisfy { $0.account.drift == nil && !$0.isPending })
    _ = stage.told()
    Self.compare(&stage, Self.names.map { Self.user($0, active: $0 != "p5") }, id: "r2")
    #expect(stage.told() == [CallFinished.type, ReconcileFinished.type] && stage.calls.isEmpty)
  }

  @Test("what was reported is brought back when somebody asks for a repair")
  func laterRepair() {
    var stage = Self.stage(people)
    Self.compare(&stage, differing)
    _ = stage.told()
    Self.ask(&stage, "r2", repair: true)
    Self.read(&stage, differing)
    #expect(drift(stage).count == 5 && drift(stage).values.allSatisfy(\.isRepaired))
    #expect(stage.machine.unsettled == 5)
  }

  @Test("what was reported and is as wanted again is settled without a call")
  func cured() {
    var stage = Self.stage(people)
    Self.compare(&stage, differing)
    _ = stage.told()
    Self.compare(&stage, Self.names.map { Self.user($0, active: $0 != "p5") }, id: "r2")
    #expect(stage.calls.isEmpty)
    #expect(stage.machine.allPeople.allSatisfy { $0.account.drift == nil || $0.alias == "p1" })
    let p3 = stage.machine.allPeople.first { $0.alias == "p3" }
    #expect(p3?.account.believed?.displayName == "Name p3")
    #expect(stage.machine.allPeople.first { $0.alias == "p5" }?.account.isVerified == true)
  }

  @Test("a read that lacks too many, or everybody, is taken for wrong: nothing is recorded of it, nothing repaired")
  func withheld() {
    for shown in [Array(Self.all.prefix(2)), []] {
      var stage = Self.stage(Self.everybody, repairs: true)
      Self.compare(&stage, shown)
      let finished = stage.last(ReconcileFinished.self)
      #expect(finished?.isWithheld == true && finished?.repairs == 0)
      #expect(drift(stage).isEmpty && stage.calls.isEmpty && stage.machine.unsettled == 0)
    }
    var stage = Self.stage(Self.everybody)
    Self.compare(&stage, Array(Self.all.prefix(3)))
    #expect(stage.last(ReconcileFinished.self)?.isWithheld == false && drift(stage).count == 5)
  }

  @Test("protected accounts are never disabled by a repair")
  func protected() {
    var stage = Self.stage([Self.delivered("p5", active: false)], repairs: true) { $0.protectedIDs = ["u-p5"] }
    Self.compare(&stage, [Self.user("p5")])
    #expect(drift(stage)["p5"]?.isRepaired == false && stage.calls.isEmpty)
  }

  @Test("a leaver's account that a list lacks is left as it is: nobody needs it, and lists may leave inactive ones out")
  func goneLeaver() {
    var stage = Self.stage([Self.delivered("p5", active: false), Self.delivered("p6")], repairs: true)
    Self.compare(&stage, [Self.user("p6")])
    #expect(stage.told() == [CallFinished.type, ReconcileFinished.type] && stage.calls.isEmpty)
    #expect(stage.machine.allPeople[0].account.believed?.id == "u-p5")
  }

  @Test("what answers change while pages are read is not misjudged, nor what is on its way")
  func since() {
    var stage = Self.stage(Self.everybody)
    Self.ask(&stage)
    let desired = DesiredAccount(userName: "p1@contoso.com", displayName: "New Name", active: true)
    stage.observe(Event(.user("p1"), .decided(Decision(.update, .attributesChanged, desired: desired))))
    let other = DesiredAccount(userName: "p2@contoso.com", displayName: "Other Name", active: true)
    stage.observe(Event(.user("p2"), .decided(Decision(.update, .attributesChanged, desired: other))))
    stage.delayFirst()
    #expect(stage.answer(.status(200, Self.user("p1", shown: "New Name")))?.person == "p1")
    stage.delayFirst()
    #expect(stage.answer(Self.page(Self.all))?.purpose == .list)
    #expect(drift(stage).isEmpty && stage.last(ReconcileFinished.self)?.drift.isEmpty == true)
  }

  @Test("accounts that go away between two pages make the read be done again")
  func shaken() {
    var stage = Self.stage(Self.everybody)
    Self.ask(&stage)
    stage.answer(Self.page(Array(Self.all.prefix(4)), total: 8))
    stage.answer(Self.page(Array(Self.all[5...]), total: 7))
    #expect(stage.last(ReconcileFinished.self) == nil && drift(stage).isEmpty)
    stage.pass(.seconds(1))
    Self.read(&stage, Array(Self.all.dropFirst()))
    #expect(stage.last(ReconcileFinished.self)?.drift == [.missing: 1])
  }

  @Test("an address that waits for its confirmation is no drift; one that shows is read and taken over")
  func unconfirmed() {
    var person = Self.delivered("p1")
    person.evolve(
      .decided(
        Decision(
          .update, .attributesChanged,
          desired: DesiredAccount(userName: "new@contoso.com", displayName: "Name p1", active: true))), at: 6)
    person.evolve(
      .callStarted(CallStarted(call: 1, purpose: .change, decision: 6, userName: "new@contoso.com", body: nil)), at: 7)
    person.evolve(
      .callFinished(
        CallFinished(
          call: 1, purpose: .change, operation: "", outcome: .done, status: 200, milliseconds: 1,
          account: person.account.believed)), at: 8)
    person.evolve(.deliveryCompleted(DeliveryCompleted(.call, decision: 6)), at: 9)
    var stage = Self.stage([person], repairs: true)
    Self.compare(&stage, [Self.user("p1")])
    #expect(drift(stage).isEmpty && stage.calls.isEmpty)
    Self.ask(&stage, "r2")
    stage.answer(Self.page([Self.user("p1", address: "new@contoso.com")]))
    #expect(drift(stage).isEmpty)
    stage.pass(.zero)
    #expect(stage.answer(.status(200, Self.user("p1", address: "new@contoso.com")))?.purpose == .verify)
    let account = stage.machine.allPeople[0].account
    #expect(account.requestedUserName == nil && account.believed?.userName == "new@contoso.com")
  }
}
