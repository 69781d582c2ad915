import Base
import JSON

/// What a directory holds of a person beyond what an export shows.
extension Company {
  private static let places = [("DE", "de-DE"), ("FR", "fr-FR"), ("GB", "en-GB"), ("US", "en-US"), ("JP", "ja-JP")]

  /// The name of the directory extension that holds the cost center.
  public static let costCenter = "extension_5e3ce6c02b1f4285a4b75ee78787346a_costCenter"

  /// All properties of a person's user object but its id.
  func properties(_ person: Person) -> JSONObject {
    var object = object(person).object ?? JSONObject()
    object["id"] = nil
    let (country, language) = Self.places[person.culture % Self.places.count]
    let digits = person.id.prefix(8).uppercased()
    object["mailNickname"] = .string(String(person.userPrincipalName.prefix { $0 != "@" }))
    object["employeeId"] = .string("E\(digits)")
    object["companyName"] = "Contoso"
    (object["country"], object["usageLocation"]) = (.string(country), .string(country))
    object["preferredLanguage"] = .string(language)
    object["businessPhones"] = [.string("+1 555 01\(digits.utf8.reduce(0) { $0 + Int($1) } % 90 + 10)")]
    object["proxyAddresses"] = .array(person.mail.map { [.string("SMTP:\($0)")] } ?? [])
    object["onPremisesExtensionAttributes"] = ["extensionAttribute1": .string(String(digits.prefix(2)))]
    object[Self.costCenter] = .string("CC-\(person.department.prefix(3).uppercased())")
    return object
  }
}

extension AppRegistration {
  /// What reading a directory needs at least.
  public static let readingPermissions: Set<String> = [
    "User.Read.All", "GroupMember.Read.All", "Application.Read.All", "Organization.Read.All",
  ]
}
