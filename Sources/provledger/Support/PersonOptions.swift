import ArgumentParser
import Base
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
    return (try ledger.person(user), ledger)
  }
}

extension Ledger {
  /// The one person who has a name. Throws `FaultCode.personUnknown` and `FaultCode.personAmbiguous`.
  func person(_ name: String) throws -> Person {
    try views.catchUp()
    let found = try views.find(name)
    if found.count > 1 {
      let aliases = found.map(\.alias).joined(separator: ", ")
      throw Fault(.personAmbiguous, "\(found.count) people have that name; use one of their aliases: \(aliases).")
    }
    guard let person = found.first else {
      throw Fault(
        .personUnknown,
        "Nobody in the ledger has the name \"\(name)\"; use a sign-in name, an object id, a TeamViewer id or an alias.")
    }
    return person
  }
}
