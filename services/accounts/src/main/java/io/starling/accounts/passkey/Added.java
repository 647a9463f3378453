package io.starling.accounts.passkey;

import io.starling.contract.PasskeysReply;

/**
 * What came of adding a passkey.
 *
 * @param email whose it is
 */
record Added(String email, PasskeysReply.AddReply reply) {}
