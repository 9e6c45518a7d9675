internal import CSecp256k1
public import Primitives

extension Secp256k1.SecretKey {
    /// Returns the x of the point that both sides share (SEC 1, section 3.3.1).
    ///
    /// `nil` once in 2^127: when the point is not one that libsecp256k1 takes.
    public func sharedX(with peer: Secp256k1.PublicKey) -> Hash32? {
        guard var point = peer.raw else { return nil }
        var x = [UInt8](repeating: 0, count: 32)
        let done = secret.withBytes { bytes in
            secp256k1_ecdh(
                Secp256k1.context, &x, &point, bytes,
                { output, x, _, _ in
                    guard let output, let x else { return 0 }
                    output.update(from: x, count: 32)
                    return 1
                }, nil)
        }
        return done == 1 ? Hash32(x) : nil
    }
}
