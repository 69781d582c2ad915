import Base
import EventLog
import Provisioning
import Reports
import Sealing
import Views

/// The access file that Vanta takes for a system without an integration of its own (Vanta's help centre, "Access File
/// Uploader"): a row for each account that somebody has or had, as TeamViewer showed it last.
struct VantaFile {
  static let columns = [
    "Account name", "Account owner", "Role", "Status", "Access Appropriate", "Date created (UTC)",
    "Date deactivated (UTC)",
  ]

  let log: Log
  let codec: EventCodec
  let views: ViewStore

  /// Writes the file and returns how many accounts it names. Throws the faults of log, keys and views.
  func write(_ privacy: ExportPrivacy, to write: ([UInt8]) throws -> Void) throws -> Int {
    try write(Array(CSVWriter.line(Self.columns).utf8))
    var count = 0
    for person in try views.people().people {
      guard let account = person.account.believed else { continue }
      let events = try codec.decode(log.events(of: [Stream.account(person.alias).description]))
      try write(Array(CSVWriter.line(Self.fields(person, account, AccountDates(events), privacy)).utf8))
      count += 1
    }
    return count
  }

  static func fields(
    _ person: Person, _ account: RemoteAccount, _ dates: AccountDates, _ privacy: ExportPrivacy
  ) -> [String] {
    let owner = person.user?[.mail] ?? person.user?[.userPrincipalName] ?? ""
    let isClear = privacy == .clear
    let isActive = account.active && person.account.drift != .missing
    return [
      isClear ? account.userName : privacy == .pseudonym ? person.alias : "withheld", isClear ? owner : "", "User",
      isActive ? "Active" : "Deactivated", "", day(dates.created), isActive ? "" : day(dates.deactivated),
    ]
  }

  private static func day(_ time: Timestamp?) -> String { time.map { String($0.description.prefix(10)) } ?? "" }
}

/// When an account was made by us, and when it was seen inactive first.
struct AccountDates: Equatable {
  private(set) var created: Timestamp?
  private(set) var deactivated: Timestamp?

  /// By the events of one account, in their order.
  init(_ events: [LoggedEvent]) {
    var person = Person(alias: "")
    for event in events {
      let wasInactive = person.account.believed != nil && !person.hasActiveAccount
      person.evolve(event)
      if case .linked(let linked) = event.payload, linked.how == .created || linked.how == .readBack {
        created = event.time
      }
      let isInactive = person.account.believed != nil && !person.hasActiveAccount
      if isInactive, !wasInactive { deactivated = event.time }
    }
  }
}
