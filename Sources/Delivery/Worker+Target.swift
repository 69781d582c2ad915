public import DeliveryMachine
public import Ledger
public import Logging
import Provisioning
public import TeamViewer

extension Worker {
  /// The client for the target that the configuration names. Throws the faults of URL and token.
  public static func client(for ledger: Ledger) throws -> SCIMClient {
    let target = ledger.configuration.target
    _ = try ledger.token()
    let configuration = SCIMClient.Configuration(
      concurrency: target.concurrency, timeout: .seconds(target.timeout))
    return try SCIMClient(baseURL: target.url, configuration: configuration) { (try? ledger.token()) ?? "" }
  }

  /// The machine's settings: what the configuration says, and the token's owner among those who are never disabled.
  public static func settings(
    for ledger: Ledger, client: SCIMClient, logger: Logger
  ) async -> DeliverySettings {
    var settings = DeliverySettings()
    settings.concurrency = ledger.configuration.target.concurrency
    settings.protectedIDs = ledger.configuration.protectedAccounts
    let owner = await TargetTest.owner(client) { try? await Task.sleep(for: .seconds(1)) }
    if let owner {
      settings.protectedIDs.insert(owner.id)
      if let address = owner.email { settings.protectedAddresses.insert(Address.folded(address)) }
    } else {
      logger.warning("the token's owner is not known; list the owner's id under safeguard.protectedAccounts")
    }
    return settings
  }
}
