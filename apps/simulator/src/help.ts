export const HELP = `Plays the telephony provider: places a call with a running Greenroom, and says whether it went well.

  npm run call -- [options]
  node dist/apps/simulator/main.js call [options]

The call
  --provider NAME             whose dialect is spoken: exotel, twilio, plivo, telnyx or vonage (exotel)
  --texml                     Telnyx: TeXML, in place of Call Control
  --account NAME              account in Greenroom's URLs (default)
  --call-id ID                the provider's id of the call (a fresh one)
  --from NUMBER               who calls, as the provider would write it
  --name NAME                 the caller's name, where the provider is to know it

Webhook and stream
  --webhook-delay MS          0: webhook answered, then stream; more: stream, and webhook so much later (0)
  --no-webhook                it never comes
  --method get|post           how the webhook comes whose answer names the stream: twilio, plivo, vonage, --texml (post)
  --twice                     two copies of it at once
  --copies N                  so many copies of every webhook at once
  --order A,B,C               order of answered, stream and started: two webhooks and the stream between them, each behind
                              the answer to the one before; plivo, telnyx, vonage (that one, and nothing waits)
  --no-stream                 Telnyx: it cannot be connected, which is told; well if that hangs the call up, once
  --drop-cache                the session is taken out of Redis between webhook and stream
  --after-bot                 Exotel and Twilio also tell when stream and call are over, as the others always do; Exotel
                              asks what is next
  --path account|call         stream URL with the account, or with the call's id (account)
  --dynamic-url               Exotel asks for the stream's URL first
  --param NAME=VALUE          custom parameter in Exotel's stream URL; up to three times
  --sample-rate HZ            Exotel: 8000, 16000 or 24000 (8000)
  --media-format WORD         Exotel: raw, audio/x-raw or base64 as encoding; the audio is the same (raw)
  --string-numbers            Exotel, Plivo: sequence numbers as strings; Twilio's and Telnyx's always are
  --bare                      whatever the provider may leave out of its messages is left out
  --reorder N                 Telnyx: in each window of so many media messages the first comes last

Greenroom's commands, for which the simulator listens where the stack file says, while it places calls
  --api-port PORT             listens there instead
  --api-status STATUS         answers commands so, and does nothing
  --api-delay MS              takes so long to answer; what it is told is done before
  --api-times N               does so with the first N commands of a call (all)

The caller
  --say FILE.wav              said at the beginning: 16-bit PCM of any rate (2 s of tones that no other call has;
                              with --answer nothing)
  --say-text TEXT             likewise, spoken by a synthesizer
  --say-after MS              silence before it (0; 3 s before a webhook that is later than that)
  --digits KEYS               pressed when all is said
  --hold MS                   least time on the line (0)
  --limit MS                  most time on the line (enough for wait and echo, or for 30 s an answer)

A conversation: instead of its echo, the caller wants prompts, and answers one after the other
  --answer STEP               what the caller does about the next prompt; once for each of them, in order. Then it
                              listens until it is hung up on. STEP is one of
                                say:TEXT               speaks when the prompt is over
                                wav:FILE               likewise, what is in the file
                                press:KEYS             presses keys when the prompt is over
                                hang-up                hangs up when the prompt is over
                                after:MS:STEP          one of these four so long after the prompt's end (300, but
                                                       never before the prompt gap has passed)
                                silence                says nothing until the next prompt comes
                                interrupt:MS:TEXT      begins to speak so long after the prompt's beginning
                                interrupt-press:MS:KEYS  likewise, with keys
                                cough:MS               a noise of that length, 300 ms after the prompt's beginning;
                                                       the next step is for the same prompt
  --prompt-gap MS             a prompt is over when nothing was left to play for so long (500)

What the provider does to it
  --lose-marks first|all      these marks (Plivo: checkpoints; Vonage: notifications) are not returned
  --line-echo DB:MS           what the caller hears is on its line again, so much softer and later, such as 20:250

What is kept
  --record OUT.wav            what was heard, without the pauses between
  --record-both OUT.wav       both sides on one time axis: the caller left, the assistant right
  --sheet OUT.html            the call sheet: one page with the sound, the words and all that happened

Many calls
  --count N                   so many
  --concurrency N             so many at once (all)
  --spread MS                 they begin over so long (0)
  --webhook-delay-max MS      each webhook comes a random time after its stream, at most this

Which Greenroom
  --stack FILE                written by npm start (.data/stack.json)
  --webhook-url URL           http(s)://…, before what the file says
  --media-url URL             ws(s)://…, likewise
  --username, --password      Basic credentials of the account
  --auth-token                Twilio's, Plivo's secret of the account
  --signing-key               Telnyx's private key: PEM, or 32 bytes in base64
  --signature-secret          Vonage's secret of the account
  --stream-token-secret       for streams before their webhook: key of the tokens in streams' URLs
  --api-key                   to read how Greenroom has recorded the call

Output
  --json                      one JSON object on stdout and nothing else
  --help                      this

Exit status: 0 the call went as its options say it should; 1 it did not; 2 the options were not understood.

Examples
  npm run call
  npm run call -- --webhook-delay 3000
  npm run call -- --no-webhook
  npm run call -- --provider twilio --say hello.wav --record heard.wav
  npm run call -- --provider telnyx --copies 3 --reorder 4 --order stream,started,answered
  npm run call -- --answer say:yes --answer press:42 --sheet call.html
  npm run call -- --answer "interrupt:1500:I would like to talk to somebody" --answer silence --answer hang-up
  npm run call -- --count 200 --spread 5000 --webhook-delay-max 4000 --json
`;
