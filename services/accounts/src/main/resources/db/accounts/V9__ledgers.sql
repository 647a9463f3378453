-- State that an account and its devices share.
CREATE TABLE accounts.ledger (
  id          text PRIMARY KEY,
  account     text NOT NULL REFERENCES accounts.account ON DELETE CASCADE,
  name        text NOT NULL,
  scope       text NOT NULL,
  upstream    boolean NOT NULL,
  description text NOT NULL,
  archived_at timestamptz,
  created_at  timestamptz NOT NULL DEFAULT now(),
  updated_at  timestamptz NOT NULL DEFAULT now(),
  UNIQUE (account, name)
);

-- Of downstream ledgers. One that was deleted stays, without data: its version has to grow on.
CREATE TABLE accounts.ledger_instance (
  id          text PRIMARY KEY,
  ledger      text NOT NULL REFERENCES accounts.ledger ON DELETE CASCADE,
  scope_value text NOT NULL,
  version     bigint NOT NULL,
  -- JSON as it was sent, without blanks.
  data        text,
  created_at  timestamptz NOT NULL DEFAULT now(),
  updated_at  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ledger_instance_ledger ON accounts.ledger_instance (ledger);

-- Of upstream ledgers: what devices reported last. Not in the directory, which would grow with every device.
CREATE TABLE accounts.ledger_report (
  ledger      text NOT NULL REFERENCES accounts.ledger ON DELETE CASCADE,
  scope_value text NOT NULL,
  version     bigint NOT NULL,
  -- Of the event that it came as: an older one that comes again changes nothing.
  epoch       bigint NOT NULL,
  sequence    bigint NOT NULL,
  data        text NOT NULL,
  created_at  timestamptz NOT NULL,
  updated_at  timestamptz NOT NULL,
  PRIMARY KEY (ledger, scope_value)
);

-- What was replaced, of both kinds; the last ones of each instance.
CREATE TABLE accounts.ledger_version (
  ledger      text NOT NULL REFERENCES accounts.ledger ON DELETE CASCADE,
  scope_value text NOT NULL,
  version     bigint NOT NULL,
  data        text NOT NULL,
  created_at  timestamptz NOT NULL,
  replaced_at timestamptz NOT NULL,
  PRIMARY KEY (ledger, scope_value, version)
);

SELECT starling.track('accounts.ledger', 'ledger', 'id', '');
SELECT starling.track('accounts.ledger_instance', 'ledger_instance', 'id', '');
