-- An outcome may be amended, so its discount is no sum that only grows: figures read it from latest_outcomes.
DROP VIEW IF EXISTS client_sums_of_outcomes;
