/** The staff's page and its API: docs/staff.md. */
package labchat.it.staff;
