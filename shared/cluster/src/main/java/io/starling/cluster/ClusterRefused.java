package io.starling.cluster;

/** The process cannot be part of the cluster; the message is one line for the operator. */
public final class ClusterRefused extends RuntimeException {
  ClusterRefused(String message) {
    super(message, null, false, false);
  }
}
