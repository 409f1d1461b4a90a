package labchat.broker.web;

import io.javalin.router.JavalinDefaultRoutingApi;

/** How a feature adds its paths to the {@link WebServer}. */
@FunctionalInterface
public interface WebRoutes {

    /**
     * Called once, before the first request. Handlers run on the web server's threads, many at once; security headers,
     * the bound on a request's size and the bound on requests of one address are there already.
     *
     * @param routes where paths are added; those of two features must not be equal
     * @param site the files that a page is made of
     */
    void addTo(JavalinDefaultRoutingApi routes, Site site);
}
