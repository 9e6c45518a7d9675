# pragma version 0.4.3
# pragma evm-version cancun
# pragma optimize gas
"""
@title Orders
@notice The ledger of a shop: customers register and buy; the price lies in escrow until the
        merchant delivers, and goes back if the order is cancelled before.
@dev Money is counted in cents. All that is known of an order, of a customer and of a day fits one
     word each, so that a purchase writes one new word and changes three: about 76,000 gas.

     Who orders names the purchase by a number of the customer's choosing. The same customer cannot
     use a number twice, so an order that was sent again because its fate was unknown is refused.
"""

from ethereum.ercs import IERC20

event Registered:
    customer: indexed(address)
    number: uint256

event Ordered:
    customer: indexed(address)
    purchase: indexed(uint256)
    day: indexed(uint256)
    discs: uint256
    cents: uint256

event Delivered:
    customer: indexed(address)
    purchase: indexed(uint256)
    cents: uint256

event Cancelled:
    customer: indexed(address)
    purchase: indexed(uint256)
    cents: uint256

# What Dollar's six decimals make of a cent.
UNITS_PER_CENT: constant(uint256) = 10_000
# How many orders, customers or days one call may name.
MOST: constant(uint256) = 500
# The greatest price of one order, ten million dollars: far from what any field can hold.
MOST_CENTS: constant(uint256) = 1_000_000_000
MOST_DISCS: constant(uint256) = 65_535

# The stages of an order, in the lowest byte of its word.
ORDERED: constant(uint256) = 1
DELIVERED: constant(uint256) = 2
CANCELLED: constant(uint256) = 3

# A word's fields, from its low end.
# order:     stage 8 · discs 16 · day 32 · cents 32
# day:       purchases 32 · cents 64 · discs 48
# customer:  purchases 32 · cents 64 · discs 48 · first day 32 · last day 32 · number 48
# books:     customers 32 · purchases 32 · cents 64 · escrow 64 · delivered 32 · cancelled 32
# Fewer than 2**32 purchases of at most 2**30 cents and 2**16 discs fit their sums.
LOW_8: constant(uint256) = 2**8 - 1
LOW_16: constant(uint256) = 2**16 - 1
LOW_32: constant(uint256) = 2**32 - 1
LOW_48: constant(uint256) = 2**48 - 1
LOW_64: constant(uint256) = 2**64 - 1

merchant: public(immutable(address))
dollar: public(immutable(address))

orders: HashMap[uint256, uint256]
customers: HashMap[address, uint256]
days: HashMap[uint256, uint256]
books: uint256


@deploy
def __init__(token: address):
    assert token.is_contract, "no token"
    merchant = msg.sender
    dollar = token


@external
def register(allowed: uint256, deadline: uint256, v: uint8, r: bytes32, s: bytes32):
    """
    @notice Makes the caller a customer, and lets the shop take up to `allowed` units of the token
            by the permit that comes along (EIP-2612).
    """
    assert self.customers[msg.sender] == 0, "registered already"
    number: uint256 = (self.books & LOW_32) + 1
    assert number <= LOW_32, "too many customers"
    self.books += 1
    self.customers[msg.sender] = number << 208
    log Registered(customer=msg.sender, number=number)
    # Anyone can bring a permit that was seen on its way; it is used up then, but has done its work.
    brought: bool = raw_call(
        dollar,
        abi_encode(
            msg.sender,
            self,
            allowed,
            deadline,
            v,
            r,
            s,
            method_id=method_id("permit(address,address,uint256,uint256,uint8,bytes32,bytes32)"),
        ),
        revert_on_failure=False,
    )
    if not brought:
        assert staticcall IERC20(dollar).allowance(msg.sender, self) >= allowed, "bad permit"


@external
def order(purchase: uint256, day: uint256, discs: uint256, cents: uint256):
    """
    @notice Orders so many discs at a price, which goes into escrow.
    @param purchase The caller's own number for it below 2**64, never to be used again.
    @param day The day as yyyymmdd.
    """
    record: uint256 = self.customers[msg.sender]
    assert record != 0, "not registered"
    assert purchase <= LOW_64, "purchase number too great"
    assert 10_000_101 <= day and day <= 99_991_231, "no such day"
    assert discs <= MOST_DISCS, "too many discs"
    assert cents <= MOST_CENTS, "price too great"
    key: uint256 = self._key(msg.sender, purchase)
    assert self.orders[key] == 0, "purchase known already"
    self.orders[key] = ORDERED | (discs << 8) | (day << 24) | (cents << 56)
    all: uint256 = self.books
    # No customer and no day can have more purchases than the shop.
    assert (all >> 32) & LOW_32 < LOW_32, "too many purchases"
    self.books = all + (1 << 32) + (cents << 64) + (cents << 128)
    added: uint256 = 1 | (cents << 32) | (discs << 96)
    self.days[day] += added
    first: uint256 = (record >> 144) & LOW_32
    if first == 0 or day < first:
        record = record - (first << 144) + (day << 144)
    last: uint256 = (record >> 176) & LOW_32
    if day > last:
        record = record + ((day - last) << 176)
    self.customers[msg.sender] = record + added
    log Ordered(customer=msg.sender, purchase=purchase, day=day, discs=discs, cents=cents)
    if cents != 0:
        assert extcall IERC20(dollar).transferFrom(
            msg.sender, self, cents * UNITS_PER_CENT, default_return_value=True
        ), "payment failed"


