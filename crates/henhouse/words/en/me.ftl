# One's own profile: name, how one is reached, how one signs in, where, and with which tokens.
me-title = Your profile
me-name = Your name
me-name-do = Keep this name
me-login = You sign in as
me-done-name = The name is kept.
me-done-message = The message is on its way. If it does not come within a minute, tell whoever looks after the contact sheet.
me-done-no-message = No message could leave: nothing is set up here to send it by, or no sheet has an address of yours.
me-contact = How you are called
me-contact-none = You are on no contact sheet, so nobody calls you. Ask whoever looks after your project.
me-contact-no-mail = No mail address
me-contact-routes = Pages go by: { $routes }
me-contact-change = As the contact sheets have it. Whoever looks after a project changes it there.
me-message = Send me a message

me-sign-in = How you sign in
me-present = Your present password
me-done-password = The password is changed. Every other session of yours has ended, and every token.
me-done-app-off = No code is asked for any more. Every other session of yours has ended.
me-done-passkey = The passkey is kept: it signs you in without the password. Every other session of yours has ended.
me-done-passkey-off = The passkey signs nobody in any more. Every other session of yours has ended.
me-passkeys = Passkeys
me-passkeys-told = A passkey lies on your telephone, in your computer or on a security key, and signs you in when you show the device that it is you: no password and no code. Your password goes on working. If you lose a passkey, sign in in another way and end it here.
me-passkey-since = Since { $since }.
me-passkey-used = Last used { $used }.
me-passkey-unused = Not used yet.
me-passkey-off-present = Your present password, to end one
me-passkey-name = Name of the new passkey
me-passkey-name-hint = Such as the device that holds it.
me-passkey-do = Make a passkey
me-passkey-not = No passkey came of it. Try again, or use another device.
me-passkey-twice = This device has a passkey of yours already.
me-passkey-script = Making a passkey needs a script in this page, and this browser runs none. Everything else here works without.
me-passkey-address = No browser makes a passkey for this server yet: its address has to be a name with https. Whoever runs it sets that as base_url.
me-app = A code after the password
me-app-none = An app on your telephone shows a new code each half minute. With it, a stolen password opens nothing.
me-app-on = Put on an app for codes
me-app-since = A code of your app is asked for since { $since }.
me-app-off = Take the app off
me-app-off-hint = Without the app the password is enough again. Both end your other sessions.
me-app-read = Read this picture with the app.
me-app-picture = The secret that stands below, as a picture for the app
me-app-type = Or type this into it, for the account
me-app-first = Then type the code that it shows.
me-app-confirm = Ask for codes from now on
me-codes = Your recovery codes
me-codes-told = Each of these signs you in once, after the password, when the app is lost. Print them or write them down now: they are not shown again. Codes that you had before work no more.
me-codes-kept = I have them
me-codes-left = { $n ->
    [0] No recovery code is left.
    [one] { $n } recovery code is left.
   *[other] { $n } recovery codes are left.
}
me-codes-do = Make new recovery codes
me-password = Another password
me-password-hint = Every other session of yours ends, and every token: whoever knew the password may have made them.
me-new = Your new password
me-password-do = Change the password

me-sessions = Where you are signed in
me-session-this = this one
me-session-from = From { $address }
me-session-by-password = By password
me-session-by-app = By password and a code
me-session-by-recovery = By password and a recovery code
me-session-by-passkey = By passkey
me-session-by-halves = By both halves of the break-glass account
me-session-seen = Last used { $seen }, since { $began }
me-session-end-this = End this one: sign out here
me-session-end = End
me-session-others = End all others

me-tokens = Tokens
me-tokens-told = A token lets a program act in your name. End it as soon as you do not need it.
me-tokens-none = You have none.
me-token-made = This is your token. It is not shown again.
me-token-since = Since { $since }.
me-token-until = Until { $until }.
me-token-new = Make a token
me-token-name = What is it for?
me-token-may = What may it do?
me-token-do = Make it
me-may-read = Reads what you may read
me-may-write = Does what you may do
me-may-admin = Manages the installation
