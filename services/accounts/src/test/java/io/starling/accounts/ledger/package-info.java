@NullMarked
package io.starling.accounts.ledger;

import org.jspecify.annotations.NullMarked;
