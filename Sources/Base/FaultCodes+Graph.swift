/// What reading Entra ID through Microsoft Graph meets.
extension FaultCode {
  // MARK: PL-12..: Microsoft Graph.

  /// An address of Microsoft is malformed, or plain http to another machine.
  public static let graphURL = FaultCode("1201", .configuration, "an address of Microsoft is not allowed")
  /// The sign-in service knows no such tenant.
  public static let graphTenant = FaultCode("1202", .configuration, "there is no such tenant")
  /// The tenant has no such application.
  public static let graphClient = FaultCode("1203", .configuration, "the tenant has no such application")
  /// The client secret is another one.
  public static let graphSecret = FaultCode("1204", .credentials, "the client secret is wrong")
  /// The client secret has expired.
  public static let graphSecretExpired = FaultCode("1205", .credentials, "the client secret has expired")
  /// The registration does not know the certificate, or no federated credential fits.
  public static let graphCertificate = FaultCode("1206", .credentials, "the certificate or federated token is refused")
  /// What is to prove who the application is cannot be read.
  public static let graphCredentials = FaultCode("1207", .credentials, "the credentials for Microsoft cannot be used")
  /// No token is given, for another reason.
  public static let graphSignIn = FaultCode("1208", .credentials, "Microsoft gives no token")
  /// The application lacks a permission, or nobody consented to it.
  public static let graphConsent = FaultCode("1209", .credentials, "a permission or its admin consent is missing")
  /// The tenant has no such service principal.
  public static let graphPrincipal = FaultCode("1210", .configuration, "the tenant has no such service principal")
  /// Microsoft cannot be reached.
  public static let graphUnreachable = FaultCode("1211", .unreachable, "Microsoft cannot be reached")
  /// No TLS connection that can be trusted.
  public static let graphTLS = FaultCode("1212", .unreachable, "no TLS connection to Microsoft")
  /// The service has a fault of its own, or keeps having one.
  public static let graphFault = FaultCode("1213", .unreachable, "Microsoft has a fault of its own")
  /// The service asks for a slower pace, for longer than is waited.
  public static let graphThrottled = FaultCode("1214", .busy, "Microsoft asks for a slower pace")
  /// An answer that is none of Microsoft Graph's, or not whole.
  public static let graphAnswer = FaultCode("1215", .unreachable, "an answer of Microsoft cannot be used")
  /// A link leads to a host to which no token is sent.
  public static let graphLink = FaultCode("1216", .unreachable, "a link leads to another host")
  /// The request is not one that Graph takes, such as for an attribute that it does not know.
  public static let graphRequest = FaultCode("1217", .configuration, "Microsoft Graph refuses the request")
  /// The configuration says nothing of Microsoft Graph.
  public static let graphMissing = FaultCode("1218", .configuration, "no Entra ID is configured")
}
