/**
 * Logic functions, {@code /v1/logic…}, which are not offered: there are none, none can be made, and
 * code that is sent is not run. Told as such, so that tools which look here say it too.
 */
@NullMarked
package io.starling.api.logic;

import org.jspecify.annotations.NullMarked;
