public import DeliveryMachine
public import Ledger
public import Logging
import Provisioning
public import TeamViewer
import Views

extension Worker {
  /// The client for the target that the configuration names. Throws the faults of URL and token.
  public static func client(for ledger: Ledger) throws -> SCIMClient {
    let target = ledger.configuration.target
    let token = try ledger.token()
    let configuration = SCIMClient.Configuration(
      concurrency: target.concurrency, timeout: .seconds(target.timeout))
    // No waiting mends such a token, so it is refused before a worker tries again and again.
    if let failure = SCIMClient.failure(of: token) {
      throw TargetDiagnosis(url: try TargetURL(target.url)).fault(of: failure)
    }
    return try SCIMClient(baseURL: target.url, configuration: configuration) { (try? ledger.token()) ?? "" }
  }

  /// The machine's settings: what the configuration says, and the token's owner among those who are never disabled.
  ///
  /// Waits until TeamViewer tells the owner, or will not: it may be away, or have asked for a pause that is not over.
  public static func settings(
    for ledger: Ledger, client: SCIMClient, logger: Logger
  ) async -> DeliverySettings {
    var settings = DeliverySettings()
    settings.concurrency = ledger.configuration.target.concurrency
    settings.protectedIDs = ledger.configuration.protectedAccounts
    if let pause = try? ledger.views.target().condition.pause, pause.until > ledger.clock() {
      logger.warning("waiting: TeamViewer asked for no call before a moment", metadata: ["until": "\(pause.until)"])
      try? await Task.sleep(for: pause.until - ledger.clock())
    }
    let owner = await TargetTest.owner(client) {
      logger.warning("waiting: the target does not answer when asked for the token's owner")
      try? await Task.sleep(for: .seconds(1))
    }
    if let owner {
      settings.protectedIDs.insert(owner.id)
      if let address = owner.email { settings.protectedAddresses.insert(Address.folded(address)) }
    } else {
      logger.warning("the token's owner is not known; list the owner's id under safeguard.protectedAccounts")
    }
    return settings
  }
}
