import Base
import Provisioning

/// The properties of users in Microsoft Graph (Microsoft Graph REST API v1.0, resource type "user").
enum GraphProperty {
  /// Those whose changes a delta query reports.
  static let tracked: Set<String> = [
    "accountEnabled", "ageGroup", "assignedLicenses", "assignedPlans", "authorizationInfo", "businessPhones", "city",
    "companyName", "consentProvidedForMinor", "country", "createdDateTime", "creationType", "customSecurityAttributes",
    "deletedDateTime", "department", "displayName", "employeeHireDate", "employeeId", "employeeLeaveDateTime",
    "employeeOrgData", "employeeType", "externalUserState", "externalUserStateChangeDateTime", "faxNumber", "givenName",
    "id", "identities", "imAddresses", "isManagementRestricted", "isResourceAccount", "jobTitle",
    "lastPasswordChangeDateTime", "legalAgeGroupClassification", "licenseAssignmentStates", "mail", "mailNickname",
    "manager", "mobilePhone", "officeLocation", "onPremisesDistinguishedName", "onPremisesDomainName",
    "onPremisesExtensionAttributes", "onPremisesImmutableId", "onPremisesLastSyncDateTime",
    "onPremisesProvisioningErrors", "onPremisesSamAccountName", "onPremisesSecurityIdentifier",
    "onPremisesSyncEnabled", "onPremisesUserPrincipalName", "otherMails", "passwordPolicies", "passwordProfile",
    "postalCode", "preferredDataLocation", "preferredLanguage", "provisionedPlans", "proxyAddresses",
    "securityIdentifier", "serviceProvisioningErrors", "showInAddressList", "signInSessionsValidFromDateTime", "state",
    "streetAddress", "surname", "usageLocation", "userPrincipalName", "userType",
  ]

  /// Those that are kept elsewhere than in the directory, or are navigation properties: a delta query does not report
  /// their changes (Microsoft Graph, "Use delta query to track changes", section "Limitations").
  static let untracked: Set<String> = [
    "aboutMe", "birthday", "deviceEnrollmentLimit", "directReports", "hireDate", "interests", "licenseDetails",
    "mailboxSettings", "memberOf", "mySite", "ownedObjects", "pastProjects", "photo", "photos", "preferredName",
    "print",
    "responsibilities", "schools", "signInActivity", "skills", "transitiveMemberOf",
  ]

  /// Those that hold objects, of which no mapping or filter makes a text.
  static let objects: Set<String> = [
    "assignedLicenses", "assignedPlans", "authorizationInfo", "customSecurityAttributes", "employeeOrgData",
    "identities",
    "licenseAssignmentStates", "onPremisesExtensionAttributes", "onPremisesProvisioningErrors", "passwordProfile",
    "provisionedPlans", "serviceProvisioningErrors",
  ]

  /// Those that are booleans; no other one is.
  static let booleans: Set<String> = [
    "accountEnabled", "isManagementRestricted", "isResourceAccount", "onPremisesSyncEnabled", "showInAddressList",
  ]

  /// What names of directory extensions begin with.
  static let extensionStart = "extension_"

  /// Whether a name is that of a directory extension: `extension_`, the application's id without dashes, `_` and a name.
  static func isDirectoryExtension(_ name: String) -> Bool {
    guard name.hasPrefix(extensionStart), isName(name) else { return false }
    let rest = name.dropFirst(extensionStart.count)
    let parts = rest.split(separator: "_", maxSplits: 1, omittingEmptySubsequences: false)
    return parts.count == 2 && parts[0].count == 32 && parts[0].allSatisfy(\.isHexDigit) && !parts[1].isEmpty
  }

  /// Letters, digits and `_`: an extension's name has them too (Microsoft Graph, "Add custom data to resources by using extensions").
  static func isName(_ name: String) -> Bool {
    (1...256).contains(name.utf8.count)
      && name.unicodeScalars.allSatisfy {
        $0.isASCII && ($0 == "_" || $0.properties.isAlphabetic || $0.properties.numericType != nil)
      }
  }
}

extension ConfigurationFindings {
  /// What is wrong with a source attribute of a tenant's users, in words that follow its name; nil where nothing is, and
  /// where no tenant is read: a file may carry any attribute.
  func objection(toSource name: String) -> (kind: ConfigurationFinding.Kind, words: String)? {
    if source == .file { return nil }
    let stored = SourceAttribute.stored(name).rawValue
    if GraphProperty.untracked.contains(stored) {
      return (.untrackedAttribute, "whose changes Microsoft Graph does not report; leave it out")
    }
    if GraphProperty.objects.contains(stored) {
      return (.unknownAttribute, "which holds objects and no text; leave it out")
    }
    let isKnown =
      GraphProperty.tracked.contains(stored) || SourceAttribute.isExtension(name)
      || SourceAttribute.property(DirectoryAttribute(rawValue: stored)) == nil
      || GraphProperty.isDirectoryExtension(name)
      // Schema extensions have names of the customer's own.
      || name.contains("_") && !name.hasPrefix(GraphProperty.extensionStart) && GraphProperty.isName(name)
    if isKnown { return nil }
    if name.hasPrefix(GraphProperty.extensionStart) {
      return (.unknownAttribute, "which is no extension; write extension_<application id without dashes>_<name>")
    }
    let portal = GraphProperty.tracked.flatMap { SourceAttribute.portalNames(of: DirectoryAttribute(rawValue: $0)) }
    let nearest = Suggestion.nearest(to: name, among: GraphProperty.tracked.union(portal))
    // A file's attribute may have any name, but hardly one that Graph has in another case.
    if source == .unknown, nearest?.lowercased() != name.lowercased() { return nil }
    let way = nearest.map { "write `\($0)` if that is meant" } ?? "see Microsoft Graph's resource type \"user\""
    return (.unknownAttribute, "which is no property of users; \(way)")
  }

  /// Why a clause says nothing of a tenant's users; nil where it may, and where no tenant is read.
  func objection(to clause: ScopingClause) -> String? {
    let stored = SourceAttribute.stored(clause.attribute).rawValue
    guard source != .file, GraphProperty.tracked.contains(stored) else { return nil }
    return clause.objection(ofBoolean: GraphProperty.booleans.contains(stored))
  }
}
