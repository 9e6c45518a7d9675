import Crypto
import Encoding
import Glibc
import Ledger
import Primitives

/// What this machine can do at most, by one thread: the ceilings that figures are held against.
enum Ceilings {
    static func measured(in directory: String) -> String {
        let senders = Sender.all(1)
        guard let key = senders.first?.key else { return "{}" }
        let digest = keccak256([1, 2, 3])
        // Different ones: a processor foretells the branches of one that it has just seen.
        let signed = (0..<512).map { number in
            let digest = keccak256([UInt8(number & 255), UInt8(number >> 8)])
            return (digest: digest, signature: Secp256k1.sign(digest, with: key))
        }
        var next = 0
        let block = [UInt8](repeating: 7, count: 1_000)
        let members: [(String, JSON)] = [
            ("signaturesMade", .integer(perSecond { _ = Secp256k1.sign(digest, with: key) })),
            (
                "sendersRecovered",
                .integer(
                    perSecond {
                        _ = Secp256k1.recover(signed[next].signature, of: signed[next].digest)
                        next = (next + 1) % signed.count
                    })
            ),
            ("keccak1000Bytes", .integer(perSecond { _ = keccak256(block) })),
            ("syncs", .integer(syncs(in: directory))),
        ]
        let json = JSON.object(members.map { JSON.Member($0.0, $0.1) })
        return json.line
    }

    private static func perSecond(_ body: () -> Void) -> Int {
        let start = ContinuousClock.now
        var count = 0
        while ContinuousClock.now - start < .seconds(1) {
            for _ in 0..<100 { body() }
            count += 100
        }
        return Int(Double(count) / ((ContinuousClock.now - start) / .seconds(1)))
    }

    /// Appends of 300 bytes, each synced: what a lone validator's votes cannot exceed.
    private static func syncs(in directory: String) -> Int {
        let path = directory + "/sync-test"
        let file = open(path, O_CREAT | O_WRONLY | O_APPEND, 0o600)
        defer {
            close(file)
            unlink(path)
        }
        let bytes = [UInt8](repeating: 1, count: 300)
        let start = ContinuousClock.now
        var count = 0
        while ContinuousClock.now - start < .seconds(2) {
            write(file, bytes, bytes.count)
            fdatasync(file)
            count += 1
        }
        return count / 2
    }
}
