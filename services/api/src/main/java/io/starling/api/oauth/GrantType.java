package io.starling.api.oauth;

import java.util.Arrays;
import java.util.Optional;

/** What tokens are given for. */
enum GrantType {
  AUTHORIZATION_CODE("authorization_code"),
  CLIENT_CREDENTIALS("client_credentials"),
  DEVICE_CODE("urn:ietf:params:oauth:grant-type:device_code"),
  PASSWORD("password"),
  ONE_TIME_PASSWORD("urn:custom:mfa-otp"),
  REFRESH_TOKEN("refresh_token");

  private final String text;

  GrantType(String text) {
    this.text = text;
  }

  /** As clients write it. */
  String text() {
    return text;
  }

  static Optional<GrantType> named(String text) {
    return Arrays.stream(values()).filter(type -> type.text.equals(text)).findFirst();
  }
}
