/**
 * Mail to people. Without an SMTP server: an outbox of files, one message each, in the data folder,
 * for whatever carries mail away; a message that was carried is removed by that. Files are readable
 * by the owner of the process only, because links in them are as good as passwords for an hour.
 *
 * <p>With one: the table {@code accounts.mail}, sealed, from which any node sends, at least once.
 * What the server does not take for now is tried again until it is of no use to anybody (a link for
 * an hour, news for a day); what it refuses for good is given up. Mail that was sealed with a key
 * that no node has any more is given up too. Logs and metrics tell ids and codes, never an address.
 *
 * <p>The client is our own. Looked at in its stead, and tried: vertx-mail-client 5.0.8. It has no
 * limit for a whole mail, and what it has begun cannot be ended (closing it waits for the server);
 * it reads a line without an end until there is no memory; takes a reply that is none for 500, so
 * that mail would be given up where it should wait; sends an address that is not ASCII to a server
 * that did not offer SMTPUTF8; tells which command failed by its text alone; and where the answer
 * to the message is missing it throws.
 */
@NullMarked
package io.starling.accounts.mail;

import org.jspecify.annotations.NullMarked;
