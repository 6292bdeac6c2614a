/*
code: 2C
title: >-
  The number of adults aged 65 and over whose long-term support needs are met by admission to residential and
  nursing care homes
edition: ASCOF 2023-24 onwards
kind: rate
unit: per 100,000
decimals: 1
polarity: lower
counts: people
numerator: People aged 65 and over with a new admission to long-term residential or nursing care
denominator: Residents aged 65 and over, by the mid-year estimate of the Office for National Statistics
periods: year, quarter, rolling, year to date
population: 65 and above
uses: care_home_admissions
sections_of: 2B
side_counts:
  blank component: People whose only admissions have no service component, which the national program leaves out
  unknown birth date: People admitted whose birth date is not known, so that they are in neither age band
  self-funder: People whose only admissions ended as self-funded or under the 12 week disregard
switches: blank_home_component, self_funded_stays, admissions
meaning: >-
  How many people aged 65 and over moved into a care home in the period, for each 100,000 residents of that age.
  Someone who left a care home less than a year before, or moved from one to another, is not new.
source: DHSC's published program for 2B and 2C (December 2025; June and September 2026); NHS England's of 2024
owner: Performance and insight
checker: A second analyst
next_check: 2027-04-30
notes: >-
  People are counted, not stays. Temporary stays that were recorded as long-term count, and so do stays that ended
  within the period. Someone with new admissions on both sides of their 65th birthday counts in 2B only. An end
  before the start is not questioned.
*/
