package labchat.broker.web.staff;

import io.javalin.http.Context;
import io.javalin.http.sse.SseClient;
import io.javalin.http.sse.SseHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import labchat.broker.staff.LiveFeed;
import labchat.broker.traffic.TrafficFilter;
import labchat.broker.web.Json;

/**
 * Server-Sent Events for one page each: packets as they pass, and the class when something about it has changed. Each page
 * has a thread that reads the feed when the page has taken what was sent before; a page that is slow gets less and is told
 * how much it has missed, and nobody else notices.
 */
final class FeedStream {

    /** How many pages at once. */
    static final int MOST_PAGES = 20;

    private static final long EVERY_MILLIS = 200;
    private static final int CLASS_EVERY = 5;
    private static final int COMMENT_EVERY = 50;

    private static final int SHOWN_AT_FIRST = 200;

    /** More than anybody reads; a page that is further behind goes on with the newest. */
    private static final int MOST_AT_ONCE = 400;

    private final StaffDesk desk;
    private final Gate gate;
    private final AtomicInteger pages = new AtomicInteger();

    FeedStream(StaffDesk desk, Gate gate) {
        this.desk = desk;
        this.gate = gate;
    }

    /** Answers; the session has been looked at. */
    void open(Context context, String key) {
        Optional<TrafficFilter> filter = filter(context);
        if (filter.isEmpty()) {
            return;
        }
        if (pages.incrementAndGet() > MOST_PAGES) {
            pages.decrementAndGet();
            Json.sendError(
                    context,
                    503,
                    "too_many_pages",
                    "%d pages watch already. Close one and load this page again.".formatted(MOST_PAGES));
            return;
        }
        try {
            new SseHandler(client -> start(client, key, filter.get())).handle(context);
        } catch (RuntimeException e) {
            pages.decrementAndGet();
            throw e;
        }
    }

    private void start(SseClient client, String key, TrafficFilter filter) {
        client.keepAlive();
        Thread thread = new Thread(() -> run(client, key, filter), "labchat-live");
        thread.setDaemon(true);
        thread.start();
    }

    private void run(SseClient client, String key, TrafficFilter filter) {
        try {
            LiveFeed.Page before = desk.feed().read(0, LiveFeed.CAPACITY);
            long upTo = before.upTo();
            client.sendEvent("hello", Json.text(json -> {
                json.writeStartObject();
                json.writeNumberField("number", before.upTo());
                json.writeEndObject();
            }));
            send(client, newest(before, filter));
            String shown = "";
            for (int round = 0; !client.terminated(); round++) {
                if (round % CLASS_EVERY == 0) {
                    if (!gate.isOpen(key)) {
                        client.sendEvent("signedout", "{}");
                        return;
                    }
                    String now = classNow();
                    if (!now.equals(shown)) {
                        client.sendEvent("class", now);
                        shown = now;
                    }
                }
                if (round % COMMENT_EVERY == 0) {
                    client.sendComment("still here");
                }
                upTo = sendPackets(client, filter, upTo);
                Thread.sleep(EVERY_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            pages.decrementAndGet();
            client.close();
        }
    }

    /** What passed before the page was there. */
    private static List<LiveFeed.Entry> newest(LiveFeed.Page page, TrafficFilter filter) {
        List<LiveFeed.Entry> wanted = page.entries().stream()
                .filter(entry -> filter.wants(entry.packet()))
                .toList();
        return wanted.subList(Math.max(0, wanted.size() - SHOWN_AT_FIRST), wanted.size());
    }

    private static void send(SseClient client, List<LiveFeed.Entry> entries) {
        if (entries.isEmpty()) {
            return;
        }
        client.sendEvent("packets", Json.text(json -> {
            json.writeStartArray();
            for (LiveFeed.Entry entry : entries) {
                StaffJson.packet(json, entry);
            }
            json.writeEndArray();
        }));
    }

    private String classNow() {
        return Json.text(json -> StaffJson.classNow(
                json, desk.view().teams(desk.users().get()), desk.view().troubles()));
    }

    private long sendPackets(SseClient client, TrafficFilter filter, long after) {
        long behind = desk.feed().last() - after;
        long from = behind > MOST_AT_ONCE ? after + behind - MOST_AT_ONCE : after;
        LiveFeed.Page page = desk.feed().read(from, MOST_AT_ONCE);
        long missed = page.missed() + from - after;
        if (missed > 0) {
            client.sendEvent("missed", "{\"count\":" + missed + "}");
        }
        if (page.entries().isEmpty()) {
            return page.upTo();
        }
        List<LiveFeed.Entry> wanted = new ArrayList<>();
        Set<String> users = new TreeSet<>();
        for (LiveFeed.Entry entry : page.entries()) {
            if (!entry.packet().type().startsWith("PING")) {
                entry.packet().client().user().ifPresent(users::add);
            }
            if (filter.wants(entry.packet())) {
                wanted.add(entry);
            }
        }
        send(client, wanted);
        client.sendEvent("activity", Json.text(json -> {
            json.writeStartObject();
            json.writeNumberField("number", page.upTo());
            StaffJson.texts(json, "users", users);
            json.writeEndObject();
        }));
        return page.upTo();
    }

    private static Optional<TrafficFilter> filter(Context context) {
        Set<String> kinds = words(context, "kind")
                .map(word -> word.toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());
        Set<String> unknown = new TreeSet<>(kinds);
        unknown.removeAll(TrafficFilter.KINDS);
        if (!unknown.isEmpty()) {
            Json.sendError(
                    context,
                    400,
                    "invalid_request",
                    "kind %s is none of %s"
                            .formatted(
                                    String.join(", ", unknown), String.join(", ", new TreeSet<>(TrafficFilter.KINDS))));
            return Optional.empty();
        }
        return Optional.of(new TrafficFilter(
                Optional.empty(),
                Optional.empty(),
                words(context, "team").collect(Collectors.toSet()),
                kinds,
                "true".equals(context.queryParam("refused"))));
    }

    private static Stream<String> words(Context context, String parameter) {
        return context.queryParams(parameter).stream()
                .flatMap(text -> Stream.of(text.split(",")))
                .map(String::strip)
                .filter(word -> !word.isEmpty());
    }
}
