/**
 * Secrets of an account, {@code /v1/secrets…}, or of an organization, {@code
 * /v1/orgs/:org/secrets…}. A value goes in and never comes out here; that a secret is there, and
 * when it was last used, is told. All of it asks the accounts service, also to look: secrets are
 * not in the directory.
 */
@NullMarked
package io.starling.api.secrets;

import org.jspecify.annotations.NullMarked;
