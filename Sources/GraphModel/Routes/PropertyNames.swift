/// The names of properties that a directory knows (Microsoft Graph reference, resource types user and group).
enum PropertyNames {
  private static let user: Set<String> = [
    "id", "accountEnabled", "ageGroup", "businessPhones", "city", "companyName", "consentProvidedForMinor", "country",
    "createdDateTime", "creationType", "deletedDateTime", "department", "displayName", "employeeHireDate", "employeeId",
    "employeeLeaveDateTime", "employeeOrgData", "employeeType", "externalUserState",
    "externalUserStateChangeDateTime", "faxNumber", "givenName", "identities", "imAddresses", "isResourceAccount",
    "jobTitle", "lastPasswordChangeDateTime", "mail", "mailNickname", "manager", "mobilePhone", "officeLocation",
    "onPremisesDistinguishedName", "onPremisesDomainName", "onPremisesExtensionAttributes", "onPremisesImmutableId",
    "onPremisesLastSyncDateTime", "onPremisesSamAccountName", "onPremisesSecurityIdentifier", "onPremisesSyncEnabled",
    "onPremisesUserPrincipalName", "otherMails", "postalCode", "preferredLanguage", "proxyAddresses",
    "securityIdentifier", "showInAddressList", "state", "streetAddress", "surname", "usageLocation",
    "userPrincipalName", "userType",
  ]
  private static let group: Set<String> = [
    "id", "classification", "createdDateTime", "deletedDateTime", "description", "displayName", "groupTypes",
    "isAssignableToRole", "mail", "mailEnabled", "mailNickname", "members", "membershipRule",
    "onPremisesSyncEnabled", "proxyAddresses", "securityEnabled", "securityIdentifier", "visibility",
  ]

  /// Directory extensions are known by their form: `extension_` and the application's id without dashes.
  static func knows(_ name: String, of kind: TenantObject.Kind) -> Bool {
    (kind == .user ? user : group).contains(name) || name.hasPrefix("extension_") || Selection.outside.contains(name)
  }
}
