-- What a product says of its devices. Groups are ids: one that is renamed or deleted touches no device.
ALTER TABLE accounts.device
  ADD COLUMN serial_number text,
  ADD COLUMN development boolean NOT NULL DEFAULT false,
  ADD COLUMN firmware_updates_enabled boolean NOT NULL DEFAULT true,
  ADD COLUMN firmware_updates_forced boolean NOT NULL DEFAULT false,
  ADD COLUMN desired_firmware_version integer,
  ADD COLUMN groups text[] NOT NULL DEFAULT '{}';
CREATE UNIQUE INDEX device_serial_number ON accounts.device (product, serial_number);

CREATE TABLE accounts.device_group (
  id          text PRIMARY KEY,
  product     integer NOT NULL REFERENCES accounts.product ON DELETE CASCADE,
  name        text NOT NULL,
  description text NOT NULL,
  color       text NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT now(),
  UNIQUE (product, name)
);

-- What is set about a product and only shown: location, known_application.
ALTER TABLE accounts.product ADD COLUMN settings jsonb NOT NULL DEFAULT '{}';

SELECT starling.track('accounts.device_group', 'device_group', 'id', '');

-- Not in the directory: nobody but its owner asks for one.
CREATE TABLE accounts.device_key (
  device     text PRIMARY KEY REFERENCES accounts.device ON DELETE CASCADE,
  algorithm  text NOT NULL,
  public_key text NOT NULL,
  stored_at  timestamptz NOT NULL DEFAULT now()
);

-- Whoever gives one to a device gets the device. Not in the directory.
CREATE TABLE accounts.claim_code (
  hash       text PRIMARY KEY,
  account    text NOT NULL REFERENCES accounts.account ON DELETE CASCADE,
  expires_at timestamptz NOT NULL
);
CREATE INDEX claim_code_account ON accounts.claim_code (account);
CREATE INDEX claim_code_expires ON accounts.claim_code (expires_at);
