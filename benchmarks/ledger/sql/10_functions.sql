-- Chance is a hash of (seed, what for, which row): a row draws the same number whatever
-- the plan, the order or the size of the book, so that a seed really names one ledger.
CREATE FUNCTION pg_temp.chance(purpose text, entity bigint) RETURNS float8
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (hashint8extended(entity, hashtextextended(purpose, %(seed)s)) & 9007199254740991)
    / 9007199254740992.0::float8
$$;

-- A standard normal variate by Box-Muller: PostgreSQL before 16 has none.
CREATE FUNCTION pg_temp.normal(purpose text, entity bigint) RETURNS float8
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT sqrt(-2 * ln(1 - pg_temp.chance(purpose || ' radius', entity)))
    * cos(2 * pi() * pg_temp.chance(purpose || ' angle', entity))
$$;

-- One of `count` partners, 1-based; a few of them buy most.
CREATE FUNCTION pg_temp.buyer(purpose text, entity bigint, count int) RETURNS int
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT 1 + floor(count * power(pg_temp.chance(purpose || ' buyer', entity), 1.8))::int
$$;

-- Amounts in a foreign currency are multiples of 0.20: exact in the other currency at the
-- constant rates 0.8 and 1.25, so that settling them leaves no exchange difference.
CREATE FUNCTION pg_temp.payable(amount float8, is_foreign boolean) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN is_foreign THEN greatest(1, round((amount * 5)::numeric)) / 5
         ELSE greatest(0.01, round(amount::numeric, 2)) END
$$;

-- Payment runs are on Fridays.
CREATE FUNCTION pg_temp.next_friday(day date) RETURNS date
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT day + mod(12 - extract(isodow FROM day)::int, 7)
$$;

-- Odoo pads sequence numbers to five digits and lets them grow beyond.
CREATE FUNCTION pg_temp.padded(number bigint) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT lpad(number::text, greatest(5, length(number::text)), '0')
$$;
