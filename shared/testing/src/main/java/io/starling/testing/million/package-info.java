/**
 * One product with as many devices as wanted: imported, listed, searched, and known again after a
 * restart. What it measures counts from a client's side, over HTTP; the heap is read from outside.
 */
@NullMarked
package io.starling.testing.million;

import org.jspecify.annotations.NullMarked;
