import ArgumentParser
import Ledger
import Provisioning
import Views

/// What every command about one person takes.
struct PersonOptions: ParsableArguments {
  @OptionGroup var ledger: LedgerOptions
  @OptionGroup var output: FormatOptions
  @Argument(help: "A sign-in name, an object id, an address, a TeamViewer id or an alias.")
  var user: String

  /// Opens the ledger and finds the one person that is meant.
  func find() throws -> (Person, Ledger) {
    let ledger = try ledger.open()
    try ledger.views.catchUp()
    let found = try ledger.views.find(user)
    if found.count > 1 {
      let aliases = found.map(\.alias).joined(separator: ", ")
      throw Fault(.personAmbiguous, "\(found.count) people have that name; use one of their aliases: \(aliases).")
    }
    guard let person = found.first else {
      throw Fault(
        .personUnknown,
        "Nobody in the ledger has the name \"\(user)\"; use a sign-in name, an object id, a TeamViewer id or an alias.")
    }
    return (person, ledger)
  }
}
