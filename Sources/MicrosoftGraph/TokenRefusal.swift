import Base
import JSON
import SCIM

/// Why a token endpoint gives no token, by its number (Microsoft identity platform, "Microsoft Entra authentication and
/// authorization error codes"): its texts hold names and ids, and are not taken over.
struct TokenRefusal {
  private let response: SCIMResponse
  private let numbers: [Int]

  init(_ response: SCIMResponse) {
    self.response = response
    numbers = response.json?["error_codes"]?.array?.compactMap(\.integer) ?? Self.named(in: response)
  }

  /// The number in `error_description`, where there is no list: `AADSTS700016: …`.
  private static func named(in response: SCIMResponse) -> [Int] {
    guard let text = response.json?["error_description"]?.string, text.hasPrefix("AADSTS") else { return [] }
    return Int(text.dropFirst(6).prefix { $0.isNumber }).map { [$0] } ?? []
  }

  /// What a person reads.
  func fault(_ application: Application, _ diagnosis: GraphDiagnosis) -> Fault {
    for number in numbers { if let fault = Self.fault(number, application) { return fault } }
    if numbers.isEmpty, response.json?["error"] == nil { return diagnosis.fault(of: .response(response)) }
    let word =
      numbers.first.map { "AADSTS\($0)" } ?? response.json?["error"]?.string.map { "\"\(OutsideText.cleaned($0))\"" }
      ?? "no reason"
    return Fault(
      .graphSignIn,
      "Microsoft gives no token to the application \(application.client) (\(word)). Look the number up at "
        + "https://login.microsoftonline.com/error, and correct graph.credentials or the registration.")
  }

  private static func fault(_ number: Int, _ application: Application) -> Fault? {
    let client = application.client
    return switch number {
    case 90002, 900023, 900021:
      Fault(
        .graphTenant,
        "There is no tenant \(application.tenant) (AADSTS\(number)). Set graph.tenant to the directory (tenant) id, and "
          + "graph.authority for a national cloud.")
    case 700016:
      Fault(
        .graphClient,
        "The tenant has no application \(client) (AADSTS700016). Set graph.client to the application (client) id of the "
          + "registration in this tenant.")
    case 7_000_112:
      Fault(
        .graphClient,
        "The application \(client) is disabled in the tenant (AADSTS7000112). Enable users to sign in to it in its "
          + "enterprise application, or register another one.")
    case 7_000_229:
      Fault(
        .graphClient,
        "The application \(client) has no service principal in the tenant (AADSTS7000229). Grant it admin consent there, "
          + "which makes one.")
    case 500_011:
      Fault(
        .graphURL,
        "The tenant \(application.tenant) knows no service at the host of graph.url (AADSTS500011). Correct graph.url and "
          + "graph.authority: both are of one cloud.")
    case 65001:
      Fault(
        .graphConsent,
        "Nobody has consented to the permissions of \(client) (AADSTS65001). Grant admin consent to its application "
          + "permissions.")
    case 7_000_215:
      Fault(
        .graphSecret,
        "The client secret of \(client) is wrong (AADSTS7000215). Set the secret's value, not its id, where "
          + "graph.credentials says it is.")
    case 7_000_222:
      Fault(
        .graphSecretExpired,
        "The client secret of \(client) has expired (AADSTS7000222). Make a new one, or use a certificate.")
    case 700027, 700030:
      Fault(
        .graphCertificate,
        "The certificate of \(client) is not one of its registration, or not valid now (AADSTS\(number)). Upload it "
          + "there, or name the file with the right one.")
    case 70021, 700211, 700212, 700213, 700238:
      Fault(
        .graphCertificate,
        "No federated credential of \(client) fits the token (AADSTS\(number)). Compare issuer, subject and audience in "
          + "the registration.")
    default: nil
    }
  }
}
