/*
table: packages
title: The kinds of support, in the order in which one stands for a person who has several
meaning: >-
  Long-term support comes first, in the order of ASCOF 3D; then reablement, short stays in a care home, and the
  lighter kinds of support.
*/

-- table
-- `at_home` marks support by which people live independently, `prevention` what is meant to prevent or delay the need
-- for more.
SELECT 1 AS package_rank, 'Nursing care' AS package, 'Long term support: Nursing care' AS service_type,
    'Nursing care' AS setting, 0 AS at_home, 0 AS prevention
UNION ALL SELECT 2, 'Residential care', 'Long term support: Residential care', 'Residential care', 0, 0
UNION ALL SELECT 3, 'Community: direct payment', 'Long term support: Community', 'Community', 1, 0
UNION ALL SELECT 4, 'Community: budget managed by the council', 'Long term support: Community', 'Community', 1, 0
UNION ALL SELECT 5, 'Community: commissioned by the council', 'Long term support: Community', 'Community', 1, 0
UNION ALL SELECT 6, 'Community: delivery not recorded', 'Long term support: Community', 'Community', 1, 0
UNION ALL SELECT 7, 'Prison', 'Long term support: Prison', 'Prison', 0, 0
UNION ALL SELECT 8, 'Reablement', 'Short term support: ST-Max', NULL, 1, 0
UNION ALL SELECT 9, 'Short stay in a care home', 'Short term support: Other short term', NULL, 0, 0
UNION ALL SELECT 10, 'Ongoing low level support', 'Short term support: Ongoing low level', NULL, 0, 1
UNION ALL SELECT 11, 'Other short term support', 'Short term support: Other short term', NULL, 0, 1
