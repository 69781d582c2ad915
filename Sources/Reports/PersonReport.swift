import Base
public import JSON
public import Provisioning

/// What `user list` and `user show` say of one person.
extension Person {
  /// How the directory holds the person, in one word. Of who was erased nobody knows whether they could sign in, and whom no
  /// source owns any more is not read.
  public var directoryWord: String {
    guard state == .present else { return state.rawValue }
    if erasure != nil { return "present" }
    if source == nil { return "detached" }
    return isActiveInSource ? "enabled" : "disabled"
  }

  // MARK: In words

  /// Names of things about the person, and what they are; what is not so is left out, and of the past what to do about it.
  public func rows(isPast: Bool = false) -> [[String]] {
    let user = user
    return [
      ["alias", alias], ["object id", user?.id ?? "-"], ["sign-in name", user?[.userPrincipalName] ?? "-"],
      ["name", user?[.displayName] ?? "-"], ["directory", directoryWord], ["status", PersonStatus(self).rawValue],
    ] + obligationRows + decisionRows(isPast) + accountRows(isPast)
  }

  private var obligationRows: [[String]] {
    var rows: [[String]] = []
    if let erasure {
      let event = "on \(erasure.time) (event \(erasure.position))"
      rows.append(["erased", "\(event), reason \(erasure.reason.code); no value is left"])
    }
    if let hold = legalHold {
      let reason = hold.reason.map { ": \($0)" } ?? ""
      rows.append(["legal hold", "since \(hold.time) (event \(hold.position))\(reason)"])
    }
    return rows
  }

  private func decisionRows(_ isPast: Bool) -> [[String]] {
    var rows: [[String]] = []
    if let decision {
      let why = Explanation.of(decision)
      rows.append(["decided", "\(decision.action.rawValue): \(why) (event \(decisionPosition))"])
      let remedy = isPast ? nil : Explanation.remedy(decision.action, decision.reason)
      if let remedy { rows.append(["to do", remedy]) }
    }
    if let desired { rows.append(["desired", Self.words(desired.userName, desired.displayName, desired.active)]) }
    return rows
  }

  private func accountRows(_ isPast: Bool) -> [[String]] {
    var rows: [[String]] = []
    if let seen = account.believed {
      let words = Self.words(seen.userName, seen.displayName, seen.active)
      rows.append(["TeamViewer", "\(seen.id): \(account.drift == .missing ? "missing; it was " : "")\(words)"])
    }
    if let address = account.requestedUserName { rows.append(["unconfirmed", "the address \(address)"]) }
    if account.isVerified { rows.append(["verified", "a read showed that the account is inactive or gone"]) }
    if let parked = account.parked {
      let (meaning, remedy) = Explanation.of(parked.reason)
      let wayOut = isPast ? "" : ". \(remedy)"
      rows.append(["parked", "\(meaning), since \(parked.since), tried again at \(parked.retry)\(wayOut)"])
    }
    return rows
  }

  private static func words(_ userName: String, _ displayName: String, _ isActive: Bool) -> String {
    "\(userName), \"\(displayName)\", \(isActive ? "active" : "inactive")"
  }

  // MARK: As JSON

  /// As a JSON object; what is not so is `null`.
  public var summary: JSONValue {
    var object = JSONObject()
    object["alias"] = .string(alias)
    object["status"] = .string(PersonStatus(self).rawValue)
    object["directory"] = directoryJSON
    object["decision"] = decisionJSON
    object["desired"] = desired?.json ?? .null
    object["believed"] = account.believed?.json ?? .null
    object["drift"] = JSONValue(orNull: account.drift?.rawValue)
    object["unconfirmedUserName"] = JSONValue(orNull: account.requestedUserName)
    object["verified"] = .bool(account.isVerified)
    object["legalHold"] = legalHold?.json ?? .null
    object["erased"] = erasure?.json ?? .null
    object["parked"] = account.parked?.summary ?? .null
    return .object(object)
  }

  private var directoryJSON: JSONValue {
    [
      "state": .string(state.rawValue), "id": JSONValue(orNull: user?.id),
      "enabled": user.map { .bool($0.isEnabled) } ?? .null,
      "userPrincipalName": JSONValue(orNull: user?[.userPrincipalName]),
      "displayName": JSONValue(orNull: user?[.displayName]), "mail": JSONValue(orNull: user?[.mail]),
    ]
  }

  private var decisionJSON: JSONValue {
    guard let decision else { return .null }
    return [
      "position": .string(String(decisionPosition)), "action": .string(decision.action.rawValue),
      "reason": .string(decision.reason.rawValue), "safeguard": JSONValue(orNull: decision.safeguard),
    ]
  }

  /// What `legal-hold list` says of whoever is under one, as a JSON object.
  public var legalHoldJSON: JSONValue {
    [
      "alias": .string(alias), "userPrincipalName": JSONValue(orNull: user?[.userPrincipalName]),
      "since": JSONValue(orNull: legalHold?.time.description), "reason": JSONValue(orNull: legalHold?.reason),
      "position": JSONValue(orNull: legalHold.map { String($0.position) }),
    ]
  }
}

extension LegalHold {
  fileprivate var json: JSONValue {
    ["since": .string(time.description), "position": .string(String(position)), "reason": JSONValue(orNull: reason)]
  }
}

extension DeliveryParked {
  fileprivate var summary: JSONValue {
    [
      "reason": .string(reason.rawValue), "since": .string(since.description), "retry": .string(retry.description),
      "detail": JSONValue(orNull: detail),
    ]
  }
}
