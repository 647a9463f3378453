@NullMarked
package io.starling.accounts;

import org.jspecify.annotations.NullMarked;
