import AsyncHTTPClient
import Base
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import SCIM

extension Failure {
  /// The failure behind an error of the HTTP client. Texts of errors are never taken over: some hold header values.
  init(_ error: any Error, answerBegan: Bool, isProxied: Bool) {
    let failure = Self.of(error, answerBegan)
    // Every connection is one to the proxy, where there is one.
    self = isProxied && !answerBegan ? Self.atProxy(failure) : failure
  }

  private static func of(_ error: any Error, _ answerBegan: Bool) -> Failure {
    let lost: Failure = answerBegan ? .truncated : .reset
    switch error {
    case let error as HTTPClientError: return of(error, lost)
    case let error as NIOConnectionError: return of(error)
    case let error as IOError: return of(error, lost)
    case is NIOTooManyBytesError: return .tooLarge
    case let error as Gzip.Failure: return of(error)
    case is HTTPParserError: return answerBegan ? .truncated : .malformed
    case ChannelError.connectTimeout: return .connectTimeout
    case is ChannelError: return lost
    case let error as NIOSSLError: return of(error, lost)
    // Raised for a certificate that does not fit the host, which ends the handshake.
    case is NIOSSLExtraError: return .certificate
    // Raised outside the handshake only: a broken record.
    case is BoringSSLError: return lost
    case is CancellationError: return .other("Cancelled")
    default: return .other(String(describing: type(of: error)))
    }
  }

  private static func of(_ error: Gzip.Failure) -> Failure {
    switch error {
    case .truncated: .truncated
    case .broken: .encoding
    case .tooLarge: .tooLarge
    }
  }

  private static func atProxy(_ failure: Failure) -> Failure {
    switch failure {
    case .nameResolution: .proxy(.name)
    case .refused, .unreachable: .proxy(.unreachable)
    case .connectTimeout: .proxy(.timeout)
    default: failure
    }
  }

  private static func of(_ error: HTTPClientError, _ lost: Failure) -> Failure {
    switch error {
    case .connectTimeout, .getConnectionFromPoolTimeout: .connectTimeout
    case .tlsHandshakeTimeout: .tls
    case .proxyAuthenticationRequired: .proxy(.credentials)
    case .invalidProxyResponse: .proxy(.refused)
    case .httpProxyHandshakeTimeout: .proxy(.timeout)
    case .deadlineExceeded, .readTimeout, .writeTimeout: .timeout
    case .remoteConnectionClosed, .uncleanShutdown, .requestStreamCancelled: lost
    case .alreadyShutdown: .notSent("the client is shut down")
    case .invalidURL, .emptyHost, .emptyScheme: .notSent("the URL is not valid")
    default: .other(error.shortDescription.filter { $0.isLetter })
    }
  }

  private static func of(_ error: NIOConnectionError) -> Failure {
    // One address that answers decides; a name may lack one of the two kinds of address.
    for failure in error.connectionErrors {
      if let error = failure.error as? IOError { return of(error, .unreachable) }
      if case .connectTimeout? = failure.error as? ChannelError { return .connectTimeout }
    }
    return error.dnsAError != nil || error.dnsAAAAError != nil ? .nameResolution : .unreachable
  }

  private static func of(_ error: IOError, _ lost: Failure) -> Failure {
    switch error.errnoCode {
    case ECONNREFUSED: .refused
    case ETIMEDOUT: lost == .unreachable ? .connectTimeout : .timeout
    case EHOSTUNREACH, ENETUNREACH, EHOSTDOWN, ENETDOWN: .unreachable
    default: lost
    }
  }

  private static func of(_ error: NIOSSLError, _ lost: Failure) -> Failure {
    switch error {
    // Only the reason's name tells a certificate that was looked at from a handshake that never got there.
    case .handshakeFailed(let reason):
      "\(reason)".contains("CERTIFICATE_VERIFY_FAILED") ? .certificate : .tls
    case .noCertificateToValidate, .unableToValidateCertificate, .cannotFindPeerIP, .cannotMatchULabel: .certificate
    default: lost
    }
  }
}
