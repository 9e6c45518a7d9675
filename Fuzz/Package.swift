// swift-tools-version: 6.3
import PackageDescription

// A package of its own: its one program is built with libFuzzer, which the toolchain brings.
let package = Package(
    name: "Fuzz",
    dependencies: [.package(name: "martlet", path: "..")],
    targets: [
        .target(name: "CFuzz"),
        .executableTarget(
            name: "FuzzAll",
            dependencies: ["CFuzz", .product(name: "Fuzzing", package: "martlet")]),
    ]
)
