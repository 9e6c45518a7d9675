import Crypto
import Encoding
import Primitives

/// A transaction with its blobs, as callers hand it in (EIP-4844, EIP-7594).
///
/// Martlet's networks keep no blobs: what is checked is that the commitments are those that the
/// transaction names. Their proofs are left to networks that spread them.
public enum BlobEnvelope {
    /// How many bytes a blob has, its commitment and each of its proofs.
    private static let sizes = (blob: 131_072, commitment: 48, proof: 48)
    /// How many proofs a blob has since Osaka: one for each cell.
    private static let cellProofs = 128

    /// Whether bytes are an envelope, and no transaction as it stands in a block.
    public static func isEnvelope(_ bytes: [UInt8]) -> Bool {
        guard bytes.first == Transaction.Kind.blob.rawValue,
            let list = try? RLP.item(in: bytes, at: 1, end: bytes.count), list.isList,
            let first = try? RLP.item(
                in: bytes, at: list.payload.lowerBound, end: list.payload.upperBound)
        else { return false }
        return first.isList
    }

    /// The transaction as it stands in a block; throws if the blobs are not those that it names.
    public static func transaction(in bytes: [UInt8]) throws(TransactionError) -> [UInt8] {
        do throws(RLP.Failure) {
            return try strip(bytes)
        } catch {
            throw .malformed(error)
        }
    }

    private static func strip(_ bytes: [UInt8]) throws(RLP.Failure) -> [UInt8] {
        let fields = try RLP.decode(Array(bytes.dropFirst())).list("envelope")
        guard fields.count == 4 || fields.count == 5 else { throw .unexpected("envelope") }
        let hasCells = fields.count == 5
        if hasCells, try fields[1].number64("envelope.version") != 1 {
            throw .unexpected("envelope.version")
        }
        let rest = fields.suffix(3).map { $0 }
        let blobs = try rest[0].list("envelope.blobs")
        let commitments = try rest[1].list("envelope.commitments")
        let proofs = try rest[2].list("envelope.proofs")
        guard commitments.count == blobs.count,
            proofs.count == blobs.count * (hasCells ? cellProofs : 1)
        else { throw .unexpected("envelope.proofs") }
        for blob in blobs { _ = try blob.bytes("envelope.blob", count: sizes.blob) }
        for proof in proofs { _ = try proof.bytes("envelope.proof", count: sizes.proof) }
        let inner = [Transaction.Kind.blob.rawValue] + RLP.encode(fields[0])
        guard let transaction = try? Transaction(decoding: inner),
            transaction.blobHashes.count == commitments.count
        else { throw .unexpected("envelope.transaction") }
        for (hash, commitment) in zip(transaction.blobHashes, commitments) {
            let bytes = try commitment.bytes("envelope.commitment", count: sizes.commitment)
            // The first byte of the hash tells the kind of commitment: KZG.
            guard hash.bytes == [0x01] + SHA256.hash(bytes).dropFirst()
            else { throw .unexpected("envelope.commitment") }
        }
        return inner
    }
}
