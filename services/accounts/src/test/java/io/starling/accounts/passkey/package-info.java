@NullMarked
package io.starling.accounts.passkey;

import org.jspecify.annotations.NullMarked;
