public import Provisioning
import Views

/// Codes in plain words, with the way out: the one place for the sentences that reports and `why` use.
public enum Explanation {
  /// Why a decision was taken. Of a review that changes nothing what is wanted says whether access stays or stays away.
  public static func of(_ decision: Decision) -> String {
    guard decision.action == .none, decision.reason == .accessReviewed else {
      return of(decision.action, decision.reason)
    }
    if decision.desired?.active == true { return "a review lets access stay, and the removal that was held is off" }
    return of(decision.reason)
  }

  /// Why it was decided so.
  public static func of(_ action: Decision.Action, _ reason: Decision.Reason) -> String {
    switch (action, reason) {
    case (.skip, .handedOver): "another person in the ledger, whom another source owns, stands for this one"
    case (.held, .accessReviewed): "a review would disable more people at once than the safeguard allows"
    case (.create, .accessReviewed), (.update, .accessReviewed), (.enable, .accessReviewed):
      "a review took access away and gave it back"
    case (.none, .accessReviewed): "a review decided so, and nothing is to be changed"
    case (.held, .restored): "a plan would disable more people at once than the safeguard allows"
    default: of(reason)
    }
  }

  /// What to do about a decision that somebody must look at; nil when nothing is to be done.
  public static func remedy(_ action: Decision.Action, _ reason: Decision.Reason) -> String? {
    switch (action, reason) {
    case (.held, .accessReviewed): "Check the review's decisions, then `provledger safeguard approve ID`."
    case (.held, .restored): "Check the plan, then `provledger safeguard approve ID`, or leave it."
    default: remedy(reason)
    }
  }

  /// What a decision's reason means.
  public static func of(_ reason: Decision.Reason) -> String {
    switch reason {
    case .newInScope: "in the directory and not provisioned yet"
    case .attributesChanged: "a mapped attribute has another value"
    case .activeAgain: "active in the directory and in scope, and to have access again"
    case .disabledInSource: "the directory no longer lets the person sign in"
    case .softDeletedInSource: "in the directory's recycle bin"
    case .deletedInSource: "deleted in the directory"
    case .absentFromSource: "no longer in the directory"
    case .safeguardTripped: "more people would be disabled at once than the safeguard allows"
    case .outOfScope: "the scoping filter does not let the person in"
    case .notEffectivelyEntitled: "the person is not assigned to the application"
    case .expressionFailed: "an expression of the mapping has no value for the person"
    case .ignoreObjectFlow: "the mapping leaves the person out"
    case .actionOff: "the action is switched off in the configuration"
    case .redundantExport: "what is wanted has not changed"
    case .notActiveInSource: "not active in the directory, and never provisioned"
    case .importSkipped: "the attribute that becomes the address has no value"
    case .duplicateSourceEntries: "another person in the directory maps to the same address"
    case .missingValues: "there is no display name"
    case .invalidUserName: "the address does not have the form that TeamViewer accepts"
    case .blankInUserName: "the address begins or ends with a blank"
    case .invalidDisplayName: "the name is shorter than TeamViewer accepts"
    case .invisibleDisplayName: "nothing of the name can be seen"
    case .displayNameCannotBeCut: "the name is longer than TeamViewer accepts, and no whole character of it fits"
    case .unfamiliarInput: "the input shares too few people with the ledger; it may be another company's"
    case .restored: "an operator applied a plan that restores an earlier state"
    case .handedOver: "an operator gave the person to another source; what was wanted before stands"
    case .accessReviewed: "an access review decided so; it stands while the directory goes on showing the person active"
    case .detached: "no source owns the person any more; the account is left as it is"
    }
  }

  /// What to do about a reason; nil when nothing is to be done.
  public static func remedy(_ reason: Decision.Reason) -> String? {
    switch reason {
    case .duplicateSourceEntries: "Give one of them another address in the directory."
    case .invalidUserName:
      "Give the person an address of ASCII letters, digits and single . - _ + ' = at a real domain, 6 to 100 characters."
    case .blankInUserName: "Remove the blank before or after the address in the directory."
    case .invalidDisplayName: "Give the person a display name of at least two characters."
    case .invisibleDisplayName: "Give the person a display name with visible characters."
    case .displayNameCannotBeCut:
      "Give the person a display name of at most 50 characters, with fewer marks on one letter."
    case .missingValues: "Give the person a display name."
    case .expressionFailed:
      "Try it with `provledger config expression EXPRESSION --user USER`, and mend it or the value."
    case .importSkipped: "Give the person a value for that attribute, or map another one."
    case .safeguardTripped, .unfamiliarInput:
      "Check `provledger safeguard list`, then `provledger safeguard approve ID`, or import a right export."
    default: nil
    }
  }

