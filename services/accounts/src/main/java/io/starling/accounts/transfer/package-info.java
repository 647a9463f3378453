/**
 * Devices that somebody wants of somebody else: the owner is asked by mail, and answers by its link
 * or at the API within seven days. Of an organization all who own it are asked, and whoever of its
 * members may release devices answers. Owns {@code accounts.transfer}. A device that changes hands
 * lives in another topic space from then on: its gateway sees that in the directory and ends its
 * connection, as after any other claim. Refuses to ask the same of the same twice.
 */
@NullMarked
package io.starling.accounts.transfer;

import org.jspecify.annotations.NullMarked;
