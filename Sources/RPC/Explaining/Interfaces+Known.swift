import Encoding

extension Interfaces {
    /// What most contracts share: tokens, and the errors of OpenZeppelin's contracts (release 5).
    public static let known: Interfaces = {
        var interfaces = Interfaces()
        interfaces.add(functions.compactMap { entry($0, as: "function") })
        interfaces.add(events.compactMap { entry($0, as: "event") })
        interfaces.add(errors.compactMap { entry($0, as: "error") })
        return interfaces
    }()

    /// Reads `name(kind name, …)`; `*` after a kind marks what an event has in a topic.
    ///
    /// What a function returns follows after a colon.
    private static func entry(_ text: String, as sort: String) -> ABI.Entry? {
        let parts = text.split(separator: ":")
        guard let head = parts.first, let open = head.firstIndex(of: "("), head.last == ")" else {
            return nil
        }
        let inputs = head[head.index(after: open)...].dropLast().split(separator: ",")
        let outputs = parts.dropFirst().first?.split(separator: ",") ?? []
        let json: JSON = [
            [
                "type": .string(sort), "name": .string(String(head[..<open])),
                "inputs": .array(inputs.map(parameter)),
                "outputs": .array(outputs.map(parameter)),
            ]
        ]
        return (try? ABI.interface(json))?.first
    }

    private static func parameter(_ text: Substring) -> JSON {
        let words = text.split(separator: " ")
        let kind = words.first ?? ""
        return [
            "type": .string(String(kind.last == "*" ? kind.dropLast() : kind)),
            "name": .string(words.dropFirst().first.map(String.init) ?? ""),
            "indexed": .bool(kind.last == "*"),
        ]
    }

    /// ERC-20, ERC-721, ERC-1155, ERC-165, ERC-173, ERC-2612, Multicall3.
    private static let functions = [
        "transfer(address to, uint256 amount):bool",
        "transferFrom(address from, address to, uint256 amount):bool",
        "approve(address spender, uint256 amount):bool",
        "allowance(address owner, address spender):uint256", "balanceOf(address owner):uint256",
        "totalSupply():uint256", "name():string", "symbol():string", "decimals():uint8",
        "mint(address to, uint256 amount)", "burn(uint256 amount)", "owner():address",
        "transferOwnership(address newOwner)", "renounceOwnership()",
        "ownerOf(uint256 tokenId):address", "getApproved(uint256 tokenId):address",
        "setApprovalForAll(address operator, bool approved)",
        "isApprovedForAll(address owner, address operator):bool",
        "safeTransferFrom(address from, address to, uint256 tokenId)",
        "safeTransferFrom(address from, address to, uint256 tokenId, bytes data)",
        "tokenURI(uint256 tokenId):string", "supportsInterface(bytes4 interfaceId):bool",
        "permit(address owner, address spender, uint256 value, uint256 deadline, uint8 v, bytes32 r, bytes32 s)",
        "nonces(address owner):uint256", "DOMAIN_SEPARATOR():bytes32",
        "safeTransferFrom(address from, address to, uint256 id, uint256 value, bytes data)",
        "balanceOfBatch(address[] owners, uint256[] ids):uint256[]", "deposit()",
        "withdraw(uint256 amount)",
        "aggregate3((address,bool,bytes)[] calls)",
        "onERC721Received(address operator, address from, uint256 tokenId, bytes data):bytes4",
        "upgradeToAndCall(address implementation, bytes data)", "implementation():address",
    ]

