extension Precompile {
    /// What the contract costs for an input; `UInt64.max` where nobody could pay.
    func cost(_ input: [UInt8], _ revision: Revision) -> UInt64 {
        let count = UInt64(input.count)
        let words = (count + 31) / 32
        return switch self {
        case .recover: 3000
        case .sha256: 60 + 12 * words
        case .ripemd160: 600 + 120 * words
        case .identity: 15 + 3 * words
        case .modularPower: ModularPowerInput(input).cost(revision)
        // EIP-1108 made these cheaper.
        case .bn254Add: revision >= .istanbul ? 150 : 500
        case .bn254Multiply: revision >= .istanbul ? 6000 : 40_000
        case .bn254Pairing:
            revision >= .istanbul
                ? 45_000 + 34_000 * (count / 192) : 100_000 + 80_000 * (count / 192)
        case .blake2F: UInt64(input.prefix(4).reduce(0 as UInt32) { $0 << 8 | UInt32($1) })
        case .pointEvaluation: 50_000
        case .bls12G1Add: 375
        case .bls12G2Add: 600
        case .bls12G1Sum: Self.sumCost(count / 160, price: 12_000, discounts: Self.discountsG1)
        case .bls12G2Sum: Self.sumCost(count / 288, price: 22_500, discounts: Self.discountsG2)
        case .bls12Pairing: 37_700 + 32_600 * (count / 384)
        case .bls12MapToG1: 5500
        case .bls12MapToG2: 23_800
        case .p256Verify: 6900
        }
    }

    /// The price of a sum of multiples, by the table of discounts in thousandths (EIP-2537).
    private static func sumCost(_ count: UInt64, price: UInt64, discounts: [UInt64]) -> UInt64 {
        guard count > 0 else { return 0 }
        let discount = discounts[Int(min(count, 128)) - 1]
        return count * price * discount / 1000
    }

    /// Thousandths of the full price for 1 to 128 points of the first group (EIP-2537).
    private static let discountsG1: [UInt64] = [
        1000, 949, 848, 797, 764, 750, 738, 728, 719, 712, 705, 698, 692, 687, 682, 677, 673, 669,
        665, 661, 658, 654, 651, 648, 645, 642, 640, 637, 635, 632, 630, 627, 625, 623, 621, 619,
        617, 615, 613, 611, 609, 608, 606, 604, 603, 601, 599, 598, 596, 595, 593, 592, 591, 589,
        588, 586, 585, 584, 582, 581, 580, 579, 577, 576, 575, 574, 573, 572, 570, 569, 568, 567,
        566, 565, 564, 563, 562, 561, 560, 559, 558, 557, 556, 555, 554, 553, 552, 551, 550, 549,
        548, 547, 547, 546, 545, 544, 543, 542, 541, 540, 540, 539, 538, 537, 536, 536, 535, 534,
        533, 532, 532, 531, 530, 529, 528, 528, 527, 526, 525, 525, 524, 523, 522, 522, 521, 520,
        520, 519,
    ]

    /// Thousandths of the full price for 1 to 128 points of the second group (EIP-2537).
    private static let discountsG2: [UInt64] = [
        1000, 1000, 923, 884, 855, 832, 812, 796, 782, 770, 759, 749, 740, 732, 724, 717, 711, 704,
        699, 693, 688, 683, 679, 674, 670, 666, 663, 659, 655, 652, 649, 646, 643, 640, 637, 634,
        632, 629, 627, 624, 622, 620, 618, 615, 613, 611, 609, 607, 606, 604, 602, 600, 598, 597,
        595, 593, 592, 590, 589, 587, 586, 584, 583, 582, 580, 579, 578, 576, 575, 574, 573, 571,
        570, 569, 568, 567, 566, 565, 563, 562, 561, 560, 559, 558, 557, 556, 555, 554, 553, 552,
        552, 551, 550, 549, 548, 547, 546, 545, 545, 544, 543, 542, 541, 541, 540, 539, 538, 537,
        537, 536, 535, 535, 534, 533, 532, 532, 531, 530, 530, 529, 528, 528, 527, 526, 526, 525,
        524, 524,
    ]
}
