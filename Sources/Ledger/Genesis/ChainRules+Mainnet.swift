import EVM

extension ChainRules {
    /// The rules of Ethereum's main chain (EIP-6953 lists the activations).
    public static let mainnet: ChainRules = {
        var rules = ChainRules(
            chainID: 1,
            forks: [
                Fork(.frontier, .block(0)), Fork(.homestead, .block(1_150_000)),
                Fork(.tangerineWhistle, .block(2_463_000)),
                Fork(.spuriousDragon, .block(2_675_000)), Fork(.byzantium, .block(4_370_000)),
                Fork(.petersburg, .block(7_280_000)), Fork(.istanbul, .block(9_069_000)),
                Fork(.berlin, .block(12_244_000)), Fork(.london, .block(12_965_000)),
                Fork(.paris, .block(15_537_394)), Fork(.shanghai, .time(1_681_338_455)),
                Fork(.cancun, .time(1_710_338_135)), Fork(.prague, .time(1_746_612_311)),
                Fork(.osaka, .time(1_764_798_551)),
            ],
            blobChanges: [
                BlobChange(.cancun, .time(1_710_338_135)),
                BlobChange(.prague, .time(1_746_612_311)),
                BlobChange(
                    BlobParameters(target: 10, max: 15, baseFeeUpdateFraction: 8_346_193),
                    .time(1_765_290_071)),
                BlobChange(
                    BlobParameters(target: 14, max: 21, baseFeeUpdateFraction: 11_684_671),
                    .time(1_767_747_671)),
            ],
            daoForkBlock: 1_920_000)
        rules.bombDelays = [
            BombDelay(9_000_000, .block(9_200_000)), BombDelay(10_700_000, .block(13_773_000)),
            BombDelay(11_400_000, .block(15_050_000)),
        ]
        return rules
    }()
}
