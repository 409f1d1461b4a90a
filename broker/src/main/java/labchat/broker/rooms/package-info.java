/** Rooms: who is in them, what that lets them do, and the requests that change it. */
package labchat.broker.rooms;
