package io.starling.testing.server;

import io.netty.handler.codec.mqtt.MqttQoS;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.mqtt.MqttEndpoint;
import io.vertx.mqtt.MqttServer;
import io.vertx.mqtt.MqttServerOptions;

/**
 * The measure of things: a Vert.x MQTT server that accepts everyone and acknowledges everything,
 * and does nothing else. Its argument is the port; one instance for each processor.
 */
public final class BareServer extends VerticleBase {
  private final int port;

  private BareServer(int port) {
    this.port = port;
  }

  public static void main(String[] arguments) {
    var port = Integer.parseInt(arguments[0]);
    var instances = Runtime.getRuntime().availableProcessors();
    var vertx = Vertx.vertx();
    vertx
        .deployVerticle(() -> new BareServer(port), new DeploymentOptions().setInstances(instances))
        .onSuccess(_ -> System.out.println("ready"))
        .onFailure(
            failure -> {
              System.err.println("could not listen: " + failure.getMessage());
              System.exit(1);
            });
  }

  @Override
  public Future<?> start() {
    var options =
        new MqttServerOptions().setHost("127.0.0.1").setPort(port).setMaxMessageSize(1 << 20);
    options.setAcceptBacklog(4096);
    return MqttServer.create(vertx, options)
        .endpointHandler(BareServer::accept)
        .exceptionHandler(_ -> {})
        .listen();
  }

  private static void accept(MqttEndpoint endpoint) {
    endpoint.exceptionHandler(_ -> {});
    endpoint.publishHandler(
        message -> {
          if (message.qosLevel() == MqttQoS.AT_LEAST_ONCE) {
            endpoint.publishAcknowledge(message.messageId());
          }
        });
    endpoint.subscribeHandler(
        s ->
            endpoint.subscribeAcknowledge(
                s.messageId(),
                s.topicSubscriptions().stream().map(t -> t.qualityOfService()).toList()));
    endpoint.accept(false);
  }
}
