/** The pages and the API that the broker serves over HTTP: Javalin, and what each feature adds to it. */
package labchat.broker.web;
