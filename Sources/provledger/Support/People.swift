import Ledger
import Provisioning
import Views

/// Finds the one person that a name on the command line means.
enum People {
  static func find(_ name: String, in ledger: Ledger) throws -> Person {
    try ledger.views.catchUp()
    let found = try ledger.views.find(name)
    if found.count > 1 {
      let aliases = found.map(\.alias).joined(separator: ", ")
      throw Fault(
        .personAmbiguous, "\(found.count) people have that name; use one of their aliases: \(aliases).")
    }
    guard let person = found.first else {
      throw Fault(
        .personUnknown,
        "Nobody in the ledger has the name \"\(name)\"; use a sign-in name, an object id, a TeamViewer id or an alias.")
    }
    return person
  }
}
