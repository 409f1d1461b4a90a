/** The staff's page, its API, and what a machine that watches the broker asks for. */
package labchat.broker.web.staff;
