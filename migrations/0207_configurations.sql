-- What was applied is read from the log, which seals it: here it stood in clear.
DROP TABLE configuration;
