package io.starling.api.devices;

import io.starling.api.access.Access;
import io.starling.api.region.GatewayClient;
import io.starling.api.region.SessionFinder;
import io.starling.bootstrap.bus.Bus;
import io.starling.bootstrap.cluster.SessionEntry;
import io.starling.contract.DeviceId;
import io.starling.contract.GatewayReply;
import io.starling.contract.GatewayRequest;
import io.starling.contract.HistoryReply;
import io.starling.contract.HistoryRequest;
import io.starling.contract.Scope;
import io.starling.directory.Directory;
import io.starling.directory.Entry;
import io.starling.http.Answer;
import io.starling.http.Endpoints;
import io.starling.http.Exchange;
import io.starling.http.JsonArrayStream;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.AbstractList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Listing devices and looking at one. */
public final class DeviceRoutes {
  private static final Duration DESCRIBE_LIMIT = Duration.ofSeconds(1);
  private static final Duration HISTORY_LIMIT = Duration.ofMillis(500);

  private final Vertx vertx;
  private final Directory directory;
  private final Access access;
  private final SessionFinder sessions;
  private final GatewayClient gateways;
  private final Bus bus;
  private final DeviceJson json;

  /** Routes that read the directory, and ask gateways what devices offer. */
  public DeviceRoutes(
      Vertx vertx,
      Directory directory,
      Access access,
      SessionFinder sessions,
      GatewayClient gateways,
      Bus bus) {
    this.vertx = vertx;
    this.directory = directory;
    this.access = access;
    this.sessions = sessions;
    this.gateways = gateways;
    this.bus = bus;
    this.json = new DeviceJson(directory);
  }

  /** Adds them. */
  public void addTo(Endpoints endpoints) {
    endpoints.guarded(HttpMethod.GET, "/v1/devices", Scope.DEVICES_LIST, this::list);
    endpoints.guarded(HttpMethod.GET, "/v1/devices/:device", Scope.DEVICES_GET, this::get);
    endpoints.guarded(
        HttpMethod.GET, "/v1/products/:product/devices/:device", Scope.DEVICES_GET, this::get);
  }

  private Future<Answer.Streamed> list(Exchange exchange) {
    var account = exchange.principal().account();
    // Going through a whole fleet would hold up the event loop.
    return vertx
        .executeBlocking(() -> List.copyOf(directory.devicesOf(account)), false)
        .compose(
            devices ->
                sessions.find(new Ids(devices)).compose(found -> newestFirst(devices, found)))
        .map(items -> JsonArrayStream.begin(vertx, exchange, items));
  }

  /** Their ids, none of which is kept beside them. */
  private static final class Ids extends AbstractList<DeviceId> {
    private final List<Entry.Device> devices;

    Ids(List<Entry.Device> devices) {
      this.devices = devices;
    }

    @Override
    public DeviceId get(int index) {
      return devices.get(index).id();
    }

    @Override
    public int size() {
      return devices.size();
    }
  }

  /** Sorting a whole fleet would hold up the event loop. */
  private Future<Iterator<JsonObject>> newestFirst(
      List<Entry.Device> devices, Map<DeviceId, SessionEntry> sessionsFound) {
    var order =
        Comparator.<Entry.Device>comparingLong(device -> -handshake(sessionsFound, device))
            .thenComparing(Entry.Device::id);
    return vertx
        .executeBlocking(() -> devices.stream().sorted(order).toList(), false)
        .map(
            sorted ->
                sorted.stream()
                    .map(
                        device ->
                            json.brief(device, Optional.ofNullable(sessionsFound.get(device.id()))))
                    .iterator());
  }

  private static long handshake(Map<DeviceId, SessionEntry> sessions, Entry.Device device) {
    var session = sessions.get(device.id());
    return session == null ? 0 : session.connectedAtMillis();
  }

  private Future<Answer> get(Exchange exchange) {
    return access
        .device(exchange)
        .then(
            device ->
                Future.join(seen(exchange, device), describe(device))
                    .map(
                        both ->
                            Answer.json(
                                show(
                                    exchange,
                                    device,
                                    both.<LastSeen>resultAt(0),
                                    both.<Optional<GatewayReply.Description>>resultAt(1)))));
  }

  private JsonObject show(
      Exchange exchange,
      Entry.Device device,
      LastSeen seen,
      Optional<GatewayReply.Description> description) {
    var full = json.full(device, seen, description);
    return exchange.hasPath("product") ? json.inProduct(full, device, description) : full;
  }

  /** From its session; where there is none any more, from the history, if that can be read. */
  private Future<LastSeen> seen(Exchange exchange, Entry.Device device) {
    return sessions
        .find(device.id())
        .otherwise(Optional.empty())
        .compose(
            session ->
                session
                    .map(found -> Future.succeededFuture(LastSeen.of(found)))
                    .orElseGet(() -> lastSeen(exchange, device)));
  }

  private Future<LastSeen> lastSeen(Exchange exchange, Entry.Device device) {
    var owner = device.owner() == null ? exchange.principal().account() : device.owner();
    return bus.ask(new HistoryRequest.Connections(owner, device.id(), null, 1), HISTORY_LIMIT)
        .map(
            reply ->
                switch (reply) {
                  case HistoryReply.ConnectionsFound(var found, _) ->
                      found.isEmpty() ? LastSeen.NEVER : LastSeen.of(found.getFirst());
                  case HistoryReply.PlaceUnknown _, HistoryReply.DatabaseDown _ -> LastSeen.NEVER;
                })
        .otherwise(LastSeen.NEVER);
  }

  /** What the device offers; nothing if it is not connected. */
  private Future<Optional<GatewayReply.Description>> describe(Entry.Device device) {
    return gateways
        .<GatewayReply.DescribeReply, GatewayRequest.Describe>ask(
            device.id(),
            DESCRIBE_LIMIT,
            (gateway, epoch) -> new GatewayRequest.Describe(gateway, device.id(), epoch))
        .map(
            reply ->
                reply
                    .filter(GatewayReply.Description.class::isInstance)
                    .map(GatewayReply.Description.class::cast))
        .otherwise(Optional.empty());
  }
}
