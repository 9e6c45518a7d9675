internal import CSecp256k1
public import Primitives

/// Signatures on the curve secp256k1 (SEC 2, section 2.4.1), by libsecp256k1.
public enum Secp256k1 {
    /// One context for the process: libsecp256k1 only reads it once it is made.
    nonisolated(unsafe) static let context: OpaquePointer = {
        let flags = UInt32(SECP256K1_CONTEXT_SIGN | SECP256K1_CONTEXT_VERIFY)
        guard let context = secp256k1_context_create(flags) else {
            preconditionFailure("libsecp256k1 has memory for its context")
        }
        return context
    }()

    /// Signs a digest: the nonce by RFC 6979, `s` in the lower half.
    public static func sign(_ digest: Hash32, with key: SecretKey) -> Signature {
        var raw = secp256k1_ecdsa_recoverable_signature()
        let done = key.secret.withBytes {
            secp256k1_ecdsa_sign_recoverable(context, &raw, digest.bytes, $0, nil, nil)
        }
        precondition(done == 1, "a valid key signs any digest")
        var bytes = [UInt8](repeating: 0, count: 65)
        var recoveryID: Int32 = 0
        secp256k1_ecdsa_recoverable_signature_serialize_compact(context, &bytes, &recoveryID, &raw)
        bytes[64] = UInt8(recoveryID)
        guard let signature = Signature(bytes) else {
            preconditionFailure("a point's x is below the group's order but once in 2^127")
        }
        return signature
    }

    /// Tells whether a key made a signature; `false` if `s` is in the upper half.
    public static func verify(
        _ signature: Signature, of digest: Hash32, by key: PublicKey
    ) -> Bool {
        guard var raw = signature.raw, var point = key.raw else { return false }
        return secp256k1_ecdsa_verify(context, &raw, digest.bytes, &point) == 1
    }

    /// Tells whether a key made a signature in DER, be `s` in either half; for libp2p's keys.
    public static func verify(
        der signature: [UInt8], of digest: Hash32, by key: PublicKey
    ) -> Bool {
        var raw = secp256k1_ecdsa_signature()
        guard var point = key.raw,
            secp256k1_ecdsa_signature_parse_der(context, &raw, signature, signature.count) == 1
        else { return false }
        var normal = secp256k1_ecdsa_signature()
        secp256k1_ecdsa_signature_normalize(context, &normal, &raw)
        return secp256k1_ecdsa_verify(context, &normal, digest.bytes, &point) == 1
    }

    /// Returns the key that made a signature, be `s` in either half; `nil` if there is none.
    public static func recover(_ signature: Signature, of digest: Hash32) -> PublicKey? {
        var raw = secp256k1_ecdsa_recoverable_signature()
        let compact = Array(signature.bytes.dropLast())
        let parsed = secp256k1_ecdsa_recoverable_signature_parse_compact(
            context, &raw, compact, Int32(signature.recoveryID))
        var point = secp256k1_pubkey()
        guard parsed == 1, secp256k1_ecdsa_recover(context, &point, &raw, digest.bytes) == 1
        else { return nil }
        return PublicKey(&point)
    }
}
