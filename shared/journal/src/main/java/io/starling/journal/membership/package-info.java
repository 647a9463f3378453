/**
 * Who the replicas are: how a node with a new disk is let in, who leads, and how members are taken
 * out and in. Speaks with other journals over their Ratis port, by address alone; decisions ({@link
 * Admission}, {@link Balance}, {@link Plan}) are values.
 *
 * <p>Promises: logs are founded once, by all configured disks together; every other new disk comes
 * in empty, by {@link Membership#execute}; a disk that was taken out stays out. Refuses to guess:
 * with an address silent at the first start, or a majority lost, it says so and changes nothing.
 */
@NullMarked
package io.starling.journal.membership;

import org.jspecify.annotations.NullMarked;
