package labchat.broker.web.staff;

import io.javalin.http.Context;
import io.javalin.router.JavalinDefaultRoutingApi;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import labchat.broker.web.Json;
import labchat.broker.web.Site;
import labchat.broker.web.WebRoutes;

/**
 * For machines that watch the broker: {@code /healthz} answers as long as the process can, {@code /readyz} says whether
 * clients can be served, {@code /metrics} counts. Nobody signs in here, and nothing tells of users or what they say.
 */
public final class HealthRoutes implements WebRoutes {

    private final Supplier<Map<String, Optional<String>>> parts;
    private final Optional<Supplier<String>> metrics;

    /**
     * @param parts of what must work: its name, and what is wrong with it, if something is
     * @param metrics in Prometheus' text form; empty if they are switched off
     */
    public HealthRoutes(Supplier<Map<String, Optional<String>>> parts, Optional<Supplier<String>> metrics) {
        this.parts = Objects.requireNonNull(parts, "parts");
        this.metrics = Objects.requireNonNull(metrics, "metrics");
    }

    @Override
    public void addTo(JavalinDefaultRoutingApi routes, Site site) {
        routes.get("/healthz", context -> context.result("ok\n"));
        routes.get("/readyz", this::ready);
        routes.get("/metrics", this::sendMetrics);
    }

    private void ready(Context context) {
        Map<String, Optional<String>> now = new LinkedHashMap<>(parts.get());
        boolean ready = now.values().stream().allMatch(Optional::isEmpty);
        Json.send(context, ready ? 200 : 503, json -> {
            json.writeStartObject();
            json.writeStringField("status", ready ? "ready" : "not_ready");
            for (Map.Entry<String, Optional<String>> part : now.entrySet()) {
                json.writeStringField(part.getKey(), part.getValue().orElse("ok"));
            }
            json.writeEndObject();
        });
    }

    private void sendMetrics(Context context) {
        if (metrics.isEmpty()) {
            context.status(404);
            context.result("Metrics are switched off; set metrics on in broker.conf.\n");
            return;
        }
        context.contentType("text/plain; version=0.0.4; charset=utf-8");
        context.result(metrics.get().get());
    }
}
