public import Base
import DeliveryMachine
import HTTPTransport
public import JSON
import Provisioning
import SCIM

/// What `target test` finds: the steps, and the first thing that must be put right.
public struct TargetTest: Equatable, Sendable {
  /// The steps that were taken, in order.
  public var steps: [Step]
  /// What is wrong and what to do about it; nil when the target can be used.
  public var diagnosis: Fault?
  /// The token's owner, whom the ledger never disables; nil when the target does not tell.
  public var owner: Owner?

  /// One step.
  public struct Step: Equatable, Sendable {
    /// What was tried.
    public var name: Name
    /// How it went.
    public var verdict: Verdict
    /// What was found, in a sentence.
    public var sentence: String
    /// What a warning about the list is about.
    public var concern: Concern?

    /// What a warning about the list is about, in the word of `doctor`.
    public enum Concern: String, Sendable {
      /// Entries cannot be read.
      case unreadable = "accounts-unreadable"
      /// Its end was not reached in time.
      case slow = "target-list-slow"
      /// It shows no account that the ledger knows, and others.
      case strange = "target-ids-strange"
    }

    /// What was tried.
    public enum Name: String, Sendable {
      /// `GET /api/v1/ping`: does the Web API know the token?
      case ping
      /// `GET /Users` with one entry: may the token read users?
      case users
      /// `GET /Users`, all pages: does it show everybody?
      case list
      /// `GET /api/v1/account`: whose token is it?
      case account
    }

    /// How it went.
    public enum Verdict: String, Sendable {
      /// Well.
      case passed
      /// Not as hoped; the target can be used all the same.
      case warning
      /// Not at all.
      case failed
    }
  }

  /// The token's owner.
  public struct Owner: Equatable, Sendable {
    /// The account's id, such as `u1234567`.
    public var id: String
    /// The name, where the token may read it.
    public var name: String?
    /// The address, where the token may read it.
    public var email: String?
  }

  /// Runs the steps: ping, one user, the whole list, the owner. A failure of the connection ends the test, since the next step
  /// would only wait for the same. The list is held against the ids of the accounts that people are linked to, and read
  /// for as long as `patience`, and a page more.
  public static func run(
    _ client: SCIMClient, linked: Set<String> = [], patience: Duration = .seconds(30)
  ) async -> TargetTest {
    var test = TargetTest(steps: [], diagnosis: nil, owner: nil)
    var diagnoses = TargetDiagnosis(
      url: client.url, proxy: client.configuration.route.proxy, hasRead: !linked.isEmpty)
    let ping = await client.get("/api/v1/ping")
    if case .failed(let failure) = ping, !failure.mayHaveArrived {
      let fault = diagnoses.fault(of: failure)
      test.steps.append(Step(name: .ping, verdict: .failed, sentence: fault.sentence))
      test.diagnosis = fault
      return test
    }
    test.steps.append(Self.pinged(ping))
    let list = await client.send(.listUsers(startIndex: 1, count: 1))
    if let fault = diagnoses.fault(ofList: list) {
      test.steps.append(Step(name: .users, verdict: .failed, sentence: fault.sentence))
      test.diagnosis = fault
      return test
    }
    test.steps.append(Step(name: .users, verdict: .passed, sentence: "The token may read the company's users."))
    diagnoses.hasRead = true
    if let fault = await test.list(client, diagnoses, linked, patience) {
      test.steps.append(Step(name: .list, verdict: .failed, sentence: fault.sentence))
      test.diagnosis = fault
      return test
    }
    let (step, owner) = Self.account(await client.get("/api/v1/account"))
    test.steps.append(step)
    test.owner = owner
    return test
  }

