-- Mail that waits for the SMTP server, sealed: a link in it is as good as a password for an hour.
CREATE TABLE accounts.mail (
  id         uuid PRIMARY KEY,
  -- What sealed it, of accounts.seal_key, a table of a later number.
  key        text NOT NULL,
  sealed     bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  -- After this it is given up.
  good_until timestamptz NOT NULL,
  -- When it is tried next; while a node tries, when another one may.
  due_at     timestamptz NOT NULL DEFAULT now(),
  attempts   integer NOT NULL DEFAULT 0
);
CREATE INDEX mail_due ON accounts.mail (due_at);
