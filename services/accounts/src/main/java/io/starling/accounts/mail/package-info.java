/**
 * Mail to people: an outbox of files, one message each, in the data folder. It is for whatever
 * carries mail away; a message that was carried is removed by that. Files are readable by the owner
 * of the process only, because links in them are as good as passwords for an hour.
 */
@NullMarked
package io.starling.accounts.mail;

import org.jspecify.annotations.NullMarked;
