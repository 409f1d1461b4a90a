// What the page says, in English and in Norwegian bokmål. {0}, {1} are filled in.

const EN = {
  appName: "Labchat", signInTitle: "Sign in to the chat", user: "User name", password: "Password",
  stay: "Stay signed in on this device", stayHint: "Keeps the password in this browser. Not on a shared machine.",
  signIn: "Sign in", signingIn: "Signing in…", noAccount: "No account yet? Make one", haveAccount: "Have an account? Sign in",
  signUpTitle: "Make an account", signUp: "Make the account", signingUp: "Making the account…", code: "The class's code",
  idHint: "1 to 32 letters (a to z), digits, _ or -", passwordAgain: "Password again",
  passwordsDiffer: "The two passwords are not the same.", idWrong: "A user name has 1 to 32 letters (a to z), digits, _ or -.",
  missing: "Fill in user name and password.", missingPassword: "Choose a password.",
  wrongPassword: "User name or password is wrong. Mind capital letters.",
  refused: "The broker does not let you in: {0}",
  away: "The broker does not answer. Is it running, and are you on its network? Trying again by itself.",
  chatAway: "The page answers, but the chat at {0} does not. Perhaps a firewall is in between. Trying again by itself.",
  certificate: "The chat's certificate is not accepted yet. Open https://{0}/ in a new tab, accept the certificate, and come back.",
  noWebsocket: "This broker serves no MQTT over WebSocket that a page from here may use. Staff switch it on with websocket_port, or wss_port for a page over HTTPS.",
  noConfig: "The broker's settings could not be read. Load the page again.",
  ended: "You were signed out: {0}",
  noConnection: "No connection", connecting: "Connecting…", online: "Connected", waiting: "No connection. Trying again by itself.",
  onlineCount: "{0} of {1} online", find: "Find people and rooms", rooms: "Rooms", people: "People", conversations: "Conversations",
  otherRooms: "Rooms you can join", newRoom: "New room", toAll: "Write to all", search: "Search", settings: "Settings",
  signOut: "Sign out", help: "Keys", back: "Back to the list", close: "Close", cancel: "Cancel",
  isOnline: "online", lastSeen: "last seen {0}", neverSeen: "has not been here yet", members: "{0} members, {1} online",
  unread: "{0} unread", typingOne: "{0} is typing…", typingMany: "{0} are typing…", you: "You",
  write: "Write to {0}", send: "Send", tooLong: "{0} characters too many",
  pickTitle: "Pick somebody to write to", pickText: "People and rooms are in the list. Messages wait for those who are away.",
  emptyTitle: "Nothing said yet", emptyText: "Say hello to {0}.", loading: "Loading…", older: "Show older messages",
  today: "Today", yesterday: "Yesterday", newLine: "New",
  stWaiting: "waiting", stSent: "sent", stDelivered: "delivered", stRead: "read", stRefused: "not delivered",
  readByOf: "read by {0} of {1}", deliveredToOf: "delivered to {0} of {1}", again: "Send again",
  joined: "{0} joined", left: "{0} left", created: "{0} made the room", invited: "{0} was invited", removed: "{0} was removed",
  explained: "The broker explains", topic: "Topic", sentWas: "Sent",
  join: "Join {0}", leave: "Leave the room", leaveSure: "Leave {0}? You will hear nothing of it from then on.", joinFirst: "Join to read and write here.",
  roomName: "The room's name", roomPrivate: "Private: only those who are invited", create: "Make the room",
  roomMembers: "Members", invite: "Invite", inviteWho: "Who to invite", about: "About the room",
  allText: "The same text to each of {0} people, in a message of their own.", allSend: "Send to {0} people", allDone: "Sent to {0} people.",
  message: "Message", searchIn: "Search in {0}", searchAll: "Search everywhere", searchWhat: "Words to find", noHits: "Nothing found.",
  hits: "{0} found", notify: "Notify me of new messages", notifyNo: "This browser does not let the page notify. It may need HTTPS.",
  notifyDenied: "Notifications are blocked for this page in the browser's settings.", readReceipts: "Tell others when I have read", typingHints: "Tell others when I type",
  newMessage: "New message from {0}", newIn: "{0} in {1}", noMatch: "Nobody of that name.",
  connectedAgain: "Connected again.", newBelow: "New messages below", signedInAs: "Signed in as {0}", version: "Labchat {0}",
  keysList: "Ctrl+K|find people and rooms\nAlt+↑ Alt+↓|the conversation above, below\nAlt+U|the next with something unread\nEnter|send\nShift+Enter|a new line\nCtrl+Shift+F|search in messages\nEsc|back to the list",
};

