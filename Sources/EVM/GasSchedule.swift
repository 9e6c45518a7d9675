import Primitives

/// What instructions cost where revisions differ, and what is the same in all.
struct GasSchedule {
    /// Reading a slot (EIP-150, EIP-1884); what a warm access costs since Berlin (EIP-2929).
    let sload: Int64
    /// Asking for a balance (EIP-150, EIP-1884).
    let balance: Int64
    /// Reading another account's code or its length (EIP-150).
    let extcode: Int64
    /// Asking for the hash of an account's code (EIP-1052, EIP-1884).
    let extcodehash: Int64
    /// Calling (EIP-150).
    let call: Int64
    /// Destroying oneself (EIP-150).
    let selfdestruct: Int64
    /// A byte of an exponent (EIP-160).
    let expByte: Int64
    /// What a cold account costs more (EIP-2929).
    let coldAccount: Int64
    /// What a cold slot costs more than a warm one, when read (EIP-2929).
    let coldSlotRead: Int64
    /// What a cold slot costs more, when written (EIP-2929).
    let coldSlotWrite: Int64
    /// What clearing a slot gives back (EIP-3529).
    let clearRefund: Int64
    /// What destroying oneself gives back (EIP-3529).
    let selfdestructRefund: Int64
    /// A word of initcode (EIP-3860).
    let initcodeWord: Int64
    /// Making an account by a payment; since Amsterdam that costs state gas instead (EIP-8037).
    let newAccount: Int64
    /// Writing a slot that held nothing; the rest is state gas since Amsterdam (EIP-8037).
    let setSlot: Int64
    /// A byte of new code; since Amsterdam that costs state gas instead (EIP-8037).
    let codeByte: Int64
    /// A word of new code, which is hashed (EIP-8037).
    let codeWord: Int64

    static let copyWord: Int64 = 3
    static let keccakWord: Int64 = 6
    static let logByte: Int64 = 8
    static let callValue: Int64 = 9000
    static let callStipend: Int64 = 2300
    static let resetSlot: Int64 = 5000
    /// What must be left before a slot is written (EIP-2200).
    static let storeSentry: Int64 = 2300

    init(_ revision: Revision) {
        let berlin = revision >= .berlin
        let istanbul = revision >= .istanbul
        let tangerine = revision >= .tangerineWhistle
        sload = berlin ? 100 : istanbul ? 800 : tangerine ? 200 : 50
        balance = berlin ? 100 : istanbul ? 700 : tangerine ? 400 : 20
        extcode = berlin ? 100 : tangerine ? 700 : 20
        extcodehash = berlin ? 100 : istanbul ? 700 : 400
        call = berlin ? 100 : tangerine ? 700 : 40
        selfdestruct = tangerine ? 5000 : 0
        expByte = revision >= .spuriousDragon ? 50 : 10
        coldAccount = berlin ? 2500 : 0
        coldSlotRead = berlin ? 2000 : 0
        coldSlotWrite = berlin ? 2100 : 0
        clearRefund = revision >= .london ? 4800 : 15000
        selfdestructRefund = revision >= .london ? 0 : 24000
        initcodeWord = revision >= .shanghai ? 2 : 0
        let amsterdam = revision >= .amsterdam
        newAccount = amsterdam ? 0 : 25000
        setSlot = amsterdam ? GasSchedule.resetSlot - coldSlotWrite : 20000
        codeByte = amsterdam ? 0 : 200
        codeWord = amsterdam ? GasSchedule.keccakWord : 0
    }
}

/// What every byte costs before it is run, and the heights of the stack that it may be run at.
struct StepTable {
    /// One byte's entry: eight bytes, so that a step reads one word.
    ///
    /// Heights are in bytes, as the difference of two pointers is: 1,024 words are 32,768.
    struct Entry {
        /// The gas that it costs in any case.
        var gas: Int32
        /// The least height.
        var least: UInt16
        /// How much higher it may be.
        var range: UInt16
    }

    /// 256 entries.
    let entries: UnsafeMutablePointer<Entry>
    /// How many bytes higher the stack is after each.
    let changes: UnsafeMutablePointer<Int16>

    init(_ revision: Revision) {
        entries = .allocate(capacity: 256)
        changes = .allocate(capacity: 256)
        for opcode in Opcode.allCases {
            // Bytes without a meaning want a height that no stack has.
            var entry = Entry(gas: 0, least: .max, range: 0)
            var change = 0
            if let traits = opcode.traits, revision >= traits.since {
                let least = traits.taken
                change = traits.given - traits.taken
                let most = min(1024, 1024 - change)
                entry = Entry(
                    gas: StepTable.fixedGas(opcode, traits, revision), least: UInt16(32 * least),
                    range: UInt16(32 * (most - least)))
            }
            entries.advanced(by: Int(opcode.rawValue)).initialize(to: entry)
            changes.advanced(by: Int(opcode.rawValue)).initialize(to: Int16(32 * change))
        }
    }

    /// The fixed gas of the instructions from one on to the end of its run.
    func gasOfRun(_ code: Code, from start: Int) -> Int64 {
        var (counter, gas) = (start, Int64(0))
        while counter < code.count {
            let byte = code.start[counter]
            guard entries[Int(byte)].least != .max else { break }
            gas += Int64(entries[Int(byte)].gas)
            let opcode = unsafeBitCast(byte, to: Opcode.self)
            if StepSet.rows[Int(byte)].kind.endsRun { break }
            counter += 1 + opcode.immediateCount
        }
        return gas
    }

    /// Frees the table, which its owner does when it is done.
    func deallocate() {
        entries.deallocate()
        changes.deallocate()
    }

    /// The part of the price that does not depend on the state.
    private static func fixedGas(
        _ opcode: Opcode, _ traits: Opcode.Traits, _ revision: Revision
    ) -> Int32 {
        switch opcode {
        // EIP-8037: what the new account costs is state gas.
        case .create, .create2: revision >= .amsterdam ? 9000 : Int32(traits.gas)
        case .sload, .balance, .extcodesize, .extcodecopy, .extcodehash, .call, .callcode,
            .delegatecall, .staticcall, .selfdestruct:
            0
        default: Int32(traits.gas)
        }
    }
}
