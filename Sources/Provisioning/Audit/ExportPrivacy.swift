/// How much of people an export shows.
public enum ExportPrivacy: String, CaseIterable, Sendable {
  /// All that the ledger knows.
  case clear
  /// The alias in place of whatever tells who somebody is: only `keys.sqlite` leads from it to a person.
  case pseudonym
  /// Nobody: what was done, how it went, and when.
  case none
}
