@NullMarked
package io.starling.journal;

import org.jspecify.annotations.NullMarked;
