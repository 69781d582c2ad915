/// A made-up company that changes from day to day: equal seeds give equal companies and equal days.
///
/// Names come from many scripts, sign-in names are ASCII and unique. About one in twenty is a guest, one in twenty is
/// disabled. No real person is meant.
public struct Company: Equatable, Sendable {
  /// Everybody whom the directory holds, in the order in which they came.
  public private(set) var people: [Person] = []
  /// The number of days that have passed.
  public private(set) var day = 0

  private var random: CompanyRandom
  /// How often each sign-in name was given out, without its number.
  private var taken: [String: Int] = [:]
  /// People who were removed and have not come back.
  private var former: [Person] = []

  /// A company of `count` people on its first day; a negative count is none.
  public init(seed: UInt64, people count: Int) {
    random = CompanyRandom(seed: seed)
    people = (0..<max(0, count)).map { _ in newcomer() }
    for index in people.indices where random.once(in: 20) { people[index].isEnabled = false }
  }

  static let departments = ["Sales", "Support", "Research & Development", "Finance", "Human Resources", "IT"]
  private static let titles = ["Engineer", "Engineer, Senior", "Head of \"Special Projects\"", "Clerk", "Consultant"]
  private static let streets = [
    "Hauptstraße 5", "12, rue de l'Église", "1-2-3 Marunouchi\r\n4F", "Calle Mayor 7\nPiso 2, izq.",
    "221B Baker Street",
  ]

  // MARK: People

  private mutating func newcomer() -> Person {
    let culture = random.once(in: 100) ? Culture.all.count : random.below(Culture.all.count)
    let names = Company.culture(culture)
    let (given, family) = (random.pick(names.given), random.pick(names.family))
    let isGuest = random.once(in: 20)
    let local = unique("\(given.ascii).\(family.ascii)")
    var person = Person(
      id: random.guid(), userPrincipalName: "", displayName: names.displayName(given.text, family.text),
      givenName: given.text, surname: family.text, isGuest: isGuest, isEnabled: true,
      department: random.pick(Company.departments), jobTitle: random.pick(Company.titles),
      streetAddress: random.pick(Company.streets), joinedDay: day, culture: culture)
    person.signIn(as: local)
    if random.once(in: 30) { person.mail = nil }
    return person
  }

  private static func culture(_ index: Int) -> Culture {
    index < Culture.all.count ? Culture.all[index] : Culture.long
  }

  /// The name, with a number from the second time on. Names hold no digits, so numbered ones collide with none.
  private mutating func unique(_ name: String) -> String {
    let count = taken[name, default: 0] + 1
    taken[name] = count
    return count == 1 ? name : "\(name)\(count)"
  }

  // MARK: Days

  /// Lets a day pass: a few of everything that happens to people, in proportion to their number.
  public mutating func nextDay() -> Changes {
    day += 1
    var changes = Changes()
    var untouched = Array(people.indices)
    func some(_ share: Int) -> Int { max(1, people.count / share) }

    for index in draw(some(100), from: &untouched) { changes.moved.append(move(index)) }
    for index in draw(some(400), from: &untouched) { changes.renamed.append(rename(index)) }
    for index in draw(some(300), from: &untouched) where people[index].isEnabled {
      people[index].isEnabled = false
      changes.disabled.append(people[index])
    }
    let leavers = draw(some(400), from: &untouched)
    let returning = former.isEmpty ? nil : former.remove(at: random.below(former.count))
    changes.removed = leavers.map { people[$0] }
    let gone = Set(changes.removed.map(\.id))
    people.removeAll { gone.contains($0.id) }
    former += changes.removed

    for _ in 0..<max(1, people.count / 200) { changes.joined.append(newcomer()) }
    if var person = returning {
      person.id = random.guid()
      person.isEnabled = true
      person.joinedDay = day
      changes.rehired = [person]
    }
    people += changes.joined + changes.rehired
    return changes
  }

  /// Takes up to `count` of the people that nothing has happened to yet.
  private mutating func draw(_ count: Int, from indices: inout [Int]) -> [Int] {
    (0..<min(count, indices.count)).map { _ in
      indices.swapAt(random.below(indices.count), indices.count - 1)
      return indices.removeLast()
    }
  }

  private mutating func move(_ index: Int) -> Person {
    let others = Company.departments.filter { $0 != people[index].department }
    people[index].department = random.pick(others)
    let names = Company.culture(people[index].culture)
    let name = names.displayName(people[index].givenName, people[index].surname)
    people[index].displayName = "\(name) (\(people[index].department))"
    return people[index]
  }

  private mutating func rename(_ index: Int) -> Person {
    var person = people[index]
    let names = Company.culture(person.culture)
    let family = random.pick(names.family.filter { $0.text != person.surname })
    let given = names.given.first { $0.text == person.givenName }?.ascii ?? ""
    person.surname = family.text
    person.displayName = names.displayName(person.givenName, family.text)
    person.signIn(as: unique("\(given).\(family.ascii)"))
    people[index] = person
    return person
  }
}

extension Company.Person {
  /// Sets sign-in name and address; a guest's are made from the partner's address, as Entra ID does it.
  fileprivate mutating func signIn(as local: String) {
    userPrincipalName =
      isGuest ? "\(local)_partner.example#EXT#@contoso.onmicrosoft.example" : "\(local)@contoso.example"
    mail = "\(local)@\(isGuest ? "partner" : "contoso").example"
  }
}
