// swift-tools-version: 6.1
import PackageDescription

// MARK: Targets, from the pure core up to the command. A lower one may import a higher one, never the reverse.

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

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
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.0"),
  ],
  targets: [
    // Pure: no database, no network, no clock, no random source.
    .target(name: "JSON", swiftSettings: settings),
    .target(name: "SCIM", dependencies: ["JSON"], swiftSettings: settings),
    .target(name: "Provisioning", dependencies: ["JSON"], swiftSettings: settings),
    .target(name: "TeamViewerModel", dependencies: ["SCIM", "Provisioning", "JSON"], swiftSettings: settings),

    // Shells: sockets and files.
    .target(
      name: "TeamViewer",
      dependencies: [
        "SCIM", "JSON", "Provisioning", .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
      ], swiftSettings: settings),
    .target(
      name: "Simulators",
      dependencies: [
        "TeamViewerModel", "SCIM", "JSON", "Provisioning", .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HTTPTypes", package: "swift-http-types"), .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ], swiftSettings: settings),

    // Tests
    .testTarget(name: "JSONTests", dependencies: ["JSON"], swiftSettings: settings),
    .testTarget(name: "SCIMTests", dependencies: ["SCIM", "JSON"], swiftSettings: settings),
    .testTarget(name: "ProvisioningTests", dependencies: ["Provisioning"], swiftSettings: settings),
    .testTarget(
      name: "TeamViewerModelTests", dependencies: ["TeamViewerModel", "SCIM", "Provisioning", "JSON"],
      swiftSettings: settings),
    .testTarget(
      name: "TeamViewerTests",
      dependencies: [
        "TeamViewer", "Simulators", "TeamViewerModel", "SCIM", "Provisioning", "JSON",
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HTTPTypes", package: "swift-http-types"), .product(name: "Logging", package: "swift-log"),
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
      ], swiftSettings: settings),
  ]
)
