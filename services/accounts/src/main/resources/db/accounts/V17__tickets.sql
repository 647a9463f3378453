-- That somebody signed in by another way than a password: shown once where a password would be typed. Never in the feed.
CREATE TABLE accounts.ticket (
  hash       text PRIMARY KEY,
  account    text NOT NULL REFERENCES accounts.account ON DELETE CASCADE,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ticket_account ON accounts.ticket (account);
CREATE INDEX ticket_created ON accounts.ticket (created_at);
