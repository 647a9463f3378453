/** An OpenID Connect provider on a real socket, never on a fixed port, that lies on demand. */
@NullMarked
package io.starling.testing.oidc;

import org.jspecify.annotations.NullMarked;
