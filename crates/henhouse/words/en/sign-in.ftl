# The way in: signing in, choosing a password, the first admin.
sign-in-title = Sign in
sign-in-passkey = Sign in with a passkey
sign-in-passkey-not = No passkey answered. Try again, or sign in with your password.
sign-in-passkey-unable = This browser cannot use passkeys. Your password works.
sign-in-passkey-script = Signing in with a passkey needs a script in this page, and this browser runs none. Your password works without.
sign-in-login = Login
sign-in-password = Password
sign-in-own-password = Your own password
sign-in-not-needed = You need not sign in to report something.
sign-in-choose = Choose your password
sign-in-once = This link works once, and nobody else can choose the password for you.
sign-in-as = You sign in as
sign-in-password-hint = At least 12 characters. Four words make it.
sign-in-this = This is my password
sign-in-set-up = Set up
sign-in-first = Set up: the first admin
sign-in-first-once = This link works once. Whoever uses it manages this installation.
sign-in-name = Your name
sign-in-login-name = The name to sign in with
sign-in-kept = What you typed is still here, except the password.
sign-in-first-do = Make me the first admin

# The second page: a code, or who and why at the break-glass account.
sign-in-code-title = One more step
sign-in-code = Code
sign-in-code-hint = The six digits that your app shows now, or one of your recovery codes.
sign-in-again = Begin again
sign-in-glass-told = This opens everything for an hour. It stands in the record, and everybody on the team is told who you are and why.
sign-in-glass-who = Who are the two of you?
sign-in-glass-why = Why do you need it?
