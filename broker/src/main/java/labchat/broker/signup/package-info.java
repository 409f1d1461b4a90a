/** Who may make an account without the staff, and how. */
package labchat.broker.signup;
