/** Practice without anybody: a partner that answers and keeps a checklist for each team, and a chat without a network. */
package labchat.client.practice;
