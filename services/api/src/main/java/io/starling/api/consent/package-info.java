/**
 * Pages on which people sign in and grant a token to a program: for a code that goes back through
 * the browser (RFC 6749, section 4.1), and for a device that shows a code (RFC 8628).
 *
 * <p>Decisions: nothing is kept in the browser. There is no session, and a grant is made by the
 * very request that carries the person's password, or a ticket that stands for it once: another
 * site that makes a browser send one has to know that, and could as well send it itself. So there
 * is nothing to forge (CSRF). The one cookie, for ten minutes, is of use on the way back from a
 * provider alone: it ties the provider's answer to the browser that went there, so that nobody is
 * made to sign in as somebody else. That nobody is made to grant for another's account is the
 * client's {@code state} and challenge. The pages run no script but one, load nothing, and stand in
 * no frame. The script lets people sign in by a passkey, which becomes a ticket in the form;
 * without it, its button is not shown and all else works. It never sends the form: allowing is said
 * by who reads the page. An address that is not the client's own is never sent to, whatever else is
 * wrong.
 */
@NullMarked
package io.starling.api.consent;

import org.jspecify.annotations.NullMarked;