const NB = {
  appName: "Labchat", signInTitle: "Logg inn i chatten", user: "Brukernavn", password: "Passord",
  stay: "Forbli innlogget på denne enheten", stayHint: "Lagrer passordet i denne nettleseren. Ikke på en delt maskin.",
  signIn: "Logg inn", signingIn: "Logger inn…", noAccount: "Ingen konto ennå? Lag en", haveAccount: "Har du konto? Logg inn",
  signUpTitle: "Lag en konto", signUp: "Lag kontoen", signingUp: "Lager kontoen…", code: "Klassens kode",
  idHint: "1 til 32 bokstaver (a til z), sifre, _ eller -", passwordAgain: "Passordet en gang til",
  passwordsDiffer: "De to passordene er ikke like.", idWrong: "Et brukernavn har 1 til 32 bokstaver (a til z), sifre, _ eller -.",
  missing: "Fyll inn brukernavn og passord.", missingPassword: "Velg et passord.",
  wrongPassword: "Brukernavnet eller passordet er feil. Pass på store bokstaver.",
  refused: "Serveren slipper deg ikke inn: {0}",
  away: "Serveren svarer ikke. Kjører den, og er du på nettet dens? Prøver igjen av seg selv.",
  chatAway: "Siden svarer, men chatten på {0} gjør ikke det. Kanskje det er en brannmur imellom. Prøver igjen av seg selv.",
  certificate: "Chattens sertifikat er ikke godtatt ennå. Åpne https://{0}/ i en ny fane, godta sertifikatet og kom tilbake.",
  noWebsocket: "Denne serveren har ingen MQTT over WebSocket som en side herfra kan bruke. Staben slår den på med websocket_port, eller wss_port for en side over HTTPS.",
  noConfig: "Serverens innstillinger kunne ikke leses. Last siden på nytt.",
  ended: "Du ble logget ut: {0}",
  noConnection: "Ingen forbindelse", connecting: "Kobler til…", online: "Tilkoblet", waiting: "Ingen forbindelse. Prøver igjen av seg selv.",
  onlineCount: "{0} av {1} pålogget", find: "Finn folk og rom", rooms: "Rom", people: "Folk", conversations: "Samtaler",
  otherRooms: "Rom du kan bli med i", newRoom: "Nytt rom", toAll: "Skriv til alle", search: "Søk", settings: "Innstillinger",
  signOut: "Logg ut", help: "Taster", back: "Tilbake til listen", close: "Lukk", cancel: "Avbryt",
  isOnline: "pålogget", lastSeen: "sist sett {0}", neverSeen: "har ikke vært her ennå", members: "{0} medlemmer, {1} pålogget",
  unread: "{0} uleste", typingOne: "{0} skriver…", typingMany: "{0} skriver…", you: "Du",
  write: "Skriv til {0}", send: "Send", tooLong: "{0} tegn for mye",
  pickTitle: "Velg noen å skrive til", pickText: "Folk og rom står i listen. Meldinger venter på dem som er borte.",
  emptyTitle: "Ingenting sagt ennå", emptyText: "Si hei til {0}.", loading: "Laster…", older: "Vis eldre meldinger",
  today: "I dag", yesterday: "I går", newLine: "Nytt",
  stWaiting: "venter", stSent: "sendt", stDelivered: "levert", stRead: "lest", stRefused: "ikke levert",
  readByOf: "lest av {0} av {1}", deliveredToOf: "levert til {0} av {1}", again: "Send igjen",
  joined: "{0} ble med", left: "{0} gikk ut", created: "{0} laget rommet", invited: "{0} ble invitert", removed: "{0} ble fjernet",
  explained: "Serveren forklarer", topic: "Emne", sentWas: "Sendt",
  join: "Bli med i {0}", leave: "Gå ut av rommet", leaveSure: "Gå ut av {0}? Du hører ingenting derfra etterpå.", joinFirst: "Bli med for å lese og skrive her.",
  roomName: "Rommets navn", roomPrivate: "Privat: bare for dem som er invitert", create: "Lag rommet",
  roomMembers: "Medlemmer", invite: "Inviter", inviteWho: "Hvem skal inviteres", about: "Om rommet",
  allText: "Den samme teksten til hver av {0} personer, i en egen melding.", allSend: "Send til {0} personer", allDone: "Sendt til {0} personer.",
  message: "Melding", searchIn: "Søk i {0}", searchAll: "Søk overalt", searchWhat: "Ord å finne", noHits: "Ingenting funnet.",
  hits: "{0} funnet", notify: "Varsle meg om nye meldinger", notifyNo: "Denne nettleseren lar ikke siden varsle. Kanskje den krever HTTPS.",
  notifyDenied: "Varsler er blokkert for denne siden i nettleserens innstillinger.", readReceipts: "Si fra til andre når jeg har lest", typingHints: "Si fra til andre når jeg skriver",
  newMessage: "Ny melding fra {0}", newIn: "{0} i {1}", noMatch: "Ingen med det navnet.",
  connectedAgain: "Tilkoblet igjen.", newBelow: "Nye meldinger nedenfor", signedInAs: "Innlogget som {0}", version: "Labchat {0}",
  keysList: "Ctrl+K|finn folk og rom\nAlt+↑ Alt+↓|samtalen over, under\nAlt+U|den neste med noe ulest\nEnter|send\nShift+Enter|ny linje\nCtrl+Shift+F|søk i meldinger\nEsc|tilbake til listen",
};

const wanted = navigator.languages?.[0] ?? navigator.language ?? "en";
const norwegian = /^(nb|nn|no)\b/i.test(wanted);
const texts = norwegian ? NB : EN;

export const language = norwegian ? "nb" : "en";
/** For dates: the browser's own variant of the page's language. */
export const locale = norwegian || wanted.startsWith("en") ? wanted : "en";

export function t(key, ...values) {
  const text = texts[key];
  if (text === undefined) throw new Error(`no text "${key}"`);
  return text.replace(/\{(\d)\}/g, (_, number) => values[number]);
}

/** Both languages, for a test that compares them. */
export const all = { en: EN, nb: NB };
