-- What else its publisher said of an event, as MQTT 5 writes properties; null for nothing.
ALTER TABLE relay.event ADD COLUMN properties bytea;

-- The history of a device's connections.
CREATE INDEX event_connections ON relay.event (origin_id, published_at DESC, epoch DESC, sequence DESC) WHERE name = 'spark/status';
