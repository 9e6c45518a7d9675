internal import COpenSSL

/// Bytes that nobody else may learn: held once in memory, and wiped when the last holder lets go.
///
/// Sendable without a lock, since the bytes are written in `init` and never again before `deinit`.
public final class SecretBytes: @unchecked Sendable {
    private let storage: UnsafeMutableRawBufferPointer

    /// Takes a copy of the bytes.
    public init(_ bytes: [UInt8]) {
        storage = .allocate(byteCount: bytes.count, alignment: 16)
        storage.copyBytes(from: bytes)
    }

    deinit {
        OPENSSL_cleanse(storage.baseAddress, storage.count)
        storage.deallocate()
    }

    /// How many bytes there are.
    public var count: Int { storage.count }

    /// A copy of the bytes, which is not wiped: for writing them to a place that is theirs.
    public var bytes: [UInt8] { [UInt8](storage) }

    /// Lends the bytes for the time of a call.
    func withBytes<Result>(_ body: (UnsafePointer<UInt8>) -> Result) -> Result {
        storage.withMemoryRebound(to: UInt8.self) { buffer in
            guard let start = buffer.baseAddress else { return body([0]) }
            return body(start)
        }
    }
}

extension SecretBytes: Equatable {
    /// Compares in time that depends on the counts alone.
    public static func == (left: SecretBytes, right: SecretBytes) -> Bool {
        left.count == right.count
            && CRYPTO_memcmp(left.storage.baseAddress, right.storage.baseAddress, left.count) == 0
    }
}

extension SecretBytes: CustomStringConvertible {
    /// Says that there is a secret, and not which.
    public var description: String { "secret of \(count) bytes" }
}

/// Compares bytes in time that depends on the counts alone.
public func equalInConstantTime(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    left.count == right.count && CRYPTO_memcmp(left, right, left.count) == 0
}
