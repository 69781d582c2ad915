import HTTPTransport

/// How an application proves to Microsoft who it is. Secrets are read when a token is asked for, and kept nowhere.
public enum Credentials: Sendable {
  /// A client secret.
  case secret(@Sendable () throws -> String)
  /// A private key, whose certificate the application's registration has.
  case certificate(@Sendable () throws -> ClientCertificate)
  /// A token of another identity provider that the registration trusts (workload identity federation).
  case federated(@Sendable () throws -> String)
  /// What the machine in Azure is.
  case managed(ManagedIdentity)
}

/// The identity of a machine or service in Azure, and where it is asked for a token (Microsoft Entra, "How to use managed
/// identities for Azure resources on an Azure VM to acquire an access token"; Azure App Service, "Use managed
/// identities").
public struct ManagedIdentity: Equatable, Sendable {
  /// The endpoint of a virtual machine's metadata service.
  public static let metadata = "http://169.254.169.254/metadata/identity/oauth2/token"

  /// The whole URL of the endpoint.
  public var endpoint: String
  /// The header value that App Service and its like want to see; nil for a virtual machine.
  public var header: String?
  /// The client id of a user-assigned identity; nil for the system-assigned one.
  public var client: String?

  /// An identity.
  public init(endpoint: String = metadata, header: String? = nil, client: String? = nil) {
    self.endpoint = endpoint
    self.header = header
    self.client = client
  }
}
