import ArgumentParser
import Base
import Ledger
import Operations
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
    return (try ledger.person(user), ledger)
  }
}
