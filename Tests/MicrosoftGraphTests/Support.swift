import Base
import HTTPTransport
import JSON
import MicrosoftGraph
import NetworkSupport
import SCIM
import Synchronization

/// The secret of all tests; it must never be seen in an error.
let secret = "secret+&=%7f3c9b21e0"

/// Tokens begin with this; nor must they.
let tokenWord = "token-4be1"

/// A clock that only waiting moves.
final class TestTime: Sendable {
  private let state = Mutex<(now: Timestamp, pauses: [Duration])>(
    (Timestamp(milliseconds: 1_790_000_000_000), []))

  var now: Timestamp { state.withLock { $0.now } }
  var pauses: [Duration] { state.withLock { $0.pauses } }

  func pass(_ span: Duration) { state.withLock { $0.now = $0.now + span } }

  var waiting: Waiting {
    Waiting(
      now: { self.now },
      sleep: { span in
        self.state.withLock {
          $0.now = $0.now + span
          $0.pauses.append(span)
        }
      }, draw: { 0.5 })
  }
}

/// Microsoft as a script: tokens are numbered, Graph answers by path and query.
final class Script: Sendable {
  typealias Answer = ScriptedServer.Answer
  typealias Request = ScriptedServer.Request

  private let tokens = Mutex(0)
  private let graph: @Sendable (Request, Int) -> Answer
  private let signIn: (@Sendable (Request, Int) -> Answer)?
  private let asked = Mutex(0)

  /// `graph` is given each request to Graph and how many came before it; `signIn` those to the token endpoint.
  init(
    signIn: (@Sendable (Request, Int) -> Answer)? = nil, graph: @escaping @Sendable (Request, Int) -> Answer
  ) {
    self.graph = graph
    self.signIn = signIn
  }

  static let tokenPath = "/contoso/oauth2/v2.0/token"

  func answer(_ request: Request) -> Answer {
    if request.target.hasPrefix("/v1.0/") { return graph(request, next(asked)) }
    let number = next(tokens)
    return signIn?(request, number) ?? Self.token(number)
  }

  private func next(_ counter: borrowing Mutex<Int>) -> Int {
    counter.withLock { count in
      defer { count += 1 }
      return count
    }
  }

  static func token(_ number: Int, seconds: Int = 3599) -> Answer {
    Answer(200, #"{"token_type":"Bearer","expires_in":\#(seconds),"access_token":"\#(tokenWord)-\#(number)"}"#)
  }

  static func error(
    _ status: Int, _ code: String, _ message: String = "Ada Lovelace", _ headers: [String: String] = [:]
  )
    -> Answer
  {
    Answer(
      status, #"{"error":{"code":"\#(code)","message":"\#(message)","innerError":{"request-id":"1"}}}"#,
      headers: headers)
  }

  static func refusal(_ status: Int, _ error: String, _ number: Int) -> Answer {
    Answer(
      status,
      #"{"error":"\#(error)","error_description":"AADSTS\#(number): Ada","error_codes":[\#(number)],"trace_id":"1"}"#)
  }
}

/// A source that reads from a script, and the server that stands for Microsoft.
func withSource<Result: Sendable>(
  _ script: Script, time: TestTime = TestTime(), attributes: [String] = [],
  credentials: @escaping @Sendable (Int) -> Credentials = { _ in .secret { secret } },
  _ body: @Sendable @escaping (GraphSource, ScriptedServer, String) async throws -> Result
) async throws -> Result {
  try await ScriptedServer.serving(script.answer) { server, port in
    let origin = "http://127.0.0.1:\(port)"
    let transport = try Transport(.init())
    let source = try source(origin, transport, time, attributes, credentials(port))
    do {
      let result = try await body(source, server, origin)
      await transport.shutdown()
      return result
    } catch {
      await transport.shutdown()
      throw error
    }
  }
}

private func source(
  _ origin: String, _ transport: Transport, _ time: TestTime, _ attributes: [String], _ credentials: Credentials
) throws -> GraphSource {
  let url = try ServiceURL(checking: "\(origin)/v1.0")
  let application = Application(
    tenant: "contoso", client: "app-1", authority: try ServiceURL(checking: origin), resource: origin)
  let persistence = Persistence(transport, time.waiting)
  let diagnosis = GraphDiagnosis(url)
  let tokens = AccessTokens(application, by: credentials, over: persistence, time.waiting, diagnosis: diagnosis)
  return GraphSource(
    GraphClient(
      url, client: "app-1", principal: "app-2", tokens: tokens, over: persistence, diagnosis: diagnosis,
      newID: { "request-id" }), selecting: attributes)
}

/// A user as Graph shows one.
func user(_ number: Int, _ more: String = "") -> String {
  #"{"id":"id-\#(number)","userPrincipalName":"user\#(number)@contoso.example","accountEnabled":true\#(more)}"#
}

/// A page of users.
func page(_ users: [String], next: String? = nil, delta: String? = nil) -> Script.Answer {
  let links =
    (next.map { #","@odata.nextLink":"\#($0)""# } ?? "") + (delta.map { #","@odata.deltaLink":"\#($0)""# } ?? "")
  return Script.Answer(
    200, #"{"@odata.context":"https://x/v1.0/$metadata#users(id)"\#(links),"value":[\#(users.joined(separator: ","))]}"#
  )
}
