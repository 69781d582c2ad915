import Base

/// What operators may say of one person's delivery, and when it makes no sense. Pure.
extension Person {
  /// Lets the delivery be tried now: ends a parking, an abandonment, a skip, a hold. Throws `FaultCode.nothingOpen` when
  /// none of them is there.
  public func retried(reason: String?) throws -> EventPayload {
    guard isSetAside else {
      let what = isPending ? "is pending already; the worker tries it" : "has nothing to retry"
      throw Fault(.nothingOpen, "\(alias) \(what); `provledger delivery list` shows what is set aside.")
    }
    return .deliveryRetried(DeliveryRetried(reason: reason))
  }

  /// Does not let the present desired state be delivered; a changed decision or a retry ends it. Throws
  /// `FaultCode.nothingOpen` when nothing is to be delivered, and `FaultCode.asideAlready`.
  public func skipped(reason: String) throws -> EventPayload {
    guard isPending else {
      throw Fault(.nothingOpen, "\(alias) has nothing to skip: TeamViewer has what is wanted, or nothing is wanted.")
    }
    if account.skipped != nil {
      throw Fault(.asideAlready, "The delivery of \(alias) is skipped already; `provledger delivery retry` ends that.")
    }
    if account.frozen != nil {
      throw Fault(
        .asideAlready,
        "\(alias) is on hold, so that nothing is delivered anyway; `provledger delivery retry` ends that.")
    }
    return .deliverySkipped(DeliverySkipped(decision: decisionPosition, reason: reason))
  }

  /// Lets no call leave, whatever is decided, until a retry. Throws `FaultCode.asideAlready`.
  public func frozen(reason: String) throws -> EventPayload {
    if account.frozen != nil {
      throw Fault(.asideAlready, "\(alias) is on hold already; `provledger delivery retry` ends that.")
    }
    return .deliveryHeld(DeliveryHeld(reason: reason))
  }

  /// Places a legal hold. Throws `FaultCode.holdThere` when there is one, since lifting one of two would leave the person
  /// unprotected.
  public func legalHoldPlaced(reason: String) throws -> EventPayload {
    if let hold = legalHold {
      throw Fault(
        .holdThere,
        "\(alias) is under a legal hold since \(hold.time) (event \(hold.position)); lift it first, then place one with both reasons."
      )
    }
    return .legalHoldPlaced(LegalHoldPlaced(reason: reason))
  }

  /// Lifts the legal hold. Throws `FaultCode.holdMissing` when there is none.
  public func legalHoldLifted(reason: String) throws -> EventPayload {
    guard legalHold != nil else {
      throw Fault(.holdMissing, "\(alias) is under no legal hold; `provledger legal-hold list` shows who is.")
    }
    return .legalHoldLifted(LegalHoldLifted(reason: reason))
  }
}
