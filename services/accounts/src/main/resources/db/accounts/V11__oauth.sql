-- What a person granted to a client, for it to come and get (RFC 6749, section 4.1). Never in the feed.
CREATE TABLE accounts.authorization_code (
  hash         text PRIMARY KEY,
  account      text NOT NULL REFERENCES accounts.account ON DELETE CASCADE,
  client       text NOT NULL,
  redirect_uri text NOT NULL,
  -- SHA-256 in base64url of what the client shows with the code (RFC 7636).
  challenge    text NOT NULL,
  scopes       text[],
  created_at   timestamptz NOT NULL DEFAULT now(),
  -- Kept for a while after its use: who shows it then revokes what it gave.
  used         boolean NOT NULL DEFAULT false,
  family       text REFERENCES accounts.token_family ON DELETE SET NULL
);
CREATE INDEX authorization_code_account ON accounts.authorization_code (account);
CREATE INDEX authorization_code_family ON accounts.authorization_code (family);
CREATE INDEX authorization_code_created ON accounts.authorization_code (created_at);

-- Devices without a browser that wait for somebody to confirm their log-in (RFC 8628). Never in the feed.
CREATE TABLE accounts.device_code (
  hash             text PRIMARY KEY,
  user_code_hash   text NOT NULL UNIQUE,
  client           text NOT NULL,
  scopes           text[],
  -- Who decided, and how; null for nobody yet.
  account          text REFERENCES accounts.account ON DELETE CASCADE,
  allowed          boolean,
  interval_seconds integer NOT NULL,
  asked_at         timestamptz,
  created_at       timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX device_code_account ON accounts.device_code (account);
CREATE INDEX device_code_created ON accounts.device_code (created_at);

-- When tokens were last used, to ten minutes. Never in the feed.
CREATE TABLE accounts.token_use (
  token   text PRIMARY KEY REFERENCES accounts.token ON DELETE CASCADE,
  used_at timestamptz NOT NULL
);
