// swift-tools-version: 6.1
import PackageDescription

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

// MARK: Libraries

let asyncHTTPClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let deque = Target.Dependency.product(name: "DequeModule", package: "swift-collections")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let grdbSQLite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")
let heap = Target.Dependency.product(name: "HeapModule", package: "swift-collections")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
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
  _ name: String, path: String? = nil, _ dependencies: [Target.Dependency], exclude: [String] = []
) -> Target {
  .testTarget(name: name, dependencies: dependencies, path: path, exclude: exclude, swiftSettings: settings)
}

let package = Package(
  name: "ProvisioningLedger",
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0", traits: []),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.0"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.0"),
  ],
  targets: [
    // Pure: no database, no network, no clock, no random source.
    library("JSON"),
    library("SCIM", ["JSON"]),
    library("Provisioning", ["JSON"]),
    library("DeliveryMachine", ["JSON", "SCIM", "Provisioning", deque, heap]),
    library("TeamViewerModel", ["JSON", "SCIM", "Provisioning"]),

    // The ledger: databases and files.
    .target(
      name: "Migrations", dependencies: ["Provisioning", grdb], path: "migrations",
      resources: [
        .embedInCode("0001_event_log.sql"), .embedInCode("0101_subject_keys.sql"), .embedInCode("0201_views.sql"),
        .embedInCode("0202_operators.sql"),
      ], swiftSettings: settings),
    library("EventLog", ["JSON", "Provisioning", "Migrations", crypto, grdb, grdbSQLite, logging]),
    library("Views", ["JSON", "Provisioning", "Migrations", "EventLog", crypto, grdb]),
    library("Ledger", ["JSON", "Provisioning", "EventLog", "Views", crypto, logging, subprocess, systemPackage, yams]),
    library("Directory", ["JSON", "Provisioning"]),
    library("Cycles", ["Provisioning", "EventLog", "Ledger", "Directory", "Views"]),

    // The other sides: sockets.
    library("TeamViewer", ["JSON", "SCIM", "Provisioning", asyncHTTPClient, nioCore, nioHTTP1, nioPosix, nioSSL]),
    library(
      "Delivery",
      [
        "SCIM", "Provisioning", "DeliveryMachine", "EventLog", "Ledger", "Views", "TeamViewer", logging,
        serviceLifecycle,
      ]),
    library("Reports", ["JSON", "Provisioning", "EventLog", "Views", "Ledger", "Cycles"]),
    library(
      "Doctor", ["JSON", "SCIM", "Provisioning", "EventLog", "Views", "Ledger", "TeamViewer", "Reports", logging]),
    library(
      "Simulators",
      ["JSON", "SCIM", "Provisioning", "TeamViewerModel", hummingbird, httpTypes, logging, nioCore, serviceLifecycle]),
    library(
      "Demo",
      [
        "Provisioning", "TeamViewerModel", "EventLog", "Views", "Ledger", "Directory", "Cycles", "Simulators", logging,
        subprocess, systemPackage,
      ]),
    .executableTarget(
      name: "provledger",
      dependencies: [
        "JSON", "Provisioning", "TeamViewerModel", "EventLog", "Views", "Ledger", "Directory", "Cycles", "TeamViewer",
        "DeliveryMachine", "Delivery", "Reports", "Doctor", "Simulators", "Demo", argumentParser, logging,
        serviceLifecycle, unixSignals,
      ], swiftSettings: settings),
    // What tools/bench runs; not part of the program.
    .executableTarget(
      name: "provledger-bench",
      dependencies: [
        "JSON", "Provisioning", "EventLog", "Views", "Ledger", argumentParser, logging, subprocess, systemPackage,
      ], path: "Sources/Bench", swiftSettings: settings),

    // Tests
    .target(
      name: "TestSupport", dependencies: ["JSON", "Provisioning", "EventLog", "Views", "Ledger", "Cycles", logging],
      path: "Tests/TestSupport", swiftSettings: settings),
    tests("JSONTests", ["JSON"]),
    tests("SCIMTests", ["JSON", "SCIM"]),
    tests("ProvisioningTests", ["JSON", "Provisioning", "TestSupport"], exclude: ["Shapes.txt"]),
    tests("TeamViewerModelTests", ["JSON", "SCIM", "Provisioning", "TeamViewerModel"]),
    tests("DeliveryMachineTests", ["JSON", "SCIM", "Provisioning", "DeliveryMachine"]),
    tests("EventLogTests", ["JSON", "Provisioning", "Migrations", "EventLog", crypto, grdb, logging]),
    // A failing disk under SQLite, and a program that appends or follows until it is killed: for the tests alone.
    .target(name: "FaultVFS", path: "Tests/FaultVFS", linkerSettings: [.linkedLibrary("sqlite3")]),
    .executableTarget(
      name: "logwriter", dependencies: ["JSON", "Provisioning", "EventLog", logging], path: "Tests/LogWriter",
      swiftSettings: settings),
    tests(
      "FaultTests",
      ["JSON", "Provisioning", "EventLog", "FaultVFS", "logwriter", grdb, logging, subprocess, systemPackage]),
    tests("DirectoryTests", ["JSON", "Provisioning", "Directory", "Simulators"]),
    tests("ViewsTests", ["JSON", "Provisioning", "EventLog", "Views", "Ledger", "Cycles", "TestSupport", grdb]),
    tests("LedgerTests", ["JSON", "Provisioning", "EventLog", "Views", "Ledger", "TestSupport", grdb]),
    tests("CyclesTests", ["JSON", "Provisioning", "EventLog", "Views", "Ledger", "Cycles", "TestSupport"]),
    tests("ReportsTests", ["JSON", "Provisioning", "EventLog", "Views", "Ledger", "Cycles", "Reports", "TestSupport"]),
    tests(
      "DoctorTests",
      ["JSON", "Provisioning", "EventLog", "Views", "Ledger", "Cycles", "TeamViewer", "Doctor", "TestSupport"]),
    tests(
      "TeamViewerTests",
      [
        "JSON", "SCIM", "Provisioning", "TeamViewerModel", "TeamViewer", "Simulators", asyncHTTPClient, hummingbird,
        httpTypes, logging, nioCore, nioHTTP1,
      ]),
    tests(
      "SimulationTests", path: "Tests/Simulation",
      ["JSON", "SCIM", "Provisioning", "DeliveryMachine", "TeamViewerModel", deque, heap]),
    tests(
      "GoldenTests",
      ["JSON", "Provisioning", "Migrations", "EventLog", "Views", "Ledger", "TestSupport", logging],
      exclude: ["Ledgers"]),
    tests("ReadmeTests", ["Provisioning", "Ledger", "provledger", argumentParser, yams]),
    // The command as a process: it is built with the tests, and found beside them.
    tests(
      "EndToEndTests", path: "Tests/EndToEnd",
      [
        "JSON", "SCIM", "Provisioning", "TeamViewerModel", "EventLog", "Views", "Ledger", "Cycles", "Simulators",
        "Demo", "TestSupport",
        "provledger", grdb, hummingbird, logging, nioCore, serviceLifecycle, subprocess, systemPackage,
      ]),
  ]
)
