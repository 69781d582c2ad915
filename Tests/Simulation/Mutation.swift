import TeamViewerModel

/// Deliberate faults of the machine: the test of the test. The simulation must find each.
enum Mutation: String, CaseIterable {
  /// What waits for a moment waits for ever.
  case retryTimersDropped
  /// A write of which nobody knows whether it took effect counts as not carried out.
  case readBackMissing
  /// The same after a restart: what was on its way is forgotten.
  case readBackMissingAtStart
  /// A write of which nobody knows whether it took effect counts as carried out.
  case unknownTakenAsDone
  /// A newer decision is not heard of while an older one is still to be delivered.
  case olderDecisionSent
  /// A disable is taken for verified whatever the read shows.
  case leaverNotVerified
  /// TeamViewer's pause is ignored.
  case pauseIgnored
  /// TeamViewer's pause is forgotten at a start.
  case pauseForgottenAtStart
  /// Refused credentials are ignored.
  case quarantineIgnored
  /// An operator's pause is ignored.
  case operatorPauseIgnored
  /// An operator's hold is ignored.
  case holdIgnored
  /// Planned maintenance is ignored.
  case maintenanceIgnored
  /// What a quota has been used of is forgotten at a start.
  case quotaForgottenAtStart
  /// New accounts are matched against the first list of all.
  case staleListTrusted
  /// Links to accounts are not recorded.
  case linkNotKept
  /// Every write is sent twice.
  case sentTwice
  /// Writes leave that are not in the log.
  case startNotLogged
  /// After a fault the next attempt follows at once.
  case backoffDropped
  /// Who waits for another's address waits for ever.
  case waitersForgotten
  /// What is parked is never tried again.
  case parkedForGood
  /// Who holds which account is forgotten.
  case holdersForgotten
  /// Some answers are never looked at.
  case answersLost
  /// What was changed in TeamViewer's console is found, and left so.
  case driftNotRepaired
  /// What a cycle decides counts before it has finished.
  case unfinishedSent

  /// An answer is taken for that of the account that was asked for, whatever its id.
  case idBelieved
  /// A create that is answered with an account that somebody holds, or that was there before, makes a link to it.
  case otherAccountLinked
  /// A list is taken for whole however many accounts are said to be there.
  case shortListBelieved
  /// An account whose id is not known is taken for gone.
  case notFoundMeansGone

  /// A pause is as long as TeamViewer says, and no longer.
  case retryAfterTrusted
  /// TeamViewer is asked again and again before the end of a pause.
  case pauseProbedAtWill
  /// While writes fail, they leave again without a look at what the last one did.
  case readBackTakenForGranted
  /// Entries that a list repeats count as accounts of their own.
  case repeatedEntriesBelieved
  /// An id that is too long to be one is cut and taken.
  case longIDTaken
  /// A web page that answers a change counts as its success.
  case pageTakenAsDone
  /// Whatever is wanted counts as acknowledged.
  case everythingAcknowledged

  /// What happens often in the lives that are to find it; nil for what any life has.
  var favours: SimulatedFault.Kind? {
    switch self {
    case .shortListBelieved: .shortList
    case .repeatedEntriesBelieved: .repeatedEntries
    case .longIDTaken: .tooLong
    default: nil
    }
  }

  /// The promises that may break first.
  var breaks: Set<Problem.Kind> {
    switch self {
    case .retryTimersDropped, .waitersForgotten, .parkedForGood: [.pending]
    case .answersLost: [.pending, .unknownOutcome]
    case .readBackMissing, .readBackMissingAtStart: [.blindWrite]
    case .unknownTakenAsDone: [.lostChange, .strayAccount, .blindWrite, .idleWrite]
    case .olderDecisionSent: [.olderDecision]
    case .leaverNotVerified: [.strayAccount, .unverifiedLeaver]
    case .pauseIgnored, .pauseForgottenAtStart, .quarantineIgnored, .operatorPauseIgnored, .maintenanceIgnored:
      [.duringPause]
    case .holdIgnored: [.heldBack]
    case .quotaForgottenAtStart: [.quotaExceeded]
    case .staleListTrusted: [.idleWrite]
    case .linkNotKept: [.accountTooMany, .log]
    case .sentTwice: [.overlap]
    case .startNotLogged: [.unlogged]
    case .backoffDropped: [.hotLoop]
    case .holdersForgotten: [.accountTooMany]
    case .driftNotRepaired: [.lostChange, .strayAccount]
    case .unfinishedSent: [.unfinishedCycle]
    case .retryAfterTrusted: [.hotLoop, .duringPause]
    case .pauseProbedAtWill: [.duringPause]
    case .readBackTakenForGranted: [.blindWrite]
    case .repeatedEntriesBelieved: [.idleWrite, .unverifiedLeaver, .strayAccount, .accountTooMany]
    case .longIDTaken: [.blindWrite, .accountTooMany, .idleWrite]
    case .pageTakenAsDone: [.lostChange, .strayAccount, .blindWrite, .idleWrite, .unverifiedLeaver]
    case .everythingAcknowledged: [.lostChange, .strayAccount, .hotLoop]
    case .idBelieved: [.othersAccount, .unverifiedLeaver, .blindWrite, .lostChange, .strayAccount]
    case .otherAccountLinked: [.othersAccount, .accountTooMany, .unverifiedLeaver, .blindWrite]
    case .shortListBelieved: [.idleWrite, .unverifiedLeaver, .strayAccount, .accountTooMany]
    case .notFoundMeansGone: [.unverifiedLeaver, .idleWrite, .strayAccount, .accountTooMany]
    }
  }
}
