# pragma version 0.4.3
# pragma evm-version cancun
# pragma optimize gas
"""
@title Disperse
@notice Gives many accounts the chain's own money and a token in one transaction, and tells what
        many accounts have in one call. It never keeps anything.
"""

from ethereum.ercs import IERC20

MOST: constant(uint256) = 500


@external
@payable
def fund(
    token: address,
    receivers: DynArray[address, MOST],
    units: DynArray[uint256, MOST],
    each: uint256,
):
    """
    @notice Sends every receiver `each` wei of what comes along, whose sum must be met exactly, and
            so many of the caller's units of the token, which the caller must have allowed.
    """
    assert len(receivers) == len(units), "lists differ in length"
    assert msg.value == each * len(receivers), "value is not the sum"
    index: uint256 = 0
    for receiver: address in receivers:
        if each != 0:
            send(receiver, each)
        if units[index] != 0:
            assert extcall IERC20(token).transferFrom(
                msg.sender, receiver, units[index], default_return_value=True
            ), "transfer failed"
        index = unsafe_add(index, 1)


@external
@view
def balances(
    token: address, accounts: DynArray[address, MOST]
) -> (DynArray[uint256, MOST], DynArray[uint256, MOST]):
    """
    @notice The wei and the units of the token that each account has.
    """
    own: DynArray[uint256, MOST] = []
    units: DynArray[uint256, MOST] = []
    for account: address in accounts:
        own.append(account.balance)
        units.append(staticcall IERC20(token).balanceOf(account))
    return (own, units)
