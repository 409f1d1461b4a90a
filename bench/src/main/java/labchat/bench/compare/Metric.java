package labchat.bench.compare;

import java.util.List;

/**
 * A row of the table.
 *
 * @param field of the workload's line of JSON
 * @param factor from the field's unit to the table's
 */
record Metric(String workload, String field, String title, double factor) {

    /** More is better. */
    static final List<Metric> RATES = List.of(
            new Metric("chat36", "messages_per_second", "chat, 36 clients, 4 under way each: messages/s", 1),
            new Metric("chat1000", "messages_per_second", "chat, 1,000 clients, 1 under way each: messages/s", 1),
            new Metric("qos0", "messages_per_second", "chat, 36 clients, QoS 0: messages/s", 1),
            new Metric("qos2", "messages_per_second", "chat, 36 clients, QoS 2: messages/s", 1),
            new Metric("room36", "deliveries_per_second", "room of 36: deliveries/s", 1),
            new Metric("room1000", "deliveries_per_second", "room of 1,000: deliveries/s", 1),
            new Metric("all36", "deliveries_per_second", "send to all of 36: deliveries/s", 1),
            new Metric("flood", "messages_per_second", "60,000 messages/s offered: delivered/s", 1),
            new Metric("connect", "first_per_second", "first logins/s", 1),
            new Metric("connect", "again_per_second", "later logins/s", 1),
            new Metric("offline", "stored_per_second", "messages for absent users: acknowledged/s", 1),
            new Metric("offline", "drained_per_second", "they come back: delivered/s", 1));

    /** Less is better. */
    static final List<Metric> COSTS = List.of(
            new Metric("pace", "round_trip_p50_us", "1,000 messages/s: message to receipt, p50, µs", 1),
            new Metric("pace", "round_trip_p99_us", "message to receipt, p99, µs", 1),
            new Metric("pace", "round_trip_p999_us", "message to receipt, p99.9, µs", 1),
            new Metric("pace", "ack_p50_us", "acknowledgement, p50, µs", 1),
            new Metric("pace", "ack_p99_us", "acknowledgement, p99, µs", 1),
            new Metric("pace", "server_cpu_us_per_delivery", "CPU time of a delivery, µs", 1),
            new Metric("chat36", "server_cpu_us_per_delivery", "chat, 36 clients: CPU time of a delivery, µs", 1),
            new Metric("chat36", "round_trip_p99_us", "chat, 36 clients: message to receipt, p99, ms", 1e-3),
            new Metric("chat36", "ack_p99_us", "chat, 36 clients: acknowledgement, p99, ms", 1e-3),
            new Metric("chat1000", "server_cpu_us_per_delivery", "chat, 1,000 clients: CPU time of a delivery, µs", 1),
            new Metric("chat1000", "round_trip_p99_us", "chat, 1,000 clients: message to receipt, p99, ms", 1e-3),
            new Metric("room36", "server_cpu_us_per_delivery", "room of 36: CPU time of a delivery, µs", 1),
            new Metric("room1000", "server_cpu_us_per_delivery", "room of 1,000: CPU time of a delivery, µs", 1),
            new Metric("slow", "round_trip_p99_us", "beside 4 who do not read: message to receipt, p99, µs", 1),
            new Metric("connect", "first_server_cpu_us_each", "CPU time of a first login, µs", 1),
            new Metric("connect", "again_server_cpu_us_each", "CPU time of a later login, µs", 1),
            new Metric("idle", "heap_bytes_per_connection", "idle connection: heap, bytes", 1),
            new Metric("idle", "server_rss_kb", "10,000 idle connections: memory in RAM, MB", 1 / 1024.0),
            new Metric("any", "start_ms", "from start to taking connections, ms", 1));

    /** None is best. */
    static final List<Metric> LOSSES = List.of(
            new Metric("any", "acknowledged_not_delivered", "acknowledged and not delivered", 1),
            new Metric("any", "lost", "sent and not delivered", 1),
            new Metric("any", "duplicated", "delivered twice", 1),
            new Metric("any", "out_of_order", "out of order", 1));
}
