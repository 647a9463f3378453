@NullMarked
package io.starling.accounts.token;

import org.jspecify.annotations.NullMarked;
