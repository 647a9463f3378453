-- Authorities whose certificates are taken from the devices of one product, and of no other.
CREATE TABLE accounts.product_authority (
  id          text PRIMARY KEY,
  product     integer NOT NULL REFERENCES accounts.product ON DELETE CASCADE,
  fingerprint text NOT NULL,
  certificate text NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX product_authority_product ON accounts.product_authority (product);

-- Whether an unknown device with a certificate of those is registered, into quarantine.
ALTER TABLE accounts.product ADD COLUMN quarantine boolean NOT NULL DEFAULT false;

ALTER TABLE accounts.device
  ADD COLUMN quarantined boolean NOT NULL DEFAULT false,
  ADD COLUMN denied boolean NOT NULL DEFAULT false;
CREATE INDEX device_quarantined ON accounts.device (product) WHERE quarantined;

SELECT starling.track('accounts.product_authority', 'product_authority', 'id', '');
