package labchat.broker;

import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;
import labchat.broker.config.BrokerConfig;
import labchat.broker.event.BrokerEventListener;
import labchat.broker.event.ClientGateway;
import labchat.broker.event.RequestHandler;
import labchat.broker.metrics.BrokerMetrics;
import labchat.broker.mqtt.MoquetteBroker;
import labchat.broker.reload.Reload;
import labchat.broker.staff.AccountDesk;
import labchat.broker.staff.ClassView;
import labchat.broker.staff.LiveFeed;
import labchat.broker.store.Store;
import labchat.broker.tls.ServerTls;
import labchat.broker.users.UserDirectory;
import labchat.broker.web.WebRoutes;
import labchat.broker.web.staff.ChecklistRequests;
import labchat.broker.web.staff.HealthRoutes;
import labchat.broker.web.staff.StaffDesk;
import labchat.broker.web.staff.StaffRoutes;

/**
 * What of the broker is for staff and for machines that watch it. Nothing of it is there, and connections pay nothing for
 * it, unless the settings ask for it.
 */
final class StaffParts implements AutoCloseable {

    private final BrokerConfig config;
    private final UserDirectory users;
    private final ClientGateway gateway;
    private final TeachingParts teaching;
    private final Clock clock;
    private final Optional<LiveFeed> feed;
    private final Optional<ClassView> view;
    private final Optional<BrokerMetrics> metrics;
    private volatile Optional<StaffOffice.Live> live = Optional.empty();

    private StaffParts(
            BrokerConfig config, UserDirectory users, ClientGateway gateway, TeachingParts teaching, Clock clock) {
        this.config = config;
        this.users = users;
        this.gateway = gateway;
        this.teaching = teaching;
        this.clock = clock;
        boolean pages = config.web().port().isPresent();
        boolean watched = pages && !config.web().staff().isEmpty();
        this.feed = watched ? Optional.of(new LiveFeed(config.web().staffSeesMessages())) : Optional.empty();
        this.view = watched
                ? Optional.of(new ClassView(users::contains, config.web().staffSeesMessages(), clock))
                : Optional.empty();
        this.metrics = pages && config.web().metrics() ? Optional.of(new BrokerMetrics()) : Optional.empty();
    }

    static StaffParts of(
            BrokerConfig config, UserDirectory users, ClientGateway gateway, TeachingParts teaching, Clock clock) {
        return new StaffParts(config, users, gateway, teaching, clock);
    }

    /** From now on staff can change what the broker was started on. */
    void live(Reload reload, AccountDesk accounts) {
        live = Optional.of(new StaffOffice.Live(reload, accounts));
    }

    private Set<String> staff() {
        return Set.copyOf(
                live.map(now -> now.reload().config()).orElse(config).web().staff());
    }

    /** What hears what happens. */
    List<BrokerEventListener> listeners() {
        List<BrokerEventListener> all = new ArrayList<>();
        feed.ifPresent(all::add);
        view.ifPresent(all::add);
        metrics.ifPresent(all::add);
        return all;
    }

    /** Takes what practice partners tell. */
    RequestHandler checklists() {
        return new ChecklistRequests(view, clock);
    }

    /** The store, timed if there are metrics. */
    Store timed(Store store) {
        return metrics.map(m -> m.timed(store)).orElse(store);
    }

    /** Has the metrics know what only the running broker knows. */
    void watch(MoquetteBroker broker, Store store, ThreadPoolExecutor passwordThreads, Optional<ServerTls> tls) {
        metrics.ifPresent(m -> {
            m.watch(
                    broker::counts,
                    store.messages(),
                    () -> passwordThreads.getQueue().size());
            m.ask(
                    "labchat.disk.free.bytes",
                    "bytes that are free where data_dir is",
                    config.dataDir(),
                    dir -> dir.toFile().getUsableSpace());
            m.ask(
                    "labchat.disk.size.bytes",
                    "bytes of the disk that data_dir is on",
                    config.dataDir(),
                    dir -> dir.toFile().getTotalSpace());
            m.ask(
                    "labchat.certificate.end.seconds",
                    "when the certificate's time is over, in seconds since 1970; NaN without one",
                    tls,
                    t -> t.map(s -> s.certificate().getNotAfter().getTime() / 1000.0)
                            .orElse(Double.NaN));
        });
    }

    /** The paths of all this. */
    List<WebRoutes> routes(MoquetteBroker broker, Store store, Executor passwordThreads) {
        List<WebRoutes> routes = new ArrayList<>();
        routes.add(new HealthRoutes(() -> health(broker, store), metrics.map(m -> m::scrape)));
        if (feed.isPresent() && view.isPresent()) {
            StaffOffice office = new StaffOffice(config, users, gateway, broker::disconnect, () -> live);
            StaffDesk desk = new StaffDesk(
                    this::staff,
                    users::names,
                    users::verify,
                    passwordThreads,
                    feed.get(),
                    view.get(),
                    office,
                    config.chatTopics(),
                    config.web().staffSeesMessages(),
                    clock);
            routes.add(new StaffRoutes(desk)
                    .with(teaching.lab())
                    .with(broker.weather())
                    .with(teaching.lessons())
                    .with(() -> live.map(StaffOffice.Live::accounts)));
        } else {
            routes.add(StaffRoutes.none());
        }
        return routes;
    }

    private static Map<String, Optional<String>> health(MoquetteBroker broker, Store store) {
        Map<String, Optional<String>> parts = new LinkedHashMap<>();
        parts.put("listeners", broker.isListening() ? Optional.empty() : Optional.of("closed"));
        parts.put("store", store.messages().problem());
        return parts;
    }

    @Override
    public void close() {
        metrics.ifPresent(BrokerMetrics::close);
    }
}
