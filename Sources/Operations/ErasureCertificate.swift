public import Base
public import Provisioning

/// What was erased, when, by whom: to be kept. It holds nothing about the person but the alias.
public struct ErasureCertificate: Equatable, Sendable {
  /// The name of the log.
  public var origin: String
  /// What was found and is gone.
  public var plan: ErasurePlan
  /// The event.
  public var erased: SubjectErased
  /// Where the event stands in the log.
  public var position: Int64
  /// When it was recorded.
  public var time: Timestamp
  /// Who did it.
  public var actor: Actor
  /// The signed statement of the log after it, as text.
  public var checkpoint: String
}

extension ErasureObstacle {
  /// The fault of an erasure that is refused for it, with the way out.
  public func fault(_ alias: String) -> Fault {
    switch self {
    case .legalHold:
      Fault(
        .erasureOnHold,
        "\(alias) is under a legal hold and was not erased; see `provledger legal-hold list`, and lift it first if it is over."
      )
    case .inDirectory:
      Fault(
        .erasureInDirectory,
        "\(alias) is in the directory and was not erased, since the next import would bring everything back; delete the user in Entra ID and import again first."
      )
    case .activeAccount:
      Fault(
        .erasureActiveAccount,
        "\(alias) has an active TeamViewer account and was not erased, since nobody would disable it afterwards; run `provledger deliver --until-idle` first (`target reconcile --repair` before it, when somebody activated the account at TeamViewer), or say --force."
      )
    case .unverifiedDisable:
      Fault(
        .erasureUnverified,
        "No read has shown that the TeamViewer account of \(alias) is inactive, so nothing was erased; run `provledger deliver --until-idle` first, or say --force."
      )
    }
  }

  /// What is lost when it is overridden.
  public var loss: String {
    switch self {
    case .legalHold, .inDirectory: "this cannot be overridden"
    case .activeAccount: "the TeamViewer account stays active, and the ledger will never disable it"
    case .unverifiedDisable:
      "what is still to be sent to TeamViewer is dropped, and nobody sees whether the account is inactive"
    }
  }
}
