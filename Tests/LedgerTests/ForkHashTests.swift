import Ledger
import Primitives
import Testing

@Suite struct ForkHashTests {
    @Test(
        "the main chain's fork hashes are those that its nodes tell each other",
        arguments: [
            (0, 0, 0xfc64_ec04), (1_150_000, 0, 0x97c2_c34c), (1_920_000, 0, 0x91d1_f948),
            (2_463_000, 0, 0x7a64_da13), (2_675_000, 0, 0x3edd_5b10), (4_370_000, 0, 0xa00b_c324),
            (7_280_000, 0, 0x668d_b0af), (9_069_000, 0, 0x879d_6e30), (9_200_000, 0, 0xe029_e991),
            (12_244_000, 0, 0x0eb4_40f6), (12_965_000, 0, 0xb715_077d),
            (13_773_000, 0, 0x20c3_27fc), (15_050_000, 0, 0xf0af_d0e3),
            (20_000_000, 1_681_338_455, 0xdce9_6c2d), (20_000_000, 1_710_338_135, 0x9f3d_2254),
        ] as [(UInt64, UInt64, UInt32)])
    func mainnet(number: UInt64, time: UInt64, hash: UInt32) {
        let genesis = Hash32(
            a: 0xd4e5_6740_f876_aef8, b: 0xc010_b86a_40d5_f567, c: 0x45a1_18d0_906a_34e6,
            d: 0x9aec_8c0d_b1cb_8fa3)
        let found = ChainRules.mainnet.forkHash(
            genesis: genesis, bornAt: 0, atNumber: number, timestamp: time)
        #expect(found == hash)
    }
}
