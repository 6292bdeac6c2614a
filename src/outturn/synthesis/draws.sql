-- Chance, as a pure function: the same seed, person and name of a draw always give the same number, on every
-- machine, with any number of threads and however many people there are. Three rounds, each a multiplication modulo a
-- prime just below 2^32 (64 bits hold the product), with bits flipped between them. The argument stands in the formula
-- once, so that draws of draws stay short. Names of draws become numbers by MD5 while the query is planned.
CREATE OR REPLACE MACRO lower_half(x) AS x & 4294967295::UBIGINT;
CREATE OR REPLACE MACRO stir_1(x) AS xor((x) * 2654435769::UBIGINT % 4294967291::UBIGINT, 2774681837::UBIGINT);
CREATE OR REPLACE MACRO stir_2(x) AS xor((x) * 2246822519::UBIGINT % 4294967279::UBIGINT, 1515870810::UBIGINT);
CREATE OR REPLACE MACRO stir(x) AS stir_2(stir_1(x)) * 3266489917::UBIGINT % 4294967231::UBIGINT;

-- The key of a person under a seed; from it a key of each event; from either as many draws as wanted.
CREATE OR REPLACE MACRO key_of(seed, person) AS stir(xor(stir(lower_half(seed)), lower_half(person::UBIGINT)));
CREATE OR REPLACE MACRO key_for(key, name) AS stir(xor(key, lower_half(md5_number_lower(name))));
CREATE OR REPLACE MACRO draw(key, name) AS (key_for(key, name) / 4294967231.0)::DOUBLE;  -- 0 <= draw < 1
CREATE OR REPLACE MACRO whole(key, name, low, high) AS low + floor(draw(key, name) * (high - low + 1))::INTEGER;
-- Days to something that happens on average after `mean` days, at any moment as likely as at another.
CREATE OR REPLACE MACRO wait(key, name, mean) AS floor(least(-(mean) * ln(1 - draw(key, name)), 30000))::INTEGER;
CREATE OR REPLACE MACRO one_of(key, name, words) AS words[1 + floor(draw(key, name) * len(words))::INTEGER];

CREATE OR REPLACE MACRO person_id(person) AS (10000000 + person)::VARCHAR;

-- NHS numbers 999 000 0000 to 999 999 9999 are set aside for tests: nobody has one. About one in eleven has
-- no valid check digit, and ten nines look like a stand-in; people to whom such a one would fall have no NHS number, and so has everyone after
-- the first million.
CREATE OR REPLACE MACRO weighed(six) AS 10 * 9 + 9 * 9 + 8 * 9 + 7 * (six // 100000) + 6 * (six // 10000 % 10)
    + 5 * (six // 1000 % 10) + 4 * (six // 100 % 10) + 3 * (six // 10 % 10) + 2 * (six % 10);
CREATE OR REPLACE MACRO test_nhs_number(six) AS CASE (11 - weighed(six) % 11) % 11
    WHEN 10 THEN NULL
    ELSE nullif('999' || lpad(six::VARCHAR, 6, '0') || ((11 - weighed(six) % 11) % 11)::VARCHAR, '9999999999') END;
CREATE OR REPLACE MACRO nhs_number_of(seed, person) AS CASE
    WHEN person <= 1000000 THEN test_nhs_number(((person * 611953 + seed * 7919) % 1000000)::BIGINT) END;

-- How many days pass until something is written down: most within a week, a tail of months.
CREATE OR REPLACE MACRO late(key, name) AS CASE
    WHEN draw(key, name || ' late') < 0.80 THEN whole(key, name, 0, 8)
    WHEN draw(key, name || ' late') < 0.95 THEN whole(key, name, 9, 40)
    ELSE whole(key, name, 41, 160) END;

-- What services cost, in pounds and pence, and how much of them there is, in halves.
CREATE OR REPLACE MACRO pounds(key, name, low, high) AS (floor((low + draw(key, name) * (high - low)) * 100) / 100)::DECIMAL(18, 2);
CREATE OR REPLACE MACRO units(key, name, low, high) AS (floor((low + draw(key, name) * (high - low)) * 2) / 2)::DECIMAL(18, 2);
CREATE OR REPLACE MACRO house(number) AS getvariable('houses')[1 + number % len(getvariable('houses'))];
