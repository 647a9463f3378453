/**
 * The operational database of a region on one machine: a primary, a synchronous standby, and the
 * warden that keeps them.
 *
 * <p>Owns one folder: the servers {@code a} and {@code b} in folders of those names, {@code
 * pair.properties} (what it was made with), {@code memory.properties} (what the warden must not
 * forget), {@code status.json}, {@code decisions.log}; and the marks {@code stopped} (all stopped
 * on purpose: the warden only looks on), {@code a/down} (stays down, as a machine without power)
 * and {@code a/fenced} (must be copied anew before it serves again).
 *
 * <p>Promises, on one machine:
 *
 * <ul>
 *   <li>While the memory says in sync, every acknowledged commit is on both disks. It says so only
 *       after the primary was seen to wait for the standby and the standby to hold all that was
 *       committed before; and it takes it back before the primary stops waiting.
 *   <li>A standby is promoted by a timer, and only if it was in sync; the old primary is ended
 *       (SIGKILL of all its processes, frozen ones too) and barred (it would start read-only)
 *       before that. So no two of them write at the same time.
 *   <li>Of two that claim to be the primary all the same, say because somebody started the old one
 *       from files that the warden could not reach, the one with the higher timeline on its disk
 *       is; the other is ended within a turn and copied anew, and what it held is kept once as
 *       {@code data.replaced}.
 *   <li>A primary without its standby writes again after the timer: the journal holds the events,
 *       and a primary that waits would stop configuration.
 * </ul>
 *
 * <p>Not promised: that nobody connects to such an old primary before it is ended. That is what the
 * term rule of {@code PrimaryPool} is for: no pool that has seen the new primary works with the old
 * one. And a crash of one server while the other is away may cost what only the first one had, if
 * its disk is gone: the warden then waits for it rather than promote the other ({@code promote
 * --force} decides otherwise).
 *
 * <p>The warden and the commands change something only while they hold {@code lock}; each reads the
 * memory anew, so none acts on what another has changed.
 */
@NullMarked
package io.starling.embedded.pair;

import org.jspecify.annotations.NullMarked;
