-- Archives by their SHA-256: the same one is kept once.
CREATE TABLE accounts.library_blob (
  hash    text PRIMARY KEY,
  bytes   bytea NOT NULL,
  -- When it was last said to be needed.
  kept_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE accounts.library (
  id         text PRIMARY KEY,
  account    text NOT NULL REFERENCES accounts.account ON DELETE CASCADE,
  name       text NOT NULL,
  -- Whether any version is published.
  published  boolean NOT NULL DEFAULT false,
  installs   bigint NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (account, name)
);
CREATE UNIQUE INDEX library_published ON accounts.library (lower(name)) WHERE published;

CREATE TABLE accounts.library_version (
  library    text NOT NULL REFERENCES accounts.library ON DELETE CASCADE,
  version    text NOT NULL,
  published  boolean NOT NULL DEFAULT false,
  properties jsonb NOT NULL,
  blob       text NOT NULL REFERENCES accounts.library_blob,
  size       integer NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (library, version)
);
CREATE INDEX library_version_blob ON accounts.library_version (blob);
