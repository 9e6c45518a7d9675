# pragma version 0.4.3
# pragma evm-version cancun
# pragma optimize gas
"""
@title Dollar
@notice The shop's stable token: ERC-20 with permits (EIP-2612).
@dev Six decimals, as the stable tokens in use have, so that wallets and other people's contracts
     meet what they know. A cent is 10,000 units exactly; nothing here or in Orders ever divides.
"""

from ethereum.ercs import IERC20

implements: IERC20

event Transfer:
    sender: indexed(address)
    receiver: indexed(address)
    value: uint256

event Approval:
    owner: indexed(address)
    spender: indexed(address)
    value: uint256

name: public(constant(String[14])) = "Martlet Dollar"
symbol: public(constant(String[4])) = "MUSD"
decimals: public(constant(uint8)) = 6
version: public(constant(String[1])) = "1"

DOMAIN_TYPE: constant(bytes32) = keccak256(
    "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
)
PERMIT_TYPE: constant(bytes32) = keccak256(
    "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"
)
# Half of the curve's order: a signature with a greater s has a twin and is refused (EIP-2).
HALF_ORDER: constant(uint256) = (
    57896044618658097711785492504343953926418782139537452191302581570759080747168
)

# Who may issue: fixed at birth.
issuer: public(immutable(address))
BIRTH_CHAIN: immutable(uint256)
BIRTH_DOMAIN: immutable(bytes32)

totalSupply: public(uint256)
balanceOf: public(HashMap[address, uint256])
allowance: public(HashMap[address, HashMap[address, uint256]])
nonces: public(HashMap[address, uint256])


@deploy
def __init__():
    issuer = msg.sender
    BIRTH_CHAIN = chain.id
    BIRTH_DOMAIN = self._domain()


@external
def mint(receiver: address, amount: uint256) -> bool:
    """
    @notice Issues new units to an account.
    """
    assert msg.sender == issuer, "only the issuer"
    assert receiver != empty(address), "no receiver"
    self.totalSupply += amount
    # The sum of all balances is the supply, which did not overflow.
    self.balanceOf[receiver] = unsafe_add(self.balanceOf[receiver], amount)
    log Transfer(sender=empty(address), receiver=receiver, value=amount)
    return True


@external
def burn(amount: uint256) -> bool:
    """
    @notice Takes units of the caller out of the world.
    """
    balance: uint256 = self.balanceOf[msg.sender]
    assert balance >= amount, "balance too low"
    self.balanceOf[msg.sender] = unsafe_sub(balance, amount)
    self.totalSupply = unsafe_sub(self.totalSupply, amount)
    log Transfer(sender=msg.sender, receiver=empty(address), value=amount)
    return True


@external
def transfer(receiver: address, amount: uint256) -> bool:
    """
    @notice Moves units of the caller.
    """
    self._move(msg.sender, receiver, amount)
    return True


@external
def transferFrom(sender: address, receiver: address, amount: uint256) -> bool:
    """
    @notice Moves units of another who allowed it; an allowance of all bits set never lessens.
    """
    allowed: uint256 = self.allowance[sender][msg.sender]
    if allowed != max_value(uint256):
        assert allowed >= amount, "allowance too low"
        self.allowance[sender][msg.sender] = unsafe_sub(allowed, amount)
    self._move(sender, receiver, amount)
    return True


@external
def approve(spender: address, amount: uint256) -> bool:
    """
    @notice Lets another move units of the caller.
    """
    self._approve(msg.sender, spender, amount)
    return True


@external
def permit(
    owner: address,
    spender: address,
    amount: uint256,
    deadline: uint256,
    v: uint8,
    r: bytes32,
    s: bytes32,
):
    """
    @notice Sets an allowance by its owner's signature (EIP-2612); anyone may bring it, once.
    """
    assert block.timestamp <= deadline, "permit expired"
    assert convert(s, uint256) <= HALF_ORDER, "permit malleable"
    nonce: uint256 = self.nonces[owner]
    digest: bytes32 = keccak256(
        concat(
            b"\x19\x01",
            self._current_domain(),
            keccak256(abi_encode(PERMIT_TYPE, owner, spender, amount, nonce, deadline)),
        )
    )
    signer: address = ecrecover(digest, v, r, s)
    assert signer != empty(address) and signer == owner, "permit not signed by owner"
    self.nonces[owner] = unsafe_add(nonce, 1)
    self._approve(owner, spender, amount)


@external
@view
def DOMAIN_SEPARATOR() -> bytes32:
    """
    @notice What ties permits to this token on this chain (EIP-712).
    """
    return self._current_domain()


@internal
def _move(sender: address, receiver: address, amount: uint256):
    assert receiver != empty(address), "no receiver"
    balance: uint256 = self.balanceOf[sender]
    assert balance >= amount, "balance too low"
    self.balanceOf[sender] = unsafe_sub(balance, amount)
    # The sum of all balances is the supply, which did not overflow.
    self.balanceOf[receiver] = unsafe_add(self.balanceOf[receiver], amount)
    log Transfer(sender=sender, receiver=receiver, value=amount)


@internal
def _approve(owner: address, spender: address, amount: uint256):
    assert spender != empty(address), "no spender"
    self.allowance[owner][spender] = amount
    log Approval(owner=owner, spender=spender, value=amount)


@internal
@view
def _current_domain() -> bytes32:
    # A chain that split off has another number, and old permits are void there.
    if chain.id == BIRTH_CHAIN:
        return BIRTH_DOMAIN
    return self._domain()


@internal
@view
def _domain() -> bytes32:
    return keccak256(
        abi_encode(DOMAIN_TYPE, keccak256(name), keccak256(version), chain.id, self)
    )
