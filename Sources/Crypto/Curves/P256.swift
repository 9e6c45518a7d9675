internal import COpenSSL
public import Primitives

/// Signatures on the curve P-256 (FIPS 186-5), by OpenSSL.
public enum P256 {
    /// A key with the curve and no point, from which each key is made.
    private static let template: KeyHandle = {
        let context = EVP_PKEY_CTX_new_from_name(nil, "EC", nil)
        defer { EVP_PKEY_CTX_free(context) }
        var pointer: OpaquePointer?
        guard EVP_PKEY_paramgen_init(context) == 1,
            EVP_PKEY_CTX_set_ec_paramgen_curve_nid(context, NID_X9_62_prime256v1) == 1,
            EVP_PKEY_paramgen(context, &pointer) == 1, let handle = KeyHandle(pointer)
        else { preconditionFailure("openssl has the curve p-256") }
        return handle
    }()

    /// Tells whether the point (x, y) made the signature (r, s), `s` in either half (EIP-7951).
    public static func verify(
        r: Hash32, s: Hash32, of digest: Hash32, x: Hash32, y: Hash32
    ) -> Bool {
        let encoded = [4] + x.bytes + y.bytes
        guard let handle = KeyHandle(EVP_PKEY_new()),
            EVP_PKEY_copy_parameters(handle.pointer, template.pointer) == 1,
            EVP_PKEY_set1_encoded_public_key(handle.pointer, encoded, encoded.count) == 1
        else { return false }
        let context = EVP_PKEY_CTX_new_from_pkey(nil, handle.pointer, nil)
        defer { EVP_PKEY_CTX_free(context) }
        let signature = der(r: r, s: s)
        return EVP_PKEY_verify_init(context) == 1
            && EVP_PKEY_verify(context, signature, signature.count, digest.bytes, 32) == 1
    }

    /// Writes a signature as a sequence of two integers (X.690, section 8.3).
    private static func der(r: Hash32, s: Hash32) -> [UInt8] {
        let body = integer(r) + integer(s)
        return [0x30, UInt8(body.count)] + body
    }

    private static func integer(_ value: Hash32) -> [UInt8] {
        var bytes = UInt256(value).minimalBytes
        if bytes.isEmpty || bytes[0] >= 0x80 { bytes.insert(0, at: 0) }
        return [0x02, UInt8(bytes.count)] + bytes
    }
}
