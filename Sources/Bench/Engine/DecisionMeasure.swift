import Base
import Expressions
import Provisioning

/// How many people a cycle decides about in a second, on one core, with nothing read and nothing appended.
struct DecisionMeasure {
  let people: Int

  /// Seconds of a first cycle about everybody.
  func run(_ mapping: Mapping) throws -> Double {
    let reading = reading()
    var cycle = Cycle(id: "bench", policy: CyclePolicy(mapping: mapping), people: People([]))
    let clock = ContinuousClock()
    let start = clock.now
    let outcome = cycle.run(reading, safeguard: "s") { "alias-\($0)" }
    let seconds = (clock.now - start).seconds
    guard outcome.counts.decided[.create] == people else {
      throw Peer.Failure(description: "not everybody of the bench gets an account: \(outcome.counts)")
    }
    return seconds
  }

  private func reading() -> DirectoryReading {
    let changes = (0..<people).map { number in
      DirectoryChange(
        id: "5b2f0000-0000-4000-8000-\(number)",
        attributes: [
          .userPrincipalName: .text("person\(number)@bench.example"), .displayName: .text("Person Number \(number)"),
          .accountEnabled: .flag(true), .mail: .text("person\(number)@bench.example"), .givenName: .text("Person"),
          .surname: .text("Number \(number)"), .userType: .text("Member"),
          DirectoryAttribute(rawValue: "department"): .text("Research & Development"),
        ], place: Fault.Place(file: "bench"))
    }
    return DirectoryReading(kind: .snapshot, changes: changes)
  }

  /// Some twenty functions in three mappings, as an administrator of a large company might write them.
  static func twenty() throws -> Mapping {
    let texts = [
      "userName":
        #"ToLower(Replace(Trim(Coalesce([mail], [userPrincipalName])), " ", , , "", , ))"#,
      "displayName":
        #"Left(Join(" ", PCase(NormalizeDiacritics(Trim([givenName]))), ToUpper(Trim([surname])), "-", Left(Switch([department], "Other", "Sales", "S", "Research & Development", Append("R", "D")), 8)), 100)"#,
      "preferredLanguage":
        #"IIF(IsNullOrEmpty(Mid(Item(Split([mail], "@"), 2), 1, 4)), "en", ToLower(Left(Trim("EN-gb"), 2)))"#,
    ]
    var own: [AttributeMapping] = []
    for (target, text) in texts.sorted(by: { $0.key < $1.key }) {
      own.append(try AttributeMapping(to: target, from: try MappingExpression(text)))
    }
    return Mapping(own: own)
  }
}
