@NullMarked
package io.starling.contract;

import org.jspecify.annotations.NullMarked;
