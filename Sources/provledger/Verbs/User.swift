public import ArgumentParser
import Base
import JSON
import Ledger
import Provisioning
import Reports
import Views

extension PersonStatus: ExpressibleByArgument {}

/// `provledger user`
struct User: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "People: list, show, history.", subcommands: [List.self, Show.self, History.self])

  /// `provledger user list`
  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List people and how they stand.",
      discussion: """
        Examples:
          provledger user list
          provledger user list --status parked --json
        """)

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var output: FormatOptions
    @Option(help: "Only people with one status.")
    var status: PersonStatus?

    func run() throws {
      let ledger = try ledger.open()
      try ledger.views.catchUp()
      let people = try ledger.views.people().people
        .filter { status == nil || PersonStatus($0) == status }
        .sorted { ($0.user?[.userPrincipalName] ?? "", $0.alias) < ($1.user?[.userPrincipalName] ?? "", $1.alias) }
      if output.json { return people.forEach { Output.json($0.summary) } }
      Output.table(
        ["USER PRINCIPAL NAME", "NAME", "DIRECTORY", "TEAMVIEWER", "STATUS"],
        people.map { person in
          [
            person.user?[.userPrincipalName] ?? (person.erasure == nil ? "-" : person.alias),
            person.user?[.displayName] ?? "-", person.directoryWord, person.account.believed?.id ?? "-",
            PersonStatus(person).rawValue,
          ]
        })
    }
  }

  /// `provledger user show`
  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show one person: directory, decision, TeamViewer.",
      discussion: """
        Example:
          provledger user show ada@contoso.com
        """)

    @OptionGroup var person: PersonOptions

    func run() throws {
      let (person, _) = try self.person.find()
      if self.person.output.json { return Output.json(person.summary) }
      let account = person.account
      var rows = [
        ["alias", person.alias], ["object id", person.user?.id ?? "-"],
        ["sign-in name", person.user?[.userPrincipalName] ?? "-"], ["name", person.user?[.displayName] ?? "-"],
        ["directory", person.directoryWord], ["status", PersonStatus(person).rawValue],
      ]
      if let erasure = person.erasure {
        rows.append([
          "erased", "on \(erasure.time) (event \(erasure.position)), reason \(erasure.reason.code); no value is left",
        ])
      }
      if let hold = person.hold {
        rows.append([
          "legal hold", "since \(hold.time) (event \(hold.position))\(hold.reason.map { ": \($0)" } ?? "")",
        ])
      }
      if let decision = person.decision {
        rows.append([
          "decided",
          "\(decision.action.rawValue): \(Explanation.of(decision.action, decision.reason)) (event \(person.decisionPosition))",
        ])
        if let remedy = Explanation.remedy(decision.action, decision.reason) { rows.append(["to do", remedy]) }
      }
      if let desired = person.desired {
        rows.append([
          "desired", "\(desired.userName), \"\(desired.displayName)\", \(desired.active ? "active" : "inactive")",
        ])
      }
      if let believed = account.believed {
        rows.append([
          "TeamViewer",
          "\(believed.id): \(believed.userName), \"\(believed.displayName)\", \(believed.active ? "active" : "inactive")",
        ])
      }
      if let address = account.requestedUserName { rows.append(["unconfirmed", "the address \(address)"]) }
      if account.isVerified { rows.append(["verified", "a read showed that the account is inactive or gone"]) }
      if let parked = account.parked {
        let (meaning, remedy) = Explanation.of(parked.reason)
        rows.append(["parked", "\(meaning), since \(parked.since), tried again at \(parked.retry). \(remedy)"])
      }
      Output.rows(rows)
    }
  }

  /// `provledger user history`
  struct History: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List all events of one person.",
      discussion: """
        Example:
          provledger user history ada@contoso.com --json
        """)

    @OptionGroup var person: PersonOptions

    func run() throws {
      let (person, ledger) = try self.person.find()
      let lines = try Story.of(person.alias, log: ledger.log, codec: ledger.codec)
      if self.person.output.json { return lines.forEach { Output.json($0.json) } }
      Output.table(
        ["POSITION", "TIME", "EVENT", "WHAT"],
        lines.map { [String($0.position), $0.time.description, $0.type, $0.sentence] })
    }
  }
}

extension Person {
  /// How the directory holds the person, in one word.
  var directoryWord: String { state == .present ? (isActiveInSource ? "enabled" : "disabled") : state.rawValue }

  /// What `user list` and `user show` print as JSON.
  var summary: JSONValue {
    func text(_ value: String?) -> JSONValue { value.map(JSONValue.string) ?? .null }
    var object = JSONObject()
    object["alias"] = .string(alias)
    object["status"] = .string(PersonStatus(self).rawValue)
    object["directory"] = [
      "state": .string(state.rawValue), "id": text(user?.id), "enabled": .bool(user?.isEnabled ?? false),
      "userPrincipalName": text(user?[.userPrincipalName]), "displayName": text(user?[.displayName]),
      "mail": text(user?[.mail]),
    ]
    object["decision"] =
      decision.map { decision in
        [
          "position": .string(String(decisionPosition)), "action": .string(decision.action.rawValue),
          "reason": .string(decision.reason.rawValue), "safeguard": text(decision.safeguard),
        ]
      } ?? .null
    object["desired"] = desired?.json ?? .null
    object["believed"] = account.believed?.json ?? .null
    object["unconfirmedUserName"] = text(account.requestedUserName)
    object["verified"] = .bool(account.isVerified)
    object["legalHold"] =
      hold.map { hold in
        [
          "since": .string(hold.time.description), "position": .string(String(hold.position)),
          "reason": text(hold.reason),
        ]
      } ?? .null
    object["erased"] = erasure?.json ?? .null
    object["parked"] =
      account.parked.map { parked in
        [
          "reason": .string(parked.reason.rawValue), "since": .string(parked.since.description),
          "retry": .string(parked.retry.description), "detail": text(parked.detail),
        ]
      } ?? .null
    return .object(object)
  }
}
