import Base
import Directory
import GraphModel
import JSON
import Provisioning
import Testing

@Suite("Company")
struct CompanyTests {
  @Test("what a company writes is read back the same, in every form, day after day")
  func readBack() throws {
    var company = Company(seed: 7, people: 400)
    for day in 0...3 {
      if day > 0 { _ = company.nextDay() }
      let scratch = try Scratch()
      for page in company.graphPages(size: 37) { try scratch.write(page.name, page.bytes) }
      let forms = [try read(company.csv()), try read(company.ndjson()), try DirectoryFiles.read(paths: [scratch.path])]
      for reading in forms {
        #expect(reading.kind == .snapshot)
        #expect(reading.changes.count == company.people.count)
        for (change, person) in zip(reading.changes, company.people) {
          #expect(change.id == person.id)
          #expect(change.state == .present)
          #expect(change.attributes == attributes(of: person))
        }
      }
    }
  }

  private func attributes(of person: Company.Person) -> DirectoryAttributes {
    [
      .userPrincipalName: .text(person.userPrincipalName), .displayName: .text(person.displayName),
      .givenName: .text(person.givenName), .surname: .text(person.surname),
      .mail: person.mail.map(DirectoryValue.text) ?? .cleared, .accountEnabled: .flag(person.isEnabled),
      .userType: .text(person.userType),
    ]
  }

  @Test("equal seeds give equal companies and days, other seeds others")
  func deterministic() {
    var (one, two) = (Company(seed: 1, people: 200), Company(seed: 1, people: 200))
    #expect(one == two)
    #expect(one.nextDay() == two.nextDay())
    #expect(one.csv() == two.csv())
    #expect(one.people != Company(seed: 2, people: 200).people)
    // Held over Swift versions: the numbers are the generator's own.
    #expect(Company(seed: 1, people: 1).people.map(\.id) == ["c34d0bff-9015-4280-a099-ec6cd7363ca5"])
  }

  @Test("people are of many kinds; ids and sign-in names are unique, ASCII and well formed")
  func kinds() {
    let people = Company(seed: 3, people: 3000).people
    #expect(people.count == 3000)
    #expect(Set(people.map(\.id)).count == 3000)
    #expect(Set(people.map(\.userPrincipalName)).count == 3000)
    for person in people {
      #expect(person.userPrincipalName.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F })
      #expect(person.userPrincipalName.split(separator: "@").first.map { $0.utf8.count <= 64 } == true)
      #expect(person.id.utf8.count == 36)
    }
    #expect(
      people.contains {
        $0.isGuest && $0.userPrincipalName.hasSuffix("_partner.example#EXT#@contoso.onmicrosoft.example")
      })
    #expect(people.contains { !$0.isEnabled })
    #expect(people.contains { $0.mail == nil })
    #expect(people.contains { $0.displayName.utf16.count > 50 })
    for sample in ["ü", "Ж", "Ξ", "ف", "כ", "王", "さ", "김", "श", "ส", "'", "-", "García Márquez"] {
      #expect(people.contains { $0.displayName.contains(sample) || $0.surname.contains(sample) }, "\(sample)")
    }
  }

  @Test("a day brings joiners, movers, renames, leavers of both kinds, and later people who come back")
  func days() {
    var company = Company(seed: 5, people: 1000)
    var removed: [String: Company.Person] = [:]
    for day in 1...10 {
      let before = Dictionary(uniqueKeysWithValues: company.people.map { ($0.id, $0) })
      let changes = company.nextDay()
      let after = Dictionary(uniqueKeysWithValues: company.people.map { ($0.id, $0) })
      #expect(Set(company.people.map(\.userPrincipalName)).count == company.people.count)
      #expect(!changes.joined.isEmpty && !changes.moved.isEmpty && !changes.renamed.isEmpty && !changes.removed.isEmpty)
      for person in changes.joined + changes.rehired { #expect(before[person.id] == nil && after[person.id] == person) }
      for person in changes.moved {
        #expect(before[person.id]?.displayName != person.displayName && after[person.id] == person)
        #expect(before[person.id]?.userPrincipalName == person.userPrincipalName)
      }
      for person in changes.renamed { #expect(before[person.id]?.userPrincipalName != person.userPrincipalName) }
      for person in changes.disabled {
        #expect(before[person.id]?.isEnabled == true && after[person.id]?.isEnabled == false)
      }
      for person in changes.removed { #expect(before[person.id] == person && after[person.id] == nil) }
      #expect(changes.rehired.isEmpty == (day == 1))
      for person in changes.rehired {
        #expect(removed.removeValue(forKey: person.userPrincipalName) != nil)
      }
      for person in changes.removed { removed[person.userPrincipalName] = person }
      // What no list names has not changed.
      let named = Set(
        [changes.joined, changes.moved, changes.renamed, changes.disabled, changes.removed, changes.rehired]
          .joined().map(\.id))
      for (id, person) in after where !named.contains(id) { #expect(before[id] == person) }
    }
  }

  @Test("a company of nobody writes files that are refused as empty", arguments: [0, -1])
  func nobody(count: Int) throws {
    var company = Company(seed: 1, people: count)
    expectFault(.noPeople) { _ = try read(company.csv()) }
    expectFault(.noPeople) { _ = try read(company.graphPages(size: 0)[0].bytes) }
    expectFault(.inputEmpty) { _ = try read(company.ndjson()) }
    #expect(company.nextDay().joined.count == 1)
  }
}
