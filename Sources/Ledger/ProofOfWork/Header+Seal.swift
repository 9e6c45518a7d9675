public import Crypto
import Encoding
public import Primitives

extension Header {
    /// The hash that its maker worked on: of the header without mix hash and nonce.
    public var sealHash: Hash32 {
        var writer = RLP.Writer(capacity: 640)
        write(to: &writer, sealed: false)
        return keccak256(writer.bytes)
    }

    /// Whether the header proves as much work as its difficulty says.
    ///
    /// Nothing asks for it but tests of old chains: consensus here is another.
    public func provesWork(_ ethash: Ethash) -> Bool {
        let work = ethash.work(sealHash, nonce: nonce)
        return work.mix == mixHash && work.suffices(difficulty)
    }
}
