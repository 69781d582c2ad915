/// A small directory export in the CSV form of the admin center, so that a test says whom it means.
struct Export {
  struct Person {
    var id: String
    var address: String
    var name: String
    var isEnabled = true
  }

  var people: [Person]

  /// People named after numbers: `user1@contoso.example` and so on.
  init(count: Int) {
    people = (0..<count).map { number in
      let digits = String(number + 1)
      let padded = String(repeating: "0", count: 12 - digits.count) + digits
      return Person(
        id: "00000000-0000-4000-8000-\(padded)", address: "user\(digits)@contoso.example", name: "User Number \(digits)"
      )
    }
  }

  init(_ people: [Person]) { self.people = people }

  var csv: String {
    let header = "userPrincipalName,displayName,surname,mail,givenName,id,userType,accountEnabled"
    let rows = people.map { person in
      "\(person.address),\(person.name),,\(person.address),,\(person.id),Member,\(person.isEnabled ? "True" : "False")"
    }
    return ([header] + rows).joined(separator: "\r\n") + "\r\n"
  }
}
