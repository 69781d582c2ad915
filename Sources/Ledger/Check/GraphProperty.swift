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
    guard readsTenant else { return nil }
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
      // Directory and schema extensions have names of the customer's own.
      || name.contains("_") && GraphProperty.isName(name)
    if isKnown { return nil }
    let portal = GraphProperty.tracked.flatMap { SourceAttribute.portalNames(of: DirectoryAttribute(rawValue: $0)) }
    let nearest = Suggestion.nearest(to: name, among: GraphProperty.tracked.union(portal))
    let way = nearest.map { "write `\($0)` if that is meant" } ?? "see Microsoft Graph's resource type \"user\""
    return (.unknownAttribute, "which is no property of users; \(way)")
  }
}
