import Identifiers
import Primitives

extension StepSet {
    /// What the frame and its surroundings know.
    mutating func setQuestions() {
        self[.address] = Row {
            put($3.withFrame { frame, _ in frame.address.word }, $0, $1, $2, $3)
        }
        self[.origin] = Row {
            ask($0, $1, $2, $3) { interpreter, _, _ in interpreter.environment.origin.word }
        }
        self[.caller] = Row {
            put($3.withFrame { frame, _ in frame.caller.word }, $0, $1, $2, $3)
        }
        self[.callvalue] = Row {
            put($3.withFrame { frame, _ in frame.value }, $0, $1, $2, $3)
        }
        self[.gasprice] = Row {
            ask($0, $1, $2, $3) { interpreter, _, _ in interpreter.environment.gasPrice }
        }
        self[.coinbase] = Row {
            ask($0, $1, $2, $3) { interpreter, _, _ in interpreter.environment.coinbase.word }
        }
        self[.timestamp] = Row {
            ask($0, $1, $2, $3) { interpreter, _, _ in UInt256(interpreter.environment.timestamp) }
        }
        self[.number] = Row {
            ask($0, $1, $2, $3) { interpreter, _, _ in UInt256(interpreter.environment.number) }
        }
        self[.prevrandao] = Row {
            ask($0, $1, $2, $3) { interpreter, _, _ in interpreter.environment.prevRandao }
        }
        self[.gaslimit] = Row {
            ask($0, $1, $2, $3) { interpreter, _, _ in UInt256(interpreter.environment.gasLimit) }
        }
        self[.chainid] = Row {
            ask($0, $1, $2, $3) { interpreter, _, _ in UInt256(interpreter.environment.chainID) }
        }
        self[.selfbalance] = Row {
            ask($0, $1, $2, $3) { interpreter, frame, _ in interpreter.host.balance(frame.address) }
        }
        self[.basefee] = Row {
            ask($0, $1, $2, $3) { interpreter, _, _ in interpreter.environment.baseFee }
        }
        self[.blobbasefee] = Row {
            ask($0, $1, $2, $3) { interpreter, _, _ in interpreter.environment.blobBaseFee }
        }
        self[.slotnum] = Row {
            ask($0, $1, $2, $3) { interpreter, _, _ in UInt256(interpreter.environment.slotNumber) }
        }
        self[.returndatasize] = Row {
            ask($0, $1, $2, $3) { interpreter, _, _ in UInt256(UInt64(interpreter.returnData.count))
            }
        }
    }

    /// What the interpreter does for both engines, and must know the gas for.
    mutating func setState() {
        self[.exp] = Row(.exact) {
            exactly($0, $1, $2, $3) { $0.expInstruction($1) ? nil : $0.stop($1, .outOfGas) }
        }
        self[.keccak256] = Row(.exact) {
            exactly($0, $1, $2, $3) { $0.keccakInstruction($1) ? nil : $0.stop($1, .outOfGas) }
        }
        self[.balance] = Row(.exact) {
            exactly($0, $1, $2, $3) { $0.balanceInstruction($1) ? nil : $0.stop($1, .outOfGas) }
        }
        self[.extcodesize] = Row(.exact) {
            exactly($0, $1, $2, $3) { $0.extcodesizeInstruction($1) ? nil : $0.stop($1, .outOfGas) }
        }
        self[.extcodecopy] = Row(.exact) {
            exactly($0, $1, $2, $3) { $0.extcodecopyInstruction($1) ? nil : $0.stop($1, .outOfGas) }
        }
        self[.extcodehash] = Row(.exact) {
            exactly($0, $1, $2, $3) { $0.extcodehashInstruction($1) ? nil : $0.stop($1, .outOfGas) }
        }
        self[.mcopy] = Row(.exact) {
            exactly($0, $1, $2, $3) { $0.mcopyInstruction($1) ? nil : $0.stop($1, .outOfGas) }
        }
        self[.returndatacopy] = Row(.exact) {
            exactly($0, $1, $2, $3) { $0.returndatacopyInstruction($1) }
        }
        self[.sstore] = Row(.exact) {
            exactly($0, $1, $2, $3) { $0.sstoreInstruction($1) }
        }
        self[.call] = Row(.exact) {
            exactly($0, $1, $2, $3) { $0.callInstruction($1, .call) }
        }
        self[.callcode] = Row(.exact) {
            exactly($0, $1, $2, $3) { $0.callInstruction($1, .callcode) }
        }
        self[.delegatecall] = Row(.exact) {
            exactly($0, $1, $2, $3) { $0.callInstruction($1, .delegatecall) }
        }
        self[.staticcall] = Row(.exact) {
            exactly($0, $1, $2, $3) { $0.callInstruction($1, .staticcall) }
        }
        self[.create] = Row(.exact) {
            exactly($0, $1, $2, $3) { $0.createInstruction($1, .create) }
        }
        self[.create2] = Row(.exact) {
            exactly($0, $1, $2, $3) { $0.createInstruction($1, .create2) }
        }
        self[.log0] = Row(.exact) {
            exactly($0, $1, $2, $3) { $0.logInstruction($1, topics: 0) }
        }
        self[.log1] = Row(.exact) {
            exactly($0, $1, $2, $3) { $0.logInstruction($1, topics: 1) }
        }
        self[.log2] = Row(.exact) {
            exactly($0, $1, $2, $3) { $0.logInstruction($1, topics: 2) }
        }
        self[.log3] = Row(.exact) {
            exactly($0, $1, $2, $3) { $0.logInstruction($1, topics: 3) }
        }
        self[.log4] = Row(.exact) {
            exactly($0, $1, $2, $3) { $0.logInstruction($1, topics: 4) }
        }
        self[.sload] = Row(.exact) {
            exactly($0, $1, $2, $3) { $0.sloadInstruction($1) ? nil : $0.stop($1, .outOfGas) }
        }
        self[.gas] = Row(.exact) {
            put(UInt256(UInt64($2 &+ Int64($0.pointee.low))), $0, $1, $2, $3)
        }
    }

    /// What asks the host and has its price beforehand.
    mutating func setHost() {
        self[.blockhash] = Row {
            $1[-1] = answer($1[-1], $3) { $0.blockHash($2) }
            return go($0 + 1, $1, $2, $3)
        }
        self[.blobhash] = Row {
            $1[-1] = answer($1[-1], $3) { $0.blobHash($2) }
            return go($0 + 1, $1, $2, $3)
        }
        self[.tload] = Row {
            $1[-1] = answer($1[-1], $3) { $0.host.loadTransient($1.address, $2) }
            return go($0 + 1, $1, $2, $3)
        }
        self[.tstore] = Row {
            guard storeTransient($1[-1], $1[-2], $3) else { return fail(.staticViolation, $3) }
            return go($0 + 1, $1 - 2, $2, $3)
        }
    }
}