  /// What a parked delivery waits for, and what to do.
  public static func of(_ reason: ParkReason) -> (meaning: String, remedy: String) {
    switch reason {
    case .addressOutsideCompany:
      (
        "the address belongs to a TeamViewer account outside the company",
        "Ask the person to join the company with that account, or to free its address."
      )
    case .entryConflict:
      (
        "the address belongs to another account of the company",
        "Give that account another address in TeamViewer, or one of the two people in the directory."
      )
    case .addressUnconfirmed:
      (
        "the address is to become free when another person confirms a change by mail",
        "Ask that person to answer TeamViewer's mail."
      )
    case .addressRing:
      (
        "people exchange their addresses among each other, and none can go first",
        "Give one of them a temporary address in the directory, import, and then the final one."
      )
    case .insufficientRights:
      (
        "the token may not change this account, while reading works",
        "Give the script token the permission to create and edit users, and administrators if it is one."
      )
    case .invalidAnchor:
      (
        "the account that was linked no longer exists in the company",
        "Nothing: the next attempt looks for an account with that address, and makes one if there is none."
      )
    case .rejected:
      ("TeamViewer does not accept a value", "Correct the value in the directory, as TeamViewer's answer says.")
    case .notApplied:
      ("TeamViewer answered that it was done, but did not do it", "Look at the account in TeamViewer; report it there.")
    case .targetFault:
      (
        "TeamViewer fails on this account while it serves others",
        "Nothing at first; report it to TeamViewer if it stays."
      )
    case .unfitAnswer:
      (
        "what TeamViewer answers is about another account than was asked for, or no account",
        "Report it to TeamViewer, with the time of the call; nothing of such an answer is believed."
      )
    case .otherAddress:
      (
        "TeamViewer answered the create with an account under another address, and nobody knows whose that is",
        "Look for it in TeamViewer: give it the person's address, or delete it; then `provledger delivery retry`."
      )
    case .incompleteList:
      (
        "TeamViewer's list of all accounts cannot be read whole, so that nobody knows whose address is taken",
        "`provledger target test` shows how; report it to TeamViewer. Whoever is linked already goes on."
      )
    case .protectedAccount:
      (
        "the account is the token's owner or listed as protected, and is never disabled",
        "Make a script token with another account, or take the account off the list."
      )
    }
  }

  /// What any word means that keeps a delivery, or that names what went wrong with its last call.
  public static func of(word: String) -> (meaning: String, remedy: String) {
    if let reason = ParkReason(rawValue: word) { return of(reason) }
    if let kind = DriftDetected.Kind.allCases.first(where: { DeliveryWord.drift($0) == word }) {
      return ("\(of(kind)), and the account is brought back", "Nothing; find out who changes accounts by hand.")
    }
    switch word {
    case DeliveryWord.operatorSkip:
      return (
        "an operator does not want it delivered",
        "`provledger delivery retry` ends that, and so does a change, unless the person is on hold too."
      )
    case DeliveryWord.operatorHold:
      return ("an operator lets no call leave for the person", "`provledger delivery retry` ends that.")
    default: return ("the last call failed (\(word))", "Nothing: it is tried again by itself.")
    }
  }

  /// What a comparison with TeamViewer found.
  public static func of(_ kind: DriftDetected.Kind) -> String {
    switch kind {
    case .missing: "TeamViewer no longer has the account"
    case .extra: "the account is active in TeamViewer, although it is to be inactive"
    case .changed: "name or address of the account were changed in TeamViewer"
    case .disabled: "the account is inactive in TeamViewer, although it is to be active"
    }
  }

  /// Why a person's account is theirs no longer.
  public static func of(_ reason: AccountUnlinked.Reason) -> String {
    switch reason {
    case .notFound: "TeamViewer does not know its id any more, and its list does not show it"
    case .heldByAnother: "it is another person's"
    case .otherIsActive: "it is inactive, and another account with the person's address is active"
    case .restarted: "an operator let everybody be matched anew"
    case .madeForAnother: "TeamViewer made it for another person, and answered otherwise"
    }
  }

  /// What stands in the way of an erasure.
  public static func of(_ obstacle: ErasureObstacle) -> String {
    switch obstacle {
    case .legalHold: "the person is under a legal hold"
    case .inDirectory: "the person is in the directory"
    case .activeAccount: "TeamViewer has an active account of the person"
    case .unverifiedDisable: "no read has shown that the account is inactive"
    }
  }

  /// What a quarantine means and how it ends.
  public static func of(_ reason: QuarantineEntered.Reason) -> (meaning: String, remedy: String) {
    switch reason {
    case .credentials:
      (
        "TeamViewer refuses the token",
        "Make a new script token, put it where provledger.yaml says, check with `provledger target test`, and start `provledger deliver` again."
      )
    case .insufficientRights:
      (
        "the token may not read users",
        "Tick User management: view users for the script token, check with `provledger target test`, and start `provledger deliver` again."
      )
    case .notSCIM:
      (
        "what answers at the URL is no SCIM endpoint",
        "Correct target.url in provledger.yaml, check with `provledger target test`, and start `provledger deliver` again."
      )
    }
  }
}
