/// The schema URNs of RFC 7643 section 10 and RFC 7644 section 8.2, and TeamViewer's own.
public enum SchemaURN {
  /// The User resource (RFC 7643 section 4.1).
  public static let user = "urn:ietf:params:scim:schemas:core:2.0:User"
  /// The Group resource (RFC 7643 section 4.2).
  public static let group = "urn:ietf:params:scim:schemas:core:2.0:Group"
  /// The enterprise extension of a User (RFC 7643 section 4.3).
  public static let enterpriseUser = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
  /// The answer to a query (RFC 7644 section 3.4.2).
  public static let listResponse = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
  /// An error (RFC 7644 section 3.12).
  public static let error = "urn:ietf:params:scim:api:messages:2.0:Error"
  /// A PATCH request (RFC 7644 section 3.5.2).
  public static let patchOp = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
  /// The URN of a PATCH request in the sample of TeamViewer's SCIM page, which contradicts its text.
  public static let legacyPatchOp = "urn:ietf:params:scim:schemas:core:2.0:PatchOp"
  /// TeamViewer's extension of a User with the customer identifier for single sign-on (its SCIM page).
  public static let ssoUser = "urn:ietf:params:scim:schemas:extension:teamviewer:1.0:SsoUser"
}