    private static let events = [
        "Transfer(address* from, address* to, uint256 value)",
        "Transfer(address* from, address* to, uint256* tokenId)",
        "Approval(address* owner, address* spender, uint256 value)",
        "Approval(address* owner, address* approved, uint256* tokenId)",
        "ApprovalForAll(address* owner, address* operator, bool approved)",
        "TransferSingle(address* operator, address* from, address* to, uint256 id, uint256 value)",
        "TransferBatch(address* operator, address* from, address* to, uint256[] ids, uint256[] values)",
        "URI(string value, uint256* id)",
        "OwnershipTransferred(address* previousOwner, address* newOwner)",
        "RoleGranted(bytes32* role, address* account, address* sender)",
        "RoleRevoked(bytes32* role, address* account, address* sender)",
        "Deposit(address* to, uint256 amount)", "Withdrawal(address* from, uint256 amount)",
        "Paused(address account)", "Unpaused(address account)", "Upgraded(address* implementation)",
        "Initialized(uint64 version)",
    ]

    private static let errors = [
        "ERC20InsufficientBalance(address sender, uint256 balance, uint256 needed)",
        "ERC20InvalidSender(address sender)", "ERC20InvalidReceiver(address receiver)",
        "ERC20InsufficientAllowance(address spender, uint256 allowance, uint256 needed)",
        "ERC20InvalidApprover(address approver)", "ERC20InvalidSpender(address spender)",
        "ERC20ExceededCap(uint256 increasedSupply, uint256 cap)", "ERC20InvalidCap(uint256 cap)",
        "ERC721InvalidOwner(address owner)", "ERC721NonexistentToken(uint256 tokenId)",
        "ERC721IncorrectOwner(address sender, uint256 tokenId, address owner)",
        "ERC721InvalidSender(address sender)", "ERC721InvalidReceiver(address receiver)",
        "ERC721InsufficientApproval(address operator, uint256 tokenId)",
        "ERC721InvalidApprover(address approver)", "ERC721InvalidOperator(address operator)",
        "ERC1155InsufficientBalance(address sender, uint256 balance, uint256 needed, uint256 tokenId)",
        "ERC1155InvalidSender(address sender)", "ERC1155InvalidReceiver(address receiver)",
        "ERC1155MissingApprovalForAll(address operator, address owner)",
        "ERC1155InvalidApprover(address approver)", "ERC1155InvalidOperator(address operator)",
        "ERC1155InvalidArrayLength(uint256 idsLength, uint256 valuesLength)",
        "OwnableUnauthorizedAccount(address account)", "OwnableInvalidOwner(address owner)",
        "AccessControlUnauthorizedAccount(address account, bytes32 neededRole)",
        "AccessControlBadConfirmation()", "EnforcedPause()", "ExpectedPause()",
        "ReentrancyGuardReentrantCall()", "AddressEmptyCode(address target)",
        "AddressInsufficientBalance(address account)", "FailedInnerCall()", "FailedCall()",
        "InsufficientBalance(uint256 balance, uint256 needed)", "FailedDeployment()",
        "SafeERC20FailedOperation(address token)",
        "SafeERC20FailedDecreaseAllowance(address spender, uint256 currentAllowance, uint256 requestedDecrease)",
        "ERC2612ExpiredSignature(uint256 deadline)",
        "ERC2612InvalidSigner(address signer, address owner)",
        "InvalidAccountNonce(address account, uint256 currentNonce)", "ECDSAInvalidSignature()",
        "ECDSAInvalidSignatureLength(uint256 length)", "ECDSAInvalidSignatureS(bytes32 s)",
        "InvalidInitialization()", "NotInitializing()",
        "ERC1967InvalidImplementation(address implementation)", "ERC1967NonPayable()",
        "UUPSUnauthorizedCallContext()", "UUPSUnsupportedProxiableUUID(bytes32 slot)",
        "MathOverflowedMulDiv()", "SafeCastOverflowedUintDowncast(uint8 bits, uint256 value)",
        "StringsInsufficientHexLength(uint256 value, uint256 length)",
        "ERC4626ExceededMaxDeposit(address receiver, uint256 assets, uint256 max)",
        "ERC4626ExceededMaxWithdraw(address owner, uint256 assets, uint256 max)",
        "ERC4626ExceededMaxRedeem(address owner, uint256 shares, uint256 max)",
        "ERC4626ExceededMaxMint(address receiver, uint256 shares, uint256 max)",
    ]
}
