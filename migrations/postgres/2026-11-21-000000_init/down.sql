DROP TABLE known_networks;
DROP TABLE sign_in_failures;
DROP TABLE identities;
DROP TABLE tasks;
DROP TABLE signed_out_sessions;
DROP TABLE users;
