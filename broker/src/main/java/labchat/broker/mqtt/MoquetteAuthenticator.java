package labchat.broker.mqtt;

import io.moquette.broker.security.IAuthenticator;

/** Lets in whom the guard has let in, and nobody else; passwords were checked before, off the event loops. */
final class MoquetteAuthenticator implements IAuthenticator {

    @Override
    public boolean checkValid(String clientId, String username, byte[] password) {
        return AdmittedLogin.is(username);
    }
}
