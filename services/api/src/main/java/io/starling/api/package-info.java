@NullMarked
package io.starling.api;

import org.jspecify.annotations.NullMarked;
