/** What works and what does not, part by part, and the meters, at the health port. */
@NullMarked
package io.starling.bootstrap.health;

import org.jspecify.annotations.NullMarked;
