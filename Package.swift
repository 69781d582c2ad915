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
    .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
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
    .target(name: "Provisioning", dependencies: ["JSON"], swiftSettings: settings),

    // Where changes come from.
    .target(name: "Directory", dependencies: ["JSON", "Provisioning"], swiftSettings: settings),

    // The other sides, and companies to provision.
    .target(name: "Simulators", dependencies: ["JSON", "Provisioning"], swiftSettings: settings),

    // Tests
    .testTarget(name: "JSONTests", dependencies: ["JSON"], swiftSettings: settings),
    .testTarget(
      name: "DirectoryTests", dependencies: ["Directory", "JSON", "Provisioning", "Simulators"], swiftSettings: settings
    ),
    .testTarget(name: "ProvisioningTests", dependencies: ["Provisioning"], swiftSettings: settings),
  ]
)