@external
def deliver(customers: DynArray[address, MOST], purchases: DynArray[uint256, MOST]):
    """
    @notice Marks orders as delivered and takes their price out of escrow, all or none.
    """
    assert msg.sender == merchant, "only the merchant"
    assert len(customers) == len(purchases), "lists differ in length"
    sum: uint256 = 0
    index: uint256 = 0
    for purchase: uint256 in purchases:
        customer: address = customers[index]
        key: uint256 = self._key(customer, purchase)
        word: uint256 = self.orders[key]
        assert word & LOW_8 == ORDERED, "not awaiting delivery"
        # The stage goes from 1 to 2.
        self.orders[key] = word + 1
        cents: uint256 = word >> 56
        sum += cents
        log Delivered(customer=customer, purchase=purchase, cents=cents)
        index = unsafe_add(index, 1)
    self.books = self.books - (sum << 128) + (index << 192)
    if sum != 0:
        assert extcall IERC20(dollar).transfer(
            merchant, sum * UNITS_PER_CENT, default_return_value=True
        ), "payment failed"


@external
def cancel(customer: address, purchase: uint256):
    """
    @notice Takes an order back before its delivery, by its customer or the merchant: the price is
            returned, and the order counts in no sum.
    """
    assert msg.sender == customer or msg.sender == merchant, "not yours to cancel"
    key: uint256 = self._key(customer, purchase)
    word: uint256 = self.orders[key]
    assert word & LOW_8 == ORDERED, "not awaiting delivery"
    self.orders[key] = word + 2
    cents: uint256 = word >> 56
    taken: uint256 = 1 | (cents << 32) | (((word >> 8) & LOW_16) << 96)
    self.customers[customer] -= taken
    self.days[(word >> 24) & LOW_32] -= taken
    self.books = self.books - (1 << 32) - (cents << 64) - (cents << 128) + (1 << 224)
    log Cancelled(customer=customer, purchase=purchase, cents=cents)
    if cents != 0:
        assert extcall IERC20(dollar).transfer(
            customer, cents * UNITS_PER_CENT, default_return_value=True
        ), "refund failed"


@external
@view
def summary() -> (uint256, uint256, uint256, uint256, uint256, uint256):
    """
    @notice Customers, purchases, their cents, cents in escrow, orders delivered, orders cancelled.
    """
    all: uint256 = self.books
    return (
        all & LOW_32,
        (all >> 32) & LOW_32,
        (all >> 64) & LOW_64,
        (all >> 128) & LOW_64,
        (all >> 192) & LOW_32,
        all >> 224,
    )


@external
@view
def customer(account: address) -> (uint256, uint256, uint256, uint256, uint256, uint256):
    """
    @notice A customer's number (0 for none), purchases, discs, cents, first and last day.
    """
    record: uint256 = self.customers[account]
    return (
        record >> 208,
        record & LOW_32,
        (record >> 96) & LOW_48,
        (record >> 32) & LOW_64,
        (record >> 144) & LOW_32,
        (record >> 176) & LOW_32,
    )


@external
@view
def purchase(customer: address, number: uint256) -> (uint256, uint256, uint256, uint256):
    """
    @notice An order's stage (0 none, 1 ordered, 2 delivered, 3 cancelled), day, discs and cents.
    """
    word: uint256 = self.orders[self._key(customer, number)]
    return (word & LOW_8, (word >> 24) & LOW_32, (word >> 8) & LOW_16, word >> 56)


@external
@view
def totals(
    accounts: DynArray[address, MOST],
) -> (DynArray[uint256, MOST], DynArray[uint256, MOST]):
    """
    @notice The purchases of each customer, and their cents.
    """
    counts: DynArray[uint256, MOST] = []
    cents: DynArray[uint256, MOST] = []
    for account: address in accounts:
        record: uint256 = self.customers[account]
        counts.append(record & LOW_32)
        cents.append((record >> 32) & LOW_64)
    return (counts, cents)


@external
@view
def totals_by_day(
    dates: DynArray[uint256, MOST],
) -> (DynArray[uint256, MOST], DynArray[uint256, MOST]):
    """
    @notice The purchases of each day (as yyyymmdd), and their cents.
    """
    counts: DynArray[uint256, MOST] = []
    cents: DynArray[uint256, MOST] = []
    for date: uint256 in dates:
        record: uint256 = self.days[date]
        counts.append(record & LOW_32)
        cents.append((record >> 32) & LOW_64)
    return (counts, cents)


@external
@view
def stages(
    accounts: DynArray[address, MOST], numbers: DynArray[uint256, MOST]
) -> DynArray[uint256, MOST]:
    """
    @notice The stage of each of these orders (0 none, 1 ordered, 2 delivered, 3 cancelled).
    """
    assert len(accounts) == len(numbers), "lists differ in length"
    found: DynArray[uint256, MOST] = []
    index: uint256 = 0
    for number: uint256 in numbers:
        found.append(self.orders[self._key(accounts[index], number)] & LOW_8)
        index = unsafe_add(index, 1)
    return found


@internal
@pure
def _key(customer: address, purchase: uint256) -> uint256:
    return (convert(customer, uint256) << 96) | (purchase & LOW_64)
