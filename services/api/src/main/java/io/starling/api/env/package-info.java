/**
 * Environment variables: {@code /v1/env…}, {@code /v1/orgs/:org/env…}, {@code /v1/env/:device…} and
 * {@code /v1/products/:product/env…}. What is set is a draft ({@code latest}) until it is rolled
 * out ({@code last_snapshot}); a device is told what was rolled out for the owner, its product and
 * itself, the nearest of which counts. All of it is answered from the directory, but what a device
 * says that it works with ({@code on_device}), which is its last report in the history, and left
 * out where that cannot be read.
 *
 * <p>The variables of a device in a product are its team's to see and to set, not those of who
 * claimed it.
 */
@NullMarked
package io.starling.api.env;

import org.jspecify.annotations.NullMarked;
