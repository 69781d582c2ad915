public import Base
import Foundation

/// Which proxy stands between this machine and others, for https; a machine is never asked through one for itself.
public struct ProxyConfiguration: Equatable, Sendable {
  /// Where the proxy is named.
  public enum Choice: Equatable, Sendable {
    /// In the environment, by HTTPS_PROXY.
    case environment
    /// Nowhere: there is none, whatever the environment says.
    case none
    /// Here.
    case proxy(Proxy)
  }

  /// Where the proxy is named.
  public var choice = Choice.environment
  /// Who is reached without it, in the words of NO_PROXY; empty for what the environment's NO_PROXY says.
  public var noProxy: [String] = []
  /// Where the credentials are; nil for those in HTTPS_PROXY, or none.
  public var credentials: SecretSource?

  /// The defaults.
  public init() {}

  /// The proxy on the way to a host's port; nil when it is reached without. `environment` is this process's own unless it
  /// is given.
  ///
  /// Throws `FaultCode.proxyURL` for a variable that names none, and `FaultCode.proxyCredentialsMissing`.
  public func proxy(
    to host: String, port: Int, environment: [String: String]? = nil
  ) throws -> Proxy? {
    if Loopback.contains(host) { return nil }
    let environment = environment ?? ProcessInfo.processInfo.environment
    let exceptions =
      noProxy.isEmpty ? NoProxy(Self.value("NO_PROXY", environment)?.text ?? "") : NoProxy(noProxy)
    guard !exceptions.covers(host, port: port), var proxy = try named(environment) else { return nil }
    if let credentials { proxy.credentials = try credentials.proxyCredentials() }
    return proxy
  }

  /// Whether HTTP_PROXY is set and HTTPS_PROXY, which alone counts here, is not.
  public func isNamedForPlainOnly(environment: [String: String]? = nil) -> Bool {
    let environment = environment ?? ProcessInfo.processInfo.environment
    return choice == .environment && Self.value("HTTPS_PROXY", environment) == nil
      && Self.value("HTTP_PROXY", environment) != nil
  }

  private func named(_ environment: [String: String]) throws -> Proxy? {
    switch choice {
    case .none: return nil
    case .proxy(let proxy): return proxy
    case .environment:
      guard let (name, text) = Self.value("HTTPS_PROXY", environment) else { return nil }
      do throws(Proxy.Objection) { return try Proxy(text) } catch {
        throw Fault(
          .proxyURL, "The environment variable \(name) \(error); correct it, or set proxy.url in provledger.yaml.")
      }
    }
  }

  /// A variable by its name in lower case, else in upper case, as curl(1) looks for them; nil when it is not set or empty.
  private static func value(_ name: String, _ environment: [String: String]) -> (name: String, text: String)? {
    for name in [name.lowercased(), name] {
      if let text = environment[name]?.trimmingCharacters(in: .whitespaces), !text.isEmpty { return (name, text) }
    }
    return nil
  }
}

extension ProxyConfiguration {
  /// Reads `proxy`.
  init(_ mapping: MappingReader) {
    self.init()
    var reader = mapping
    let url = reader.text("url", default: "")
    switch url {
    case "": break
    case "none": choice = .none
    default:
      do throws(Proxy.Objection) { choice = .proxy(try Proxy(url)) } catch {
        reader.refuse("url", .url, "\(error)")
      }
      if case .proxy(let proxy) = choice, proxy.credentials != nil {
        reader.refuse(
          "url", .secret, "holds a password, which never stands here; name a variable or a file that holds it")
      }
    }
    noProxy = reader.list("noProxy")
    credentials = reader.secret("credentials")
    reader.finish()
  }
}

extension Configuration {
  /// How a host's port is reached from this machine, as this configuration and the environment say; `folder` is the
  /// ledger's. Throws the faults of the proxy's URL and credentials.
  public func route(to host: String, port: Int, folder: String) throws -> Route {
    try route(to: host, port: port, folder: folder, trusting: target.certificates)
  }

  /// As above, with the file of the authorities that are trusted beside the system's, absolute or in the folder.
  public func route(to host: String, port: Int, folder: String, trusting certificates: String?) throws -> Route {
    let file = certificates.map { $0.hasPrefix("/") ? $0 : "\(folder)/\($0)" }
    return Route(proxy: try proxy.proxy(to: host, port: port), certificates: file)
  }
}
