import EVM
import Encoding
import Foundation
import Identifiers
import Testing

private let archive = SharedArchive(name: "08-crypto/precompiles")

/// The precompiles against the vectors of the EIPs, of geth and of Nimbus.
@Suite(.enabled(if: archive.isThere, archive.notice))
struct PrecompileTests {
    /// What a file of vectors asks for, by its name.
    private static let contracts: [(part: String, contract: Precompile)] = [
        ("ecrecover", .recover), ("sha256", .sha256), ("ripemd160", .ripemd160),
        ("identity", .identity), ("modexp", .modularPower), ("bn256add", .bn254Add),
        ("bn256scalarmul", .bn254Multiply), ("bn256mul", .bn254Multiply),
        ("bn256pairing", .bn254Pairing), ("blake2f", .blake2F),
        ("pointevaluation", .pointEvaluation), ("p256verify", .p256Verify),
        ("eip-7951", .p256Verify), ("blsg1add", .bls12G1Add), ("add_g1", .bls12G1Add),
        ("blsg1m", .bls12G1Sum), ("mul_g1", .bls12G1Sum), ("msm_g1", .bls12G1Sum),
        ("blsg2add", .bls12G2Add), ("add_g2", .bls12G2Add), ("blsg2m", .bls12G2Sum),
        ("mul_g2", .bls12G2Sum), ("msm_g2", .bls12G2Sum), ("blspairing", .bls12Pairing),
        ("pairing_check_bls", .bls12Pairing), ("blsmapg1", .bls12MapToG1),
        ("map_fp_to_g1", .bls12MapToG1), ("blsmapg2", .bls12MapToG2),
        ("map_fp2_to_g2", .bls12MapToG2), ("nimbus/pairing", .bn254Pairing),
    ]

    private func revision(_ path: String) -> Revision {
        if path.contains("eip2565") { return .berlin }
        if path.contains("istanbul") { return .istanbul }
        if path.contains("/modexp.json") { return .byzantium }
        let isOld = ["/bn256add.json", "/bn256mul.json", "/pairing.json"].contains {
            path.contains($0) && path.contains("nimbus")
        }
        return isOld ? .byzantium : .osaka
    }

    @Test(
        "every vector gives its output and its gas, or fails as it must",
        arguments: [("eips", 905), ("geth", 1572), ("nimbus", 1445), ("nimbus-eest", 256)])
    func vectors(folder: String, known: Int) throws {
        var run = 0
        for file in try archive.files(under: "precompiles/\(folder)") {
            let path = "\(folder)/\(file.path.split(separator: "\(folder)/").last ?? "")"
                .lowercased()
            let entry = try #require(
                Self.contracts.first { path.contains($0.part) }, "\(path) is of no contract")
            let root = try JSON(file: file)
            let revision = revision(path)
            #expect(Precompile.at(entry.contract.address, in: revision) == entry.contract)
            for item in try #require(root.elements ?? root["data"]?.elements) {
                try check(item, entry.contract, revision, "\(path) \(item["Name"]?.text ?? "")")
                run += 1
            }
        }
        #expect(run == known)
    }

    private func check(
        _ item: JSON, _ contract: Precompile, _ revision: Revision, _ name: String
    ) throws {
        let input = try item.bytes("Input")
        guard item["ExpectedError"] == nil else {
            let result = contract.run(input, gas: .max, revision: revision)
            #expect(result == .failure, "\(name)")
            return
        }
        let output = try item.bytes("Expected")
        var gas = UInt64(try #require(item["Gas"]?.integer, "\(name) has no gas"))
        // EIP-7951's own vectors still carry the price of RIP-7212; the EIP's text says 6900.
        if name.contains("eip-7951"), gas == 3450 { gas = 6900 }
        let result = contract.run(input, gas: gas, revision: revision)
        #expect(result == .success(output: output, gasUsed: gas), "\(name)")
        if gas > 0 {
            let starved = contract.run(input, gas: gas - 1, revision: revision)
            #expect(starved == .failure, "\(name)")
        }
    }
}
