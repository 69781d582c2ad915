// swift-tools-version: 6.2
import PackageDescription

/// In a release our own code is optimized in whatever way the libraries are built: for tests and demo tools/common has those
/// compiled as they are written, which takes half of the time.
let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
  .unsafeFlags(["-Xfrontend", "-O"], .when(configuration: .release)),
]

/// Tests are compiled as they are written, which takes two thirds of the time; what they test is optimized all the same.
let unoptimized: [SwiftSetting] = [.unsafeFlags(["-Xfrontend", "-Onone"])]

// MARK: Libraries

let asyncHTTPClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let cryptoExtras = Target.Dependency.product(name: "CryptoExtras", package: "swift-crypto")
let deque = Target.Dependency.product(name: "DequeModule", package: "swift-collections")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let grdbSQLite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")
let heap = Target.Dependency.product(name: "HeapModule", package: "swift-collections")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let hummingbirdTLS = Target.Dependency.product(name: "HummingbirdTLS", package: "hummingbird")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let mustache = Target.Dependency.product(name: "Mustache", package: "swift-mustache")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let serviceLifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let systemPackage = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

// MARK: Targets. A lower one may import a higher one, never the reverse.

func library(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(
  _ name: String, path: String? = nil, _ dependencies: [Target.Dependency], exclude: [String] = [],
  isOptimized: Bool = false
) -> Target {
  .testTarget(
    name: name, dependencies: dependencies, path: path, exclude: exclude,
    swiftSettings: isOptimized ? settings : settings + unoptimized)
}

let package = Package(
  name: "ProvisioningLedger",
  // Exactly what was tested, since no lock file is kept. What these bring along is not named here, since SwiftPM warns of
  // packages that no target uses; tools/sbom lists all of them.
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", exact: "1.6.0"),
    .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
    .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0", traits: []),
    .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
    .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
    .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", exact: "2.1.1"),
    .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
    .package(url: "https://github.com/swift-server/async-http-client", exact: "1.37.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", exact: "1.0.2"),
  ],
  targets: [
    // Pure: no database, no network, no random source; Base alone knows of files and the clock.
    library("Base"),
    library("JSON", ["Base"]),
    library("SCIM", ["Base", "JSON"]),
    library("Expressions", ["Base", "JSON"]),
    library("Provisioning", ["Base", "JSON", "Expressions"]),
    library("DeliveryMachine", ["Base", "JSON", "SCIM", "Provisioning", deque, heap]),
    library("TeamViewerModel", ["Base", "JSON", "SCIM", "Provisioning"]),
    library("GraphModel", ["Base", "JSON"]),

    // What a person sees.
    library("Terminal", ["Base"]),

    // The ledger: databases and files.
    .target(
      name: "Migrations", dependencies: ["Base", grdb], path: "migrations",
      resources: [
        .embedInCode("0001_event_log.sql"), .embedInCode("0101_subject_keys.sql"), .embedInCode("0201_views.sql"),
        .embedInCode("0202_operators.sql"), .embedInCode("0203_audit.sql"), .embedInCode("0204_replaced.sql"),
        .embedInCode("0102_subjects_by_alias.sql"), .embedInCode("0206_deliveries_by_status.sql"),
        .embedInCode("0207_configurations.sql"), .embedInCode("0208_concern.sql"), .embedInCode("0209_attempts.sql"),
        .embedInCode("0301_audit.sql"),
      ], swiftSettings: settings),
    library("EventLog", ["Base", "JSON", "Migrations", crypto, grdb, grdbSQLite, logging]),
    library("Sealing", ["Base", "JSON", "Provisioning", "Migrations", "EventLog", crypto, grdb]),
    library("Views", ["Base", "JSON", "Provisioning", "Migrations", "EventLog", "Sealing", crypto, grdb]),
    library("Audit", ["Base", "JSON", "Provisioning", "Migrations", "EventLog", "Sealing", "Views", grdb]),
    library(
      "Ledger",
      [
        "Base", "JSON", "Expressions", "Provisioning", "EventLog", "Sealing", "Views", "Audit", crypto, logging,
        subprocess, systemPackage, yams,
      ]),
    library(
      "Backup",
      ["Base", "JSON", "Provisioning", "EventLog", "Sealing", "Views", "Ledger", crypto, logging]),
    library("Directory", ["Base", "JSON", "Provisioning"]),
    library("Operations", ["Base", "JSON", "Provisioning", "EventLog", "Sealing", "Views", "Ledger", "Directory"]),

    // The other sides: sockets.
    library("HTTPTransport", ["Base", "SCIM", asyncHTTPClient, nioCore, nioHTTP1, nioPosix, nioSSL]),
    library("TeamViewer", ["Base", "JSON", "SCIM", "Provisioning", "DeliveryMachine", "HTTPTransport"]),
    library(
      "MicrosoftGraph",
      ["Base", "JSON", "SCIM", "Provisioning", "Directory", "HTTPTransport", crypto, cryptoExtras]),
    library(
      "Cycles",
      [
        "Base", "JSON", "Provisioning", "Views", "Ledger", "Directory", "Operations", "HTTPTransport", "MicrosoftGraph",
        logging, serviceLifecycle,
      ]),
    library(
      "Delivery",
      [
        "Base", "JSON", "SCIM", "Provisioning", "DeliveryMachine", "EventLog", "Sealing", "Views", "Ledger",
        "Operations", "HTTPTransport", "TeamViewer", logging, serviceLifecycle,
      ]),
    library(
      "Reports",
      [
        "Base", "JSON", "Expressions", "Provisioning", "EventLog", "Sealing", "Views", "Audit", "Ledger", "Backup",
        "Directory", "Operations",
        crypto, mustache,
      ]),
    library(
      "Exports", ["Base", "JSON", "Provisioning", "EventLog", "Sealing", "Views", "Reports", crypto, grdb]),
    library(
      "Syslog",
      [
        "Base", "Provisioning", "EventLog", "Ledger", "Operations", "Exports", crypto, logging, nioCore, nioPosix,
        nioSSL, serviceLifecycle,
      ]),
    library(
      "Doctor",
      [
        "Base", "JSON", "SCIM", "Provisioning", "EventLog", "Sealing", "Views", "Ledger", "HTTPTransport", "TeamViewer",
        "MicrosoftGraph", "Cycles", "Reports", logging,
      ]),
    library(
      "Simulators",
      [
        "Base", "JSON", "SCIM", "Provisioning", "TeamViewerModel", "GraphModel", crypto, cryptoExtras, hummingbird,
        hummingbirdCore, hummingbirdTLS, httpTypes, logging, nioCore, nioSSL, serviceLifecycle,
      ]),
    library(
      "Demo",
      [
        "Base", "JSON", "Provisioning", "TeamViewerModel", "GraphModel", "EventLog", "Sealing", "Views", "Ledger",
        "Simulators", logging, subprocess, systemPackage,
      ]),
    .executableTarget(
      name: "provledger",
      dependencies: [
        "Base", "JSON", "Expressions", "Provisioning", "DeliveryMachine", "TeamViewerModel", "GraphModel", "EventLog",
        "Sealing", "Views", "Audit", "Ledger", "Backup", "Directory", "Operations", "TeamViewer", "MicrosoftGraph",
        "Cycles", "Delivery", "Reports", "Exports", "Syslog",
        "Doctor", "Simulators", "Demo", "Terminal", argumentParser, logging, serviceLifecycle, unixSignals,
      ], exclude: ["output-1.schema.json"], swiftSettings: settings, plugins: ["ArticlePlugin"]),
    // The articles become a part of the program: `provledger help TOPIC`, and the manual pages.
    .executableTarget(name: "ArticleTool", swiftSettings: settings),
    .plugin(
      name: "ArticlePlugin", capability: .buildTool(), dependencies: ["ArticleTool"], path: "Sources/ArticlePlugin"),
    // What tools/bench runs; not part of the program.
    .executableTarget(
      name: "provledger-bench",
      dependencies: [
        "Base", "JSON", "SCIM", "Expressions", "Provisioning", "GraphModel", "EventLog", "Sealing", "Views", "Audit",
        "Ledger", "Operations", "HTTPTransport", "MicrosoftGraph", "Cycles", "Reports", "Exports", argumentParser,
        logging, subprocess, systemPackage,
      ], path: "Sources/Bench", swiftSettings: settings),

    // Tests
    .target(
      name: "CoreSupport", dependencies: ["Base", "Provisioning", "DeliveryMachine"], path: "Tests/CoreSupport",
      swiftSettings: settings),
    .target(
      name: "TestSupport",
      dependencies: ["Base", "JSON", "Provisioning", "EventLog", "Sealing", "Views", "Ledger", "Operations", logging],
      path: "Tests/TestSupport", swiftSettings: settings),
    // Other sides on loopback: a proxy, TLS, an authority that signs for it.
    .target(
      name: "NetworkSupport", dependencies: ["Base", crypto, nioCore, nioPosix, nioSSL], path: "Tests/NetworkSupport",
      swiftSettings: settings),
    tests("JSONTests", ["Base", "JSON"]),
    tests("SCIMTests", ["Base", "JSON", "SCIM"]),
    tests("ExpressionsTests", ["Base", "JSON", "Expressions"]),
    tests(
      "ProvisioningTests",
      ["Base", "JSON", "Expressions", "Provisioning", "Directory", "CoreSupport", "TestSupport"],
      exclude: ["Shapes.txt"]),
    tests("TeamViewerModelTests", ["Base", "JSON", "SCIM", "Provisioning", "TeamViewerModel"]),
    tests("GraphModelTests", ["Base", "JSON", "GraphModel"]),
    tests("DeliveryMachineTests", ["Base", "JSON", "SCIM", "Provisioning", "CoreSupport", "DeliveryMachine"]),
    .target(
      name: "LogSupport", dependencies: ["Base", "JSON", "EventLog", grdb, logging], path: "Tests/LogSupport",
      swiftSettings: settings),
    tests("EventLogTests", ["Base", "JSON", "Migrations", "EventLog", "LogSupport", crypto, grdb, logging]),
    // A failing disk under SQLite, and a program that appends or follows until it is killed: for the tests alone.
    .target(name: "FaultVFS", path: "Tests/FaultVFS", linkerSettings: [.linkedLibrary("sqlite3")]),
    .executableTarget(
      name: "logwriter", dependencies: ["Base", "JSON", "Provisioning", "EventLog", "Sealing", logging],
      path: "Tests/LogWriter",
      swiftSettings: settings),
    tests(
      "FaultTests",
      [
        "Base", "JSON", "Provisioning", "EventLog", "Sealing", "FaultVFS", "logwriter", grdb, logging, subprocess,
        systemPackage,
      ]),
    tests("DirectoryTests", ["Base", "JSON", "Provisioning", "GraphModel", "Directory"]),
    tests(
      "ViewsTests",
      [
        "Base", "JSON", "Provisioning", "CoreSupport", "EventLog", "Sealing", "Views", "Ledger", "Operations",
        "TestSupport", grdb,
      ]),
    tests(
      "AuditTests",
      [
        "Base", "JSON", "Provisioning", "EventLog", "Sealing", "Views", "Audit", "Ledger", "Operations", "TestSupport",
        grdb,
      ]),
    tests("BaseTests", ["Base", "NetworkSupport"]),
    tests("TerminalTests", ["Base", "Terminal"]),
    tests(
      "SealingTests",
      ["Base", "JSON", "Provisioning", "Migrations", "EventLog", "Sealing", "LogSupport", crypto, grdb, logging]),
    tests(
      "BackupTests",
      [
        "Base", "JSON", "Provisioning", "EventLog", "Sealing", "Views", "Ledger", "Backup", "Operations", "TestSupport",
        grdb,
      ]),
    tests(
      "LedgerTests",
      [
        "Base", "JSON", "Expressions", "Provisioning", "EventLog", "Sealing", "Views", "Ledger", "Operations",
        "TestSupport", grdb,
      ]),
    tests(
      "OperationsTests",
      ["Base", "JSON", "Provisioning", "EventLog", "Sealing", "Views", "Audit", "Ledger", "Operations", "TestSupport"]),
    // The real worker on a real ledger, against the model in its own process.
    tests(
      "DeliveryTests",
      [
        "Base", "JSON", "SCIM", "Provisioning", "DeliveryMachine", "TeamViewerModel", "EventLog", "Sealing", "Views",
        "Ledger", "Operations", "TeamViewer", "Delivery", "TestSupport", logging,
      ]),
    tests(
      "ReportsTests",
      [
        "Base", "JSON", "Provisioning", "EventLog", "Sealing", "Views", "Audit", "Ledger", "Operations", "Reports",
        "TestSupport",
      ]),
    tests(
      "ExportsTests",
      [
        "Base", "JSON", "Provisioning", "EventLog", "Sealing", "Views", "Ledger", "Operations", "Exports",
        "TestSupport", crypto, grdb,
      ]),
    tests(
      "SyslogTests",
      [
        "Base", "Provisioning", "EventLog", "Sealing", "Ledger", "Operations", "Exports", "Syslog", "TestSupport",
        "NetworkSupport", nioCore, nioPosix, nioSSL,
      ]),
    tests(
      "DoctorTests",
      [
        "Base", "JSON", "Provisioning", "EventLog", "Sealing", "Views", "Ledger", "Operations", "TeamViewer",
        "MicrosoftGraph", "Doctor", "TestSupport", "NetworkSupport", grdb,
      ]),
    tests(
      "TeamViewerTests",
      [
        "Base", "JSON", "SCIM", "Provisioning", "DeliveryMachine", "TeamViewerModel", "GraphModel", "HTTPTransport",
        "TeamViewer",
        "Simulators", "NetworkSupport", asyncHTTPClient, crypto, cryptoExtras, hummingbird, httpTypes, logging,
        nioCore, nioHTTP1, nioSSL,
      ]),
    tests(
      "CyclesTests",
      [
        "Base", "JSON", "Provisioning", "GraphModel", "EventLog", "Sealing", "Views", "Ledger", "Directory",
        "Operations", "Cycles", "TestSupport", "NetworkSupport", logging, serviceLifecycle,
      ]),
    tests(
      "MicrosoftGraphTests",
      [
        "Base", "JSON", "SCIM", "Provisioning", "Directory", "HTTPTransport", "MicrosoftGraph", "NetworkSupport",
        crypto, cryptoExtras, nioCore,
      ]),
    tests(
      "SimulationTests", path: "Tests/Simulation",
      [
        "Base", "JSON", "SCIM", "Provisioning", "CoreSupport", "DeliveryMachine", "TeamViewerModel", "GraphModel",
        "EventLog", "Sealing", "Views", "Ledger", "Directory", "Operations", "HTTPTransport", "MicrosoftGraph",
        "Cycles", deque, heap, logging,
      ], isOptimized: true),
    tests(
      "GoldenTests",
      [
        "Base", "JSON", "Provisioning", "Migrations", "EventLog", "Sealing", "Views", "Ledger", "Backup", "TestSupport",
        logging,
      ],
      exclude: ["Ledgers"]),
    // Parsers of outside bytes, over spoiled samples from a seed.
    tests(
      "FuzzTests",
      [
        "Base", "JSON", "SCIM", "Provisioning", "DeliveryMachine", "EventLog", "Ledger", "Backup", "Directory",
        "TestSupport",
      ], isOptimized: true),
    tests("ReadmeTests", ["Base", "Provisioning", "Ledger", "Terminal", "provledger", argumentParser, yams]),
    // The command as a process: it is built with the tests, and found beside them.
    tests(
      "EndToEndTests", path: "Tests/EndToEnd",
      [
        "Base", "JSON", "SCIM", "Provisioning", "TeamViewerModel", "GraphModel", "EventLog", "Sealing", "Views",
        "Ledger", "Backup", "Operations", "Reports", "Simulators", "Demo", "Terminal", "TestSupport", "NetworkSupport",
        "provledger",
        argumentParser, asyncHTTPClient,
        grdb,
        hummingbird, logging,
        nioCore, nioHTTP1, serviceLifecycle, subprocess, systemPackage,
      ], exclude: ["Snapshots"]),
  ]
)
