package io.starling.testing.fleet;

import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Contexts on different event loops, which Vert.x gives to verticles only. */
public record EventLoops(Vertx vertx, String deployment, List<Context> contexts) {

  public static Future<EventLoops> open(Vertx vertx, int count) {
    var contexts = new CopyOnWriteArrayList<Context>();
    return vertx
        .deployVerticle(
            () ->
                new VerticleBase() {
                  @Override
                  public Future<?> start() {
                    contexts.add(context);
                    return Future.succeededFuture();
                  }
                },
            new DeploymentOptions().setInstances(count))
        .map(deployment -> new EventLoops(vertx, deployment, List.copyOf(contexts)));
  }

  /** The context for the n-th of many things to spread. */
  public Context get(int index) {
    return contexts.get(index % contexts.size());
  }

  public Future<Void> close() {
    return vertx.undeploy(deployment);
  }
}
