-- Debtors: firms and consumers, where they live, how they pay and whom they buy from.
-- slot 1 or 2 is the company they buy from; 0 buys from both.
CREATE TEMP TABLE gen_partner ON COMMIT DROP AS
SELECT r.k, r.is_firm, r.behaviour, r.on_friday, r.slot, r.foreign_share,
       %(partner0)s + r.k AS id,
       CASE WHEN r.with_child THEN %(partner0)s + %(partners)s
            + count(*) FILTER (WHERE r.with_child) OVER (ORDER BY r.k) END AS child_id,
       l.country_id, l.lang, l.tz, l.city,
       l.phone || lpad(floor(r.number * 10 ^ l.digits)::text, l.digits, '0') AS phone,
       t.id AS term, u.id AS user_id,
       CASE WHEN r.is_firm
            THEN (ARRAY['Comercial', 'Distribuidora', 'Servicios', 'Industrias', 'Colegio',
                        'Agencia', 'Taller', 'Farmacia'])[1 + floor(8 * r.first)::int]
            ELSE (ARRAY['María', 'José', 'Ana', 'Luis', 'Carmen', 'Jorge', 'Lucía', 'Pedro'])
                 [1 + floor(8 * r.first)::int] END || ' ' ||
       (ARRAY['Andrade', 'Benítez', 'Castro', 'Domínguez', 'Espinoza', 'Flores', 'García',
              'Herrera', 'Ibáñez', 'Jiménez'])[1 + floor(10 * r.last)::int] || ' ' ||
       to_char(r.k, 'FM0000000') AS name,
       CASE WHEN pg_temp.chance('email', r.k) < .95
            THEN 'cuentas' || r.k || '@debtor' || r.k || '.example.com' END AS email
  FROM (SELECT k, is_firm,
               is_firm AND pg_temp.chance('child', k) < .3 AS with_child,
               pg_temp.chance('friday', k) < .5 AS on_friday,
               width_bucket(pg_temp.chance('behaviour', k), ARRAY[0, .5, .8, .95]) AS behaviour,
               CASE WHEN %(companies)s = 1 THEN 1
                    ELSE (ARRAY[1, 2, 0])[width_bucket(pg_temp.chance('company', k),
                                                       ARRAY[0, .8, .9])] END AS slot,
               CASE WHEN pg_temp.chance('foreign', k) < .2 THEN .6 ELSE 0 END AS foreign_share,
               pg_temp.chance('phone', k) AS number,
               pg_temp.chance('first name', k) AS first,
               pg_temp.chance('last name', k) AS last
          FROM (SELECT k, pg_temp.chance('firm', k) < .6 AS is_firm
                  FROM generate_series(1, %(partners)s) k) f) r
  JOIN gen_locale l ON pg_temp.chance('locale', r.k) >= l.low
                   AND pg_temp.chance('locale', r.k) < l.high
  JOIN gen_term t ON pg_temp.chance('term', r.k) >= t.low AND pg_temp.chance('term', r.k) < t.high
  JOIN gen_user u ON u.rank = floor(pg_temp.chance('user', r.k) * %(users)s);
CREATE UNIQUE INDEX ON gen_partner (k);
ANALYZE gen_partner;
