"""What the visit's pages say without a signal, by the name that their scripts use; {words in braces} are filled in there."""

from __future__ import annotations

from inmind.foundation.values import N_

WORDS: dict[str, str] = {
    "day_title": N_("Families you serve"),
    "day_made": N_("Taken along {at}; kept until {until}"),
    "day_none": N_("No family was taken along. Families come with your care teams."),
    "day_gone": N_("The families are no longer on this device"),
    "day_gone_more": N_(
        "Their time here is over, so they were wiped. What you wrote and could not send is still here, "
        "sealed, until it is sent."
    ),
    "search": N_("Find a family"),
    "search_none": N_("Nobody here has that name."),
    "due_count": N_("due: {count}"),
    "late": N_("late"),
    "open": N_("Open"),
    "open_whom": N_("Open {name}"),
    "a_family": N_("a family"),
    "born": N_("Born {date}"),
    "fetch_again": N_("Fetch the families anew"),
    "fetched": N_("These are the families as they stand now."),
    "close_day": N_("Close the day"),
    "lock_now": N_("Lock"),
    "strengths": N_("What we hold in mind"),
    "strengths_none": N_("Nothing is written here yet. What is the caregiver proud of? What does the baby show?"),
    "saved": N_("Kept on this device."),
    "saving": N_("Keeping…"),
    "not_kept": N_(
        "This device could not keep what you entered. Write it on paper, and look whether the device is full."
    ),
    "not_here": N_("That page is not on this device anymore."),
    "due": N_("Due at this visit"),
    "due_none": N_("Nothing is due."),
    "due_by": N_("by {date}"),
    "due_not_here": N_("This form cannot be filled in without a signal."),
    "begin": N_("Begin"),
    "go_on_form": N_("Go on"),
    "go_on": N_("Go on"),
    "who_answers": N_("Who answers?"),
    "begin_truth": N_(
        "Say before the first question: who will read this, what a yes leads to, and what must be reported by law."
    ),
    "begin_skip": N_(
        "Any question can be skipped. Some answers bring help at once, also when the form is not finished."
    ),
    "answered": N_("Answered"),
    "progress": N_("{done} of {of}"),
    "keys": N_("Keys: the number on a choice, or Backspace for left blank. The cursor then moves to the next row."),
    "left_blank": N_("left blank"),
    "form_finish": N_("Finish"),
    "form_finished": N_("Finished. The result is worked out when it arrives."),
    "form_finished_more": N_("You can still change an answer; it is sent as a change."),
    "check_in": N_("Check in"),
    "check_in_more": N_("In our own words, without a score."),
    "check_in_with": N_("Check in with {name}"),
    "check_in_lead": N_("How does it really go? Choose the door that fits today."),
    "check_in_words": N_("In their words"),
    "check_in_words_help": N_(
        "What they are proud of, or would like to talk about. Leave out papers, countries and numbers of the state."
    ),
    "check_in_topic": N_("If they would like to talk: about what?"),
    "topic_sleep": N_("Sleep"),
    "topic_feeding": N_("Feeding and eating"),
    "topic_crying": N_("Crying that is hard to calm"),
    "topic_growing": N_("How my child grows and learns"),
    "topic_mood": N_("How I feel myself"),
    "topic_living": N_("Money, food or a place to live"),
    "topic_safety": N_("Being safe"),
    "topic_else": N_("Something else"),
    "door_well": N_("We are well, and here is what we are proud of"),
    "door_talk": N_("I would like to talk, about this"),
    "door_help": N_("I need help now"),
    "visits": N_("Visits"),
    "visit_new": N_("Write down a visit"),
    "visit_of": N_("Visit of {date}"),
    "visit_here": N_("written on this device"),
    "visit_on": N_("Day of the visit"),
    "any_time": N_("Other forms, at any time"),
    "visit_strength": N_("What the caregiver is proud of"),
    "visit_showed": N_("What the baby showed"),
    "visit_place": N_("Where"),
    "place_home": N_("at home"),
    "place_office": N_("at the agency"),
    "place_child_care": N_("at child care"),
    "place_online": N_("by video or phone"),
    "place_elsewhere": N_("somewhere else"),
    "kind_strength": N_("Something good"),
    "visit_minutes": N_("Minutes"),
    "visit_there": N_("Who was there"),
    "visit_keep": N_("Keep this visit"),
    "note": N_("Note"),
    "note_help": N_("What you would want to remember. Never a status, a country of birth or a social security number."),
    "optional": N_("(optional)"),
    "help_open": N_("Help lines, also without a signal"),
    "help_title": N_("This answer comes first."),
    "help_lead": N_(
        "One answer is about hurting oneself. Someone can talk with the person beside you, or with you, right"
        " now, day or night:"
    ),
    "help_asked_title": N_("Help now"),
    "help_asked_lead": N_("Someone can talk with you right now, day or night:"),
    "help_who": N_("Who knows about this"),
    "help_not_told": N_(
        "Nobody has been told yet: this phone has not reached anyone. Call or text one of the numbers on this"
        " page now. They need no more than a phone call or a text."
    ),
    "help_untold": N_("An answer on this phone needs a person, and nobody has been told yet."),
    "help_again": N_("Show the help lines"),
    "help_told": N_("It has arrived: whoever is on call at {agency} has been told."),
    "help_arrived": N_("It has arrived. {said}"),
    "help_from": N_("From {agency}"),
    "call": N_("Call {number}"),
    "text": N_("Text {number}"),
    "waits_title": N_("What waits to be sent"),
    "waits_count": N_("Waiting to be sent: {count}"),
    "waits_none": N_("Everything you wrote has been sent."),
    "waits_nothing_yet": N_("You have written nothing on this device yet."),
    "waits_open": N_("See each of them"),
    "asks_count": N_("Worth a look: {count}"),
    "send_now": N_("Send now"),
    "send_sent": N_("Everything has been sent."),
    "send_busy": N_("Another tab is sending just now."),
    "send_no_signal": N_("There is no signal. It stays here and will be sent later."),
    "send_signed_out": N_("Your sign-in has ended. Everything stays here; sign in, and it will be sent."),
    "send_failed": N_("The house could not take it just now. It stays here and will be sent later."),
    "slot_waits": N_("waits"),
    "slot_sent": N_("sent"),
    "slot_both": N_("both kept"),
    "slot_refused": N_("to be sorted"),
    "slot_look": N_("Look at it"),
    "kind_visit": N_("Visit"),
    "kind_note": N_("Note"),
    "kind_check_in": N_("Check-in"),
    "kind_screen_begin": N_("Form begun"),
    "kind_screen_answers": N_("Answers"),
    "kind_screen_finish": N_("Form finished"),
    "close_waits": N_("Before the day can be closed, what you wrote has to be sent. Waiting: {count}."),
    "close_ready": N_(
        "Everything has been sent. Closing the day destroys the key and wipes the families from this device."
    ),
    "close_wipe": N_("Close the day and wipe"),
    "closed": N_("The day is closed. Nothing of a family is on this device."),
    "sign_out": N_("Sign out"),
    "sign_out_more": N_("Signing out wipes this device too, also what was not sent yet."),
    "setup_title": N_("Take your visits along"),
    "setup_lead": N_(
        "For a visit without a signal: your families, what is due, and the forms, on this device for a day."
    ),
    "setup_how": N_("How it is kept"),
    "setup_sealed": N_("Everything is encrypted on this device and opens with your PIN or passkey alone."),
    "setup_hours": N_("It is wiped when you close the day, when you sign out, and after its hours have passed."),
    "setup_lost": N_(
        "If you lose this device, say so at once: it is cut off, and wipes itself the next time it has a signal."
    ),
    "setup_truth": N_(
        "A device that never has a signal again cannot be told. Then only your PIN stands between a thief and"
        " the families."
    ),
    "setup_lock": N_("Your lock"),
    "setup_name": N_("A name for this device"),
    "setup_name_help": N_("So that you know it again in your account."),
    "setup_name_first": N_("My phone"),
    "pin": N_("PIN"),
    "pin_new": N_("Choose a PIN for these visits"),
    "pin_help": N_(
        "At least {count} characters, and not the PIN of the phone. Digits alone are weak: a program on a "
        "copied phone tries a million of them in days. A few words are strong."
    ),
    "pin_again": N_("The same once more"),
    "pin_short": N_("Please take at least {count} characters."),
    "pin_differs": N_("The two are not the same."),
    "setup_go": N_("Take the families along"),
    "setup_passkey": N_("Use this device’s passkey instead"),
    "passkey_cannot": N_("This device or browser derives no key from a passkey. Please choose a PIN."),
    "prepare_ask": N_("Asking for your families…"),
    "prepare_seal": N_("Sealing them on this device…"),
    "signed_out": N_("Your sign-in has ended."),
    "sign_in": N_("Sign in"),
    "unlock_title": N_("Locked"),
    "unlock": N_("Unlock"),
    "unlock_passkey": N_("Unlock with your passkey"),
    "unlocking": N_("Opening…"),
    "pin_wrong": N_("That is another PIN. Tries left: {left} of {of}; then everything kept here is destroyed."),
    "pin_wait": N_("Please wait {seconds} seconds before the next try."),
    "passkey_no": N_("Your device gave no passkey. Please try again."),
    "forget": N_("I do not know it anymore"),
    "forget_sure": N_(
        "Nobody can open this without it, we neither. You can wipe this device and take your visits along "
        "anew; what was not sent is then lost."
    ),
    "forget_yes": N_("Wipe what is kept here"),
    "forgot": N_("What was kept here is destroyed."),
    "too_many": N_("There were too many wrong tries: what was kept here is destroyed."),
    "cut_off": N_("This device was cut off, so what was kept here is destroyed."),
    "expired": N_("The hours of what was kept here are over, so it is destroyed."),
    "expired_waits": N_(
        "The hours of the families kept here are over, so they are wiped. What you wrote still waits, sealed."
    ),
    "locked_idle": N_("Locked, because nobody used it for a while."),
    "locked_hidden": N_("Locked, because it was out of sight."),
    "chip_sending": N_("Sending…"),
    "chip_waits": N_("Waiting: {count}"),
    "chip_signed_out": N_("Sign in to send: {count}"),
    "chip_none": N_("All sent"),
}
