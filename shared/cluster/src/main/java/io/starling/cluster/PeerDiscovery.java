package io.starling.cluster;

import com.hazelcast.cluster.Address;
import com.hazelcast.config.properties.PropertyDefinition;
import com.hazelcast.logging.ILogger;
import com.hazelcast.spi.discovery.AbstractDiscoveryStrategy;
import com.hazelcast.spi.discovery.DiscoveryNode;
import com.hazelcast.spi.discovery.DiscoveryStrategy;
import com.hazelcast.spi.discovery.DiscoveryStrategyFactory;
import com.hazelcast.spi.discovery.SimpleDiscoveryNode;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Tells Hazelcast where members may be, resolved anew each time it asks: at the join, and at each
 * look for another half after a split. One way for a list and for a name in the DNS, because
 * Hazelcast's own list takes only one address of a name.
 */
record PeerDiscovery(ClusterConfig config) implements DiscoveryStrategyFactory {

  @Override
  public Class<? extends DiscoveryStrategy> getDiscoveryStrategyType() {
    return Strategy.class;
  }

  @Override
  public DiscoveryStrategy newDiscoveryStrategy(
      DiscoveryNode local,
      ILogger logger,
      @SuppressWarnings("rawtypes") Map<String, Comparable> properties) {
    return new Strategy(config, logger, properties);
  }

  @Override
  public Collection<PropertyDefinition> getConfigurationProperties() {
    return List.of();
  }

  /** By its digits: Hazelcast compares addresses by their text, and members tell theirs so. */
  static Address address(InetSocketAddress at) {
    return new Address(at.getAddress().getHostAddress(), at.getAddress(), at.getPort());
  }

  private static final class Strategy extends AbstractDiscoveryStrategy {
    private final ClusterConfig config;

    Strategy(
        ClusterConfig config,
        ILogger logger,
        @SuppressWarnings("rawtypes") Map<String, Comparable> properties) {
      super(logger, properties);
      this.config = config;
    }

    @Override
    public Iterable<DiscoveryNode> discoverNodes() {
      return config.addresses().stream()
          .<DiscoveryNode>map(at -> new SimpleDiscoveryNode(address(at)))
          .toList();
    }
  }
}