  /// Reads the whole list, as a worker does before anything else; the fault that keeps a worker from it.
  private mutating func list(
    _ client: SCIMClient, _ diagnoses: TargetDiagnosis, _ linked: Set<String>, _ patience: Duration
  ) async -> Fault? {
    let end = ContinuousClock.now + patience
    var reading = ListReading()
    while true {
      let exchange = await client.send(.listUsers(startIndex: reading.nextIndex))
      guard case .page(let page, _) = Answer(exchange, to: .plainRead) else { return diagnoses.fault(ofList: exchange) }
      switch reading.add(page) {
      case .more where ContinuousClock.now < end: continue
      case .more:
        steps.append(Self.leftOff(reading, patience))
        return nil
      case .whole:
        steps.append(Self.listed(reading, linked))
        return nil
      case .flawed(let flaw):
        return Fault(
          .targetList,
          "The list of accounts at \(diagnoses.url.host) is not whole: \(reading.clause(flaw)). Try again later, or tell "
            + "TeamViewer's support.")
      }
    }
  }

  private static func listed(_ reading: ListReading, _ linked: Set<String>) -> Step {
    let shown = reading.accountIDs
    if let theirs = shown.min(), let ours = linked.min(), shown.isDisjoint(with: linked) {
      return strange(theirs, ours)
    }
    guard !reading.passedOver.isEmpty else {
      return Step(name: .list, verdict: .passed, sentence: "The list is whole: \(reading.total.of("account")).")
    }
    return Step(name: .list, verdict: .warning, sentence: reading.passedOver.sentence, concern: .unreadable)
  }

  /// Ids are opaque: that one is the other in another spelling is for a person to say.
  private static func strange(_ theirs: String, _ ours: String) -> Step {
    let (theirs, ours) = (OutsideText.cleaned(theirs), OutsideText.cleaned(ours))
    return Step(
      name: .list, verdict: .warning,
      sentence: "The list shows none of the accounts that people are linked to (such as \(ours)), but others (such as "
        + "\(theirs)): it is another company's, or TeamViewer writes ids otherwise than before, and no change gets "
        + "through. Correct the URL or the token, or let everybody be matched anew by address with `provledger cycle "
        + "restart --clear ConnectorDataStore`.",
      concern: .strange)
  }

  private static func leftOff(_ reading: ListReading, _ patience: Duration) -> Step {
    let shown = reading.accounts.count + reading.passedOver.count
    return Step(
      name: .list, verdict: .warning,
      sentence: "After \(patience.components.seconds) s the list was not at its end: \(reading.pages.of("page")) "
        + "showed \(shown) of \(reading.total.of("account")). A worker reads it to its end before it creates anybody.",
      concern: .slow)
  }

  private static func pinged(_ exchange: Exchange) -> Step {
    if case .response(let response) = exchange, response.status == 200, let valid = response.json?["token_valid"]?.bool
    {
      return valid
        ? Step(name: .ping, verdict: .passed, sentence: "The Web API answers and knows the token.")
        : Step(name: .ping, verdict: .warning, sentence: "The Web API answers and does not know the token.")
    }
    return Step(
      name: .ping, verdict: .warning,
      sentence: "The Web API does not answer to a ping; a SCIM target other than TeamViewer has none.")
  }

  static func account(_ exchange: Exchange) -> (Step, Owner?) {
    func warn(_ sentence: String) -> (Step, Owner?) {
      (Step(name: .account, verdict: .warning, sentence: sentence), nil)
    }
    guard case .response(let response) = exchange else {
      return warn("The token's owner could not be read, so list the owner's id among the protected accounts.")
    }
    if response.status == 403 {
      return warn(
        "The token may not read its owner. Tick \"Account management → view account data\" and \"view email address\" "
          + "for it, so that the owner is never disabled.")
    }
    guard response.status == 200, let id = RemoteAccount.id(response.json?["userid"]) else {
      return warn("The target does not tell the token's owner, so list the owner's id among the protected accounts.")
    }
    let owner = Owner(id: id, name: response.json?["name"]?.string, email: response.json?["email"]?.string)
    return (
      Step(name: .account, verdict: .passed, sentence: "The token's owner is known and will never be disabled."), owner
    )
  }
}

extension TargetTest {
  /// As a JSON object.
  public var json: JSONValue {
    [
      "usable": .bool(diagnosis == nil), "code": JSONValue(orNull: diagnosis?.code.description),
      "steps": .array(steps.map(\.json)),
    ]
  }
}

extension TargetTest.Step {
  fileprivate var json: JSONValue {
    ["name": .string(name.rawValue), "verdict": .string(verdict.rawValue), "sentence": .string(sentence)]
  }
}
