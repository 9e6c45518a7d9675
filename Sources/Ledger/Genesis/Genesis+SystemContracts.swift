import Encoding
import Identifiers

extension Genesis {
    /// The contracts that the rules of Cancun and Prague call at the start and end of each block.
    ///
    /// A chain that starts under these rules has them from its first block on; the code is that of
    /// the EIPs, as it runs on Ethereum's main chain.
    public static let systemContracts: [Allocation] = [
        // EIP-4788: the roots of beacon blocks.
        contract(
            "000f3df6d732807ef1319fb7b8bb8522d0beac02",
            "3373fffffffffffffffffffffffffffffffffffffffe14604d57602036146024575f5ffd5b5f3580"
                + "1560495762001fff810690815414603c575f5ffd5b62001fff01545f5260205ff35b5f5ffd5b"
                + "62001fff42064281555f359062001fff015500"),
        // EIP-2935: the hashes of recent blocks.
        contract(
            "0000f90827f1c53a10cb7a02335b175320002935",
            "3373fffffffffffffffffffffffffffffffffffffffe14604657602036036042575f356001430381"
                + "11604257611fff81430311604257611fff9006545f5260205ff35b5f5ffd5b5f35611fff6001"
                + "4303065500"),
        // EIP-7002: withdrawals that an account asks for.
        contract(
            "00000961ef480eb55e80d19ad83579a64c007002",
            "3373fffffffffffffffffffffffffffffffffffffffe1460cb5760115f54807fffffffffffff"
                + "ffffffffffffffffffffffffffffffffffffffffffffffffffff146101f45760018202600190"
                + "5f5b5f82111560685781019083028483029004916001019190604d565b909390049250505036"
                + "603814608857366101f457346101f4575f5260205ff35b34106101f457600154600101600155"
                + "600354806003026004013381556001015f35815560010160203590553360601b5f5260385f60"
                + "1437604c5fa0600101600355005b6003546002548082038060101160df575060105b5f5b8181"
                + "146101835782810160030260040181604c02815460601b815260140181600101548152602001"
                + "9060020154807fffffffffffffffffffffffffffffffff000000000000000000000000000000"
                + "00168252906010019060401c908160381c81600701538160301c81600601538160281c816005"
                + "01538160201c81600401538160181c81600301538160101c81600201538160081c8160010153"
                + "5360010160e1565b910180921461019557906002556101a0565b90505f6002555f6003555b5f"
                + "54807fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff141561"
                + "01cd57505f5b6001546002828201116101e25750505f6101e8565b01600290035b5f555f6001"
                + "55604c025ff35b5f5ffd"),
        // EIP-7251: consolidations that an account asks for.
        contract(
            "0000bbddc7ce488642fb579f8b00f3a590007251",
            "3373fffffffffffffffffffffffffffffffffffffffe1460d35760115f54807fffffffffffff"
                + "ffffffffffffffffffffffffffffffffffffffffffffffffffff1461019a5760018202600190"
                + "5f5b5f82111560685781019083028483029004916001019190604d565b909390049250505036"
                + "6060146088573661019a573461019a575f5260205ff35b341061019a57600154600101600155"
                + "600354806004026004013381556001015f358155600101602035815560010160403590553360"
                + "601b5f5260605f60143760745fa0600101600355005b6003546002548082038060021160e757"
                + "5060025b5f5b8181146101295782810160040260040181607402815460601b81526014018160"
                + "0101548152602001816002015481526020019060030154905260010160e9565b910180921461"
                + "013b5790600255610146565b90505f6002555f6003555b5f54807fffffffffffffffffffffff"
                + "ffffffffffffffffffffffffffffffffffffffffff141561017357505f5b6001546001828201"
                + "116101885750505f61018e565b01600190035b5f555f6001556074025ff35b5f5ffd"),
    ]

    private static func contract(_ address: String, _ code: String) -> Allocation {
        // Both are literals above, and a test executes each of them.
        let bytes = (try? Hex.decode(code)) ?? []
        return Allocation(
            address: (try? Address(hex: address)) ?? .zero, nonce: 1, code: bytes)
    }
}
