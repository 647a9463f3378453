-- What pages of the history are read by: each finds its place in a day's partition, and reads on from there.
CREATE INDEX event_account ON relay.event (account, published_at);
CREATE INDEX event_product ON relay.event (product, published_at) WHERE product <> 0;
CREATE INDEX event_device ON relay.event (origin_id, published_at) WHERE origin = 0;
