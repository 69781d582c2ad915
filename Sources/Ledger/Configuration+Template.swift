import Base
import Provisioning

extension Configuration {
  /// The text that `init` writes: every key with its default and what it is for.
  static func template(origin: String, url: String, token: SecretSource, master: SecretSource = .file(masterKeyFile))
    -> String
  {
    func place(_ source: SecretSource) -> String {
      switch source {
      case .environment(let name): "environment: \(quoted(name))"
      case .file(let path): "file: \(quoted(path))"
      }
    }
    return """
      # The configuration of one ledger. Every change is recorded in the log when it is first used.

      # The name of this log; every entry carries it. Do not change it later.
      origin: \(quoted(origin))

      # TeamViewer's SCIM endpoint, and where its script token is found. The token itself never stands here.
      target:
        url: \(quoted(url))
        token:
          \(place(token))
        # Calls under way at once, at most (1 to 64).
        concurrency: 8
        # Seconds for a connection, for the first byte of an answer, and for a whole call (1 to 600 each).
        connectTimeout: 10
        firstByteTimeout: 30
        timeout: 60
        # A file (PEM) of authorities that are trusted beside the system's, such as that of an inspecting proxy.
        certificates: ""
        # teamviewer, or rfc7644 for another SCIM server: one that keeps `emails` apart from `userName`.
        profile: teamviewer
        # Changes as patch (the changed attributes) or put (the whole account). A target that refuses PATCH gets PUT.
        update: patch
        # Calls that are allowed in a window of time, never exceeded, such as
        # - {name: creates, calls: "POST /Users", limit: 5000, hours: 24}
        quotas: []
        # TeamViewer is compared with the log every so many hours (0: only on request), and what differs is a matter
        # of report, or of repair.
        reconcileHours: 24
        drift: report

      # The Entra ID tenant that `cycle run` reads through Microsoft Graph; empty: none, exports are imported.
      graph:
        # The directory (tenant) id or a domain, and the application (client) id of the registration.
        tenant: ""
        client: ""
        # One of: a client secret; a PEM file with key and certificate; a file with a federated token; a managed identity
        # (system, or a client id). None of them ever stands here.
        credentials:
          secret:
            environment: ""
            file: ""
          certificate: ""
          federatedTokenFile: ""
          managedIdentity: ""
          identityEndpoint: ""
        # The application id of the enterprise application to which people are assigned; empty: the client's.
        servicePrincipal: ""
        # Microsoft's addresses, which differ in national clouds, and a file (PEM) of authorities to trust beside the system's.
        authority: https://login.microsoftonline.com
        url: https://graph.microsoft.com/v1.0
        certificates: ""
        # Properties to read beside those that always are, such as [department, employeeId].
        select: []

      # When `serve` runs cycles: so many minutes from one to the next, and between two looks for leavers (0: none), and a
      # folder from which whole exports are taken; empty: none.
      cycles:
        everyMinutes: 40
        leaversEveryMinutes: 5
        folder: ""

      # Receivers to which `serve` sends events as they come, as CEF over syslog, such as
      # - {name: siem, to: "tls://siem.example:6514", certificates: siem.pem, privacy: clear}
      feeds: []

      # The proxy on the way to other machines, such as http://proxy.example:3128. Empty: what HTTPS_PROXY and NO_PROXY
      # of the environment say; none: no proxy, whatever they say.
      proxy:
        url: ""
        # Who is reached without it: names with all below them, addresses, networks such as 10.0.0.0/8, or "*".
        noProxy: []
        # Where its credentials are found (user:password). They never stand here.
        credentials:
          environment: ""
          file: ""

      # When deliveries rest.
      delivery:
        # Times in UTC in which no call leaves, such as {days: [saturday], from: "22:00", to: "02:00"}
        # or {from: 2026-03-01T22:00:00Z, to: 2026-03-02T04:00:00Z}
        maintenance: []
        # After so many faults in a row only single probes leave until one goes well.
        breaker:
          faults: 5
        # Silence is an alarm when work is pending and no call went well for so many minutes.
        silenceMinutes: 60
        # `deliver --until-idle` ends when nothing got through for so many minutes (0: it waits for ever).
        fruitlessMinutes: 15

      # What `status --check` takes for usual: so many people parked or given up, so many minutes in which work is pending
      # and no worker runs, so many hours without a checkpoint, so many days without a proof of a backup.
      monitoring:
        parked: 0
        workerMinutes: 10
        checkpointHours: 24
        backupDays: 7
        # How many hours old the newest export in cycles.folder may be.
        exportHours: 48

      # The log: the file of the key that signs its checkpoints, and when the worker signs one.
      log:
        key: log.key
        checkpointEvents: 1000
        checkpointMinutes: 10
        # The worker reads the whole log again, in the background, so that no entry goes unread for longer.
        rehashHours: 24
        # Looks at people's data that are recorded: all, or many for those at more than one person alone.
        looks: all
        # Who is told of each checkpoint: files on another mount, commands that get it on standard input.
        anchorFiles: []
        anchorCommands: []

      # Who is to have an account: everybody, or who is assigned to the application, and of these who passes a filter, such as
      # - {name: Sales, clauses: [{attribute: department, operator: EQUALS, value: Sales}]}
      scope:
        people: everybody
        filters: []
        # Whether a pattern must match part of a value, or the whole of it.
        patterns: part
        # Whether who leaves the scope keeps the account as it is.
        skipOutOfScopeDeletions: false

      # What becomes of a directory user.
      mapping:
        # The attribute that becomes the TeamViewer address: userPrincipalName, or mail where the two differ.
        userName: userPrincipalName
        # The custom identifier of the single sign-on set-up, sent when an account is made.
        # Empty: accounts with passwords.
        ssoCustomerId: ""
        # Mappings of your own, such as
        # - {target: displayName, expression: 'Join(" ", [givenName], [surname])'}
        attributes: []
        # What may be done at TeamViewer.
        actions: [create, update, disable]

      # How many people one import may turn inactive before an operator has to approve it:
      # percent of the active people, but at least minimum and at most maximum; and
      # more than a third of them, if that is two or more.
      safeguard:
        percent: 10
        minimum: 5
        maximum: 500
        # TeamViewer ids (u1234567) of accounts that are never disabled. The token's owner is always among them.
        protectedAccounts: []

      # Where the master key is that wraps the keys of all people: a file, seen from this folder, or an environment
      # variable (base64, or 64 hexadecimal digits). Keep a copy elsewhere; without it nothing sealed can be read again.
      keys:
        master:
          \(place(master))

      """
  }

  /// A text as YAML's double quoted form, whatever is in it: scalar by scalar, since a combining mark must not hide a
  /// quote, and with escapes for what YAML would fold, drop or refuse.
  static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x22, 0x5C: quoted += "\\\(scalar)"
      case 0..<0x20, 0x7F...0x9F, 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF:
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
