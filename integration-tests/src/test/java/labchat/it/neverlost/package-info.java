/** What was acknowledged survives kills, full disks and reconnects. */
package labchat.it.neverlost;
